package live

import (
	"context"
	"fmt"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// learn makes a detector that knows what is stored: the clusters, then what
// people said of them, then the complaints of Memory and where each one is.
func (d *Detection) learn(ctx context.Context, stored prevention.Progress) error {
	d.ledger = NewLedger(d.d.Sources)
	o := d.d.Options
	o.Exposures, o.Now = d.ledger, d.d.Now
	o.NextID = func() (prevention.ClusterID, error) {
		return d.d.Store.NextCluster(context.WithoutCancel(ctx))
	}
	d.detector, d.at, d.historic = detect.New(o), stored, map[prevention.ClusterID]bool{}
	if err := d.know(ctx); err != nil {
		return err
	}
	// All of them, also those that the next step repeats: the complaints are where
	// the latest one has put them.
	corrections, err := d.d.Store.Corrections(ctx, 0)
	if err != nil {
		return fmt.Errorf("read corrections: %w", err)
	}
	for _, c := range corrections {
		if c.Kind != prevention.CorrectDismiss && c.Kind != prevention.CorrectRestore { // the stage says which was the last
			d.detector.Correct(c)
		}
	}
	if err := d.replay(ctx, stored.Seq); err != nil {
		return fmt.Errorf("learn the stream again: %w", err)
	}
	return nil
}

// know tells the detector of the stored clusters, oldest alarm first.
func (d *Detection) know(ctx context.Context) error {
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
	for _, c := range slices.Backward(all) {
		d.detector.Know(c)
		d.historic[c.ID] = c.Historic
	}
	return nil
}

// replay restores the cases up to one.
func (d *Detection) replay(ctx context.Context, upTo int64) error {
	var cases []triage.Case
	in := make(map[triage.ComplaintID]prevention.ClusterID, batch)
	flush := func() error {
		err := d.each(ctx, cases, func(e detect.Event, _ *triage.Case) error {
			d.detector.Restore(e, in[e.ID])
			return nil
		})
		cases = cases[:0]
		clear(in)
		return err
	}
	since := d.d.Now().Add(-d.d.Memory)
	err := d.d.Store.Replay(ctx, since, upTo, func(c triage.Case, cluster prevention.ClusterID) error {
		cases = append(cases, c)
		in[c.ID] = cluster
		if len(cases) < batch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}
