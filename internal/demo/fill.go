package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// submitBatch is how many complaints are handed over at once: few enough for a
// progress display to move, enough for the store to write in one go.
const submitBatch = 250

// Target is where the company is written to. Every field but Clock,
// Prevention, Handling, Stream and Progress is required.
type Target struct {
	// Submit takes complaints in the order of their time and says how many were
	// new.
	Submit    func(ctx context.Context, complaints []triage.Complaint) (accepted int, err error)
	Decisions Decider
	Customers CustomerWriter
	History   triage.HistoryStore
	// Prevention finds the incidents and tells customers while the company lives;
	// without it nobody is told.
	Prevention Prevention
	// Handling is what the staff work with; without it they only judge types.
	Handling *Handling
	// Stream says what the complaints say; without it nobody looks at figures.
	Stream *Stream
	// Clock, when set, is told the time before anything is done at it; it never
	// goes back.
	Clock func(at time.Time)
	// Progress, when set, is called after every piece of work with the number
	// of records done so far, up to total.
	Progress func(done, total int)
}

// Decider records what people decide about a case; *triage.Service is one.
type Decider interface {
	Confirm(ctx context.Context, id triage.ComplaintID, typ, subtype, by string) (triage.Case, error)
}

// CustomerWriter is the part of triage.CustomerStore that Fill needs.
type CustomerWriter interface {
	PutCustomers(ctx context.Context, customers []triage.Customer) (added int, err error)
}

// Summary counts what Fill wrote.
type Summary struct {
	Customers, Campaigns, Exposures, Solutions int
	// Complaints were accepted; Repeats of them follow an earlier one of the
	// same customer about the same order.
	Complaints, Repeats int
	// Earlier complaints were imported with their end.
	Earlier int
	// Confirmed counts the judgements of types.
	Confirmed int
	// Affected customers were hit by the latest planted incident, Complained of
	// them said so.
	Affected, Complained int
	// BatchAffected customers were hit by the older one, BatchComplained of them
	// said so; Heeded more kept quiet because they had been told.
	BatchAffected, BatchComplained, Heeded int
}

// Fill writes the company as it stands at now, the time up to which it has
// lived; days and hours are those of now's location. The same seed and now
// give the same records, as long as the corpus in the binary is the same and the
// same customers are told: who complains afterwards depends on that. The store
// should be empty: without Prevention a fill that was cut short may be repeated,
// because records whose ids it knows are treated as the store treats them.
func Fill(ctx context.Context, t Target, now time.Time, seed uint64) (Summary, error) {
	c, err := found(now, seed)
	if err != nil {
		return Summary{}, err
	}
	w := writer{target: t, total: c.size(), sent: map[triage.ComplaintID]bool{}}
	for _, step := range []func(context.Context, *company) error{w.records, w.live} {
		if err := step(ctx, c); err != nil {
			return w.sum, fmt.Errorf("demo: %w", err)
		}
	}
	w.sum.Repeats, w.sum.Affected, w.sum.Complained, w.sum.BatchAffected = c.repeats, c.affected, c.complained, c.batchAffected
	return w.sum, nil
}

// writer hands a company to its target and keeps count.
type writer struct {
	target      Target
	done, total int
	sum         Summary
	// sent are the complaints so far, told the customers who know of the batch.
	sent map[triage.ComplaintID]bool
	told map[triage.CustomerID]bool
	// acts are those still to be done, in order of time.
	acts []act
}

func (w *writer) clock(at time.Time) {
	if w.target.Clock != nil {
		w.target.Clock(at)
	}
}

func (w *writer) advance(n int) {
	w.done += n
	if w.target.Progress != nil {
		w.target.Progress(w.done, w.total)
	}
}

func (w *writer) records(ctx context.Context, c *company) (err error) {
	if w.sum.Customers, err = w.target.Customers.PutCustomers(ctx, c.customers); err != nil {
		return fmt.Errorf("customers: %w", err)
	}
	w.advance(len(c.customers))
	if w.sum.Campaigns, err = w.target.History.PutCampaigns(ctx, c.campaigns); err != nil {
		return fmt.Errorf("campaigns: %w", err)
	}
	w.advance(len(c.campaigns))
	if w.sum.Solutions, err = w.target.History.PutSolutions(ctx, c.solutions); err != nil {
		return fmt.Errorf("solutions: %w", err)
	}
	w.advance(len(c.solutions))
	return w.earlier(ctx, c)
}
