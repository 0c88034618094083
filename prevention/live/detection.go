package live

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// DetectionDeps is what a Detection is made of; all are needed.
type DetectionDeps struct {
	Feed  prevention.ArrivalFeed
	Store prevention.DetectionStore
	// Clusters lists what was found before.
	Clusters ClusterLister
	// Sources are those of the ledger. The customer file also tells the region of
	// complaints that do not say it.
	Sources LedgerSources
	// Options are those of the detector, but for Exposures, NextID and Now.
	Options detect.Options
	// Memory is how far back a detector has to know the stream.
	Memory time.Duration
	Now    func() time.Time
}

// ClusterLister lists clusters, latest alarm first.
type ClusterLister interface {
	Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error)
}

// Detection brings the clusters up to date with the cases. One Run at a time;
// the job runner sees to that, over all processes.
type Detection struct {
	d        DetectionDeps
	detector *detect.Detector // nil before it has learned
	ledger   *Ledger
	at       prevention.Progress // what the detector knows
	historic map[prevention.ClusterID]bool
}

// NewDetection makes a Detection. It reads nothing before its first Run.
func NewDetection(d DetectionDeps) *Detection { return &Detection{d: d} }

// batch is how many cases are observed before what was found is stored.
const batch = 500

// Run observes all cases that are new since the last one of any process, and
// the corrections of people, and stores what it found. It may be interrupted
// anywhere: nothing is lost and nothing raised twice. The first Run of a
// process, one after an error, and one after another process had its turn learn
// the stream of Memory again. It returns how many cases were new and how many
// clusters were raised.
func (d *Detection) Run(ctx context.Context) (cases, raised int, err error) {
	stored, err := d.d.Store.Progress(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read how far detection is: %w", err)
	}
	if d.detector == nil || d.at != stored {
		if err := d.learn(ctx, stored); err != nil {
			d.detector = nil
			return 0, 0, err
		}
	}
	for {
		n, r, err := d.step(ctx)
		cases, raised = cases+n, raised+r
		if err != nil {
			d.detector = nil // it may know what the store does not
			return cases, raised, err
		}
		if n == 0 {
			return cases, raised, nil
		}
	}
}

// step takes in the corrections and one batch of cases.
func (d *Detection) step(ctx context.Context) (n, raised int, err error) {
	at := d.at
	found := newFindings(d.d.Now(), d.historic)
	corrections, err := d.d.Store.Corrections(ctx, at.Correction)
	if err != nil {
		return 0, 0, fmt.Errorf("read corrections: %w", err)
	}
	for _, c := range corrections {
		for _, change := range d.detector.Correct(c) {
			found.add(change)
		}
		at.Correction = c.Seq
	}
	cases, err := d.d.Feed.Arrived(ctx, at.Seq, batch)
	if err != nil {
		return 0, 0, fmt.Errorf("read new cases: %w", err)
	}
	err = d.each(ctx, cases, func(e detect.Event, c *triage.Case) error {
		at.Seq = c.Seq
		changes, err := d.detector.Observe(e)
		for _, change := range changes {
			found.add(change)
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	if at == d.at {
		return 0, 0, nil
	}
	if err := d.d.Store.Record(ctx, found.all(at)); err != nil {
		return 0, 0, fmt.Errorf("store what was found: %w", err)
	}
	d.at = at
	return len(cases), found.raised, nil
}

// each calls do with the cases as detection sees them, when the ledger knows
// what there is to know at their time.
func (d *Detection) each(ctx context.Context, cases []triage.Case, do func(e detect.Event, c *triage.Case) error) error {
	if len(cases) == 0 {
		return nil
	}
	if err := d.ledger.Refresh(ctx, d.d.Now()); err != nil {
		return err
	}
	if err := d.locate(ctx, cases); err != nil {
		return err
	}
	for i := range cases {
		e := eventOf(&cases[i])
		if err := d.ledger.Follow(ctx, e.At); err != nil {
			return err
		}
		if err := do(e, &cases[i]); err != nil {
			return fmt.Errorf("observe %s: %w", e.ID, err)
		}
	}
	return ctx.Err()
}

// locate adds the region of the customer to cases that do not say one.
func (d *Detection) locate(ctx context.Context, cases []triage.Case) error {
	var ids []triage.CustomerID
	for i := range cases {
		if cases[i].Region == "" && cases[i].CustomerID != "" {
			ids = append(ids, cases[i].CustomerID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	customers, err := d.d.Sources.Customers.CustomersByID(ctx, ids)
	if err != nil {
		return fmt.Errorf("read the regions of customers: %w", err)
	}
	for i := range cases {
		if cases[i].Region == "" {
			cases[i].Region = customers[cases[i].CustomerID].Region
		}
	}
	return nil
}

// eventOf is a case as detection sees it. A time that is missing, or later than
// the receipt, is that of the receipt.
func eventOf(c *triage.Case) detect.Event {
	e := detect.Event{
		ID: c.ID, Customer: c.CustomerID, At: c.At, Title: c.Title, Text: c.Text, Channel: c.Channel,
		Type: c.Assessment.Type, Subtype: c.Assessment.Subtype,
	}
	if e.At.IsZero() || e.At.After(c.ReceivedAt) {
		e.At = c.ReceivedAt
	}
	for _, f := range []detect.Fact{{Field: "region", Value: c.Region}, {Field: "product", Value: c.Product}, {Field: "campaign", Value: c.Campaign}} {
		if f.Value != "" {
			e.Facts = append(e.Facts, f)
		}
	}
	return e
}
