// Package replay runs a detector over recorded complaints as a live service
// would have run it: in order of time, with the exposures known by then.
package replay

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// Input is what was recorded, in any order. Exposures and Customers may be
// empty.
type Input struct {
	Complaints []triage.Complaint
	Exposures  []triage.Exposure
	Customers  []triage.Customer
}

// Options set up a replay. Analyzer and Tokenizer are required.
type Options struct {
	// Analyzer says what complaints are about.
	Analyzer  triage.Analyzer
	Tokenizer cluster.Tokenizer
	// ThemeName turns a type into words for titles.
	ThemeName func(code string) string
	// MaxFalseAlarmsPerWeek is how many alarms by chance are accepted; default 1.
	MaxFalseAlarmsPerWeek float64
	// Thresholds replaces those of the detector.
	Thresholds detect.Thresholds
}

// A replay forgets nothing, so that every complaint has its issue at the end.
const (
	remembered = 5_000_000
	memoryDays = 100 * 365
)

// Replay is one run over an input.
type Replay struct {
	in       Input
	options  Options
	regions  map[triage.CustomerID]string
	ledger   *detect.Ledger
	detector *detect.Detector
	cohorts  *cohorts // nil without exposures
	issues   issues
	fed      int // exposures that the ledger knows
}

// New sorts the input by time and prepares a replay of it.
func New(in Input, o Options) *Replay {
	slices.SortStableFunc(in.Complaints, func(a, b triage.Complaint) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(in.Exposures, func(a, b triage.Exposure) int { return a.At.Compare(b.At) })
	r := &Replay{in: in, options: o, regions: map[triage.CustomerID]string{}, issues: newIssues()}
	for _, c := range in.Customers {
		r.regions[c.ID] = c.Region
	}
	with := detect.Options{
		Tokenizer: o.Tokenizer, MaxFalseAlarmsPerWeek: o.MaxFalseAlarmsPerWeek, MemoryDays: memoryDays, MaxEvents: remembered,
		ThemeName: o.ThemeName, Placed: r.issues.place, Thresholds: o.Thresholds,
	}
	if len(in.Exposures) > 0 {
		r.ledger = detect.NewLedger(len(r.regions))
		with.Exposures = r.ledger
		r.cohorts = newCohorts(in)
	}
	r.detector = detect.New(with)
	return r
}

// Event is one thing that a live service would have said: what happened to a
// cluster, or who is affected by it.
type Event struct {
	At      time.Time
	Cluster prevention.ClusterID
	// One of the two is set.
	Change *detect.Change
	Cohort *prevention.Cohort
}

// Run replays everything and calls say with every event, in order. It stops at
// the first error of say and when ctx is done.
func (r *Replay) Run(ctx context.Context, say func(Event) error) error {
	for i := range r.in.Complaints {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &r.in.Complaints[i]
		r.feed(c.At)
		changes, err := r.detector.Observe(r.event(c))
		if err != nil {
			return err
		}
		for _, change := range changes {
			if err := r.tell(ctx, change, say); err != nil {
				return err
			}
		}
	}
	return r.close(ctx, say)
}

// tell says a change, and the cohort that it brought to light.
func (r *Replay) tell(ctx context.Context, change detect.Change, say func(Event) error) error {
	id := change.Cluster.ID
	var found *prevention.Cohort
	if r.cohorts != nil {
		var err error
		if found, err = r.cohorts.follow(ctx, change); err != nil {
			return err
		}
	}
	if f := r.cohorts.known(id); f != nil { // who they are says better how many
		change.Cluster.Estimate = f.estimate
	}
	if err := say(Event{At: change.At, Cluster: id, Change: &change}); err != nil || found == nil {
		return err
	}
	return say(Event{At: change.At, Cluster: id, Cohort: found})
}

// close tells the cohorts of the clusters that are open when the stream ends.
func (r *Replay) close(ctx context.Context, say func(Event) error) error {
	if r.cohorts == nil || len(r.in.Complaints) == 0 {
		return nil
	}
	at := r.in.Complaints[len(r.in.Complaints)-1].At
	for _, id := range r.cohorts.order {
		f := r.cohorts.of[id]
		if f.over {
			continue
		}
		found, err := r.cohorts.look(ctx, f, at, true)
		if err != nil {
			return err
		}
		if found == nil {
			continue
		}
		if err := say(Event{At: at, Cluster: id, Cohort: found}); err != nil {
			return err
		}
	}
	return nil
}

// feed brings the exposures up to a time into the ledger.
func (r *Replay) feed(at time.Time) {
	if r.ledger == nil {
		return
	}
	for ; r.fed < len(r.in.Exposures) && !r.in.Exposures[r.fed].At.After(at); r.fed++ {
		r.ledger.Add(r.in.Exposures[r.fed])
	}
	r.ledger.Advance(at)
}

// event takes the theme from what is understood of the complaint and the facts
// from its record. Names found in the text are left out: clustering sees them.
func (r *Replay) event(c *triage.Complaint) detect.Event {
	a := r.options.Analyzer.Assess(c)
	region := cmp.Or(c.Region, r.regions[c.CustomerID])
	var facts []detect.Fact
	for _, f := range []detect.Fact{{Field: "region", Value: region}, {Field: "product", Value: c.Product}, {Field: "campaign", Value: c.Campaign}} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return detect.Event{
		ID: c.ID, Customer: c.CustomerID, At: c.At, Title: c.Title, Text: c.Text, Channel: c.Channel,
		Type: a.Type, Subtype: a.Subtype, Facts: facts,
	}
}
