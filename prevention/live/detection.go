package live

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// Detector finds clusters in a stream: a *detect.Detector with the exposures it
// looks at.
type Detector interface {
	Observe(e detect.Event) ([]detect.Change, error)
	// Know tells of a stored cluster, before its complaints are restored.
	Know(c prevention.Cluster)
	// Restore takes in a complaint that was observed before, and the cluster it
	// is in, "" for none; it raises nothing.
	Restore(e detect.Event, in prevention.ClusterID)
	Correct(c prevention.Correction)
	// Refresh is called before complaints are observed: the exposures that came
	// in since should be known.
	Refresh(ctx context.Context) error
}

// DetectionDeps is what a Detection is made of; all are needed.
type DetectionDeps struct {
	Feed  prevention.ArrivalFeed
	Store prevention.DetectionStore
	// Clusters lists what was found before.
	Clusters ClusterLister
	// Customers know the region of complaints that do not say it.
	Customers Regions
	// New makes an empty detector. It calls next for the id of every cluster it
	// raises.
	New func(ctx context.Context, next func() (prevention.ClusterID, error)) (Detector, error)
	// Memory is how far back a detector has to know the stream.
	Memory time.Duration
	Now    func() time.Time
}

// ClusterLister lists clusters, latest alarm first.
type ClusterLister interface {
	Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error)
}

// Regions reads the customer file.
type Regions interface {
	CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error)
}

// Detection brings the clusters up to date with the cases. One Run at a time;
// the job runner sees to that, over all processes.
type Detection struct {
	d        DetectionDeps
	detector Detector
	at       prevention.Progress // what the detector knows
}

// NewDetection makes a Detection. It reads nothing before its first Run.
func NewDetection(d DetectionDeps) *Detection { return &Detection{d: d} }

const (
	// batch is how many cases are observed before what was found is stored.
	batch = 500
	// fresh is how old a complaint may be for people to be alarmed about what it
	// raises; older ones are history that came in late.
	fresh = 48 * time.Hour
)

// Run observes all cases that are new since the last one of any process, and
// the corrections of people, and stores what it found. It may be interrupted
// anywhere: nothing is lost and nothing raised twice. The first Run of a process, and one
// after another process had its turn, learns the stream of Memory again. It
// returns how many cases were new and how many clusters were raised.
func (d *Detection) Run(ctx context.Context) (cases, raised int, err error) {
	stored, err := d.d.Store.Progress(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read how far detection is: %w", err)
	}
	if d.detector == nil || d.at != stored {
		if err := d.learn(ctx, stored); err != nil {
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

// learn makes a detector that knows what is stored.
func (d *Detection) learn(ctx context.Context, stored prevention.Progress) error {
	d.detector = nil
	detector, err := d.d.New(ctx, func() (prevention.ClusterID, error) {
		return d.d.Store.NextCluster(context.WithoutCancel(ctx))
	})
	if err != nil {
		return err
	}
	since := d.d.Now().Add(-d.d.Memory)
	if err := d.know(ctx, detector); err != nil {
		return err
	}
	err = d.d.Store.Replay(ctx, since, stored.Seq, func(c triage.Case, in prevention.ClusterID) error {
		detector.Restore(EventOf(&c), in)
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("learn the stream again: %w", err)
	}
	corrections, err := d.d.Store.Corrections(ctx, 0)
	if err != nil {
		return fmt.Errorf("read corrections: %w", err)
	}
	for _, c := range corrections {
		if c.Seq <= stored.Correction {
			detector.Correct(c)
		}
	}
	d.detector, d.at = detector, stored
	return nil
}

// know tells a detector of the stored clusters, oldest alarm first.
func (d *Detection) know(ctx context.Context, detector Detector) error {
	var all []prevention.Cluster
	f := prevention.ClusterFilter{Limit: batch}
	for {
		page, err := d.d.Clusters.Clusters(ctx, f)
		if err != nil {
			return fmt.Errorf("read clusters: %w", err)
		}
		all = append(all, page.Clusters...)
		if page.Next == "" {
			break
		}
		f.Cursor = page.Next
	}
	for i := range slices.Backward(all) {
		detector.Know(all[i])
	}
	return nil
}

// step takes in the corrections and one batch of cases.
func (d *Detection) step(ctx context.Context) (n, raised int, err error) {
	at := d.at
	corrections, err := d.d.Store.Corrections(ctx, at.Correction)
	if err != nil {
		return 0, 0, fmt.Errorf("read corrections: %w", err)
	}
	for _, c := range corrections {
		d.detector.Correct(c)
		at.Correction = c.Seq
	}
	cases, err := d.d.Feed.Arrived(ctx, at.Seq, batch)
	if err != nil {
		return 0, 0, fmt.Errorf("read new cases: %w", err)
	}
	if err := d.prepare(ctx, cases); err != nil {
		return 0, 0, err
	}
	found := newFindings()
	now := d.d.Now()
	for i := range cases {
		at.Seq = cases[i].Seq
		changes, err := d.detector.Observe(EventOf(&cases[i]))
		if err != nil {
			return 0, 0, fmt.Errorf("observe %s: %w", cases[i].ID, err)
		}
		for _, change := range changes {
			found.add(change, now)
		}
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

// prepare brings in what the detector has to know of the cases.
func (d *Detection) prepare(ctx context.Context, cases []triage.Case) error {
	if len(cases) == 0 {
		return nil
	}
	if err := d.detector.Refresh(ctx); err != nil {
		return err
	}
	var ids []triage.CustomerID
	for i := range cases {
		if cases[i].Region == "" && cases[i].CustomerID != "" {
			ids = append(ids, cases[i].CustomerID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	customers, err := d.d.Customers.CustomersByID(ctx, ids)
	if err != nil {
		return fmt.Errorf("read the regions of customers: %w", err)
	}
	for i := range cases {
		if c, known := customers[cases[i].CustomerID]; known && cases[i].Region == "" {
			cases[i].Region = c.Region
		}
	}
	return nil
}

// EventOf is a case as detection sees it.
func EventOf(c *triage.Case) detect.Event {
	e := detect.Event{
		ID: c.ID, Customer: c.CustomerID, At: c.At, Title: c.Title, Text: c.Text, Channel: c.Channel,
		Type: c.Assessment.Type, Subtype: c.Assessment.Subtype,
	}
	if e.At.IsZero() {
		e.At = c.ReceivedAt
	}
	for _, f := range []detect.Fact{{Field: "region", Value: c.Region}, {Field: "product", Value: c.Product}, {Field: "campaign", Value: c.Campaign}} {
		if f.Value != "" {
			e.Facts = append(e.Facts, f)
		}
	}
	return e
}
