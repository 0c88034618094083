package campaign

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// ReachingDeps is what a Reaching is made of; all are needed.
type ReachingDeps struct {
	Exposures ExposureSource
	Feed      prevention.ExposureFeed
	Store     ReachStore
	Zone      *time.Location
}

// ExposureSource reads exposures.
type ExposureSource interface {
	ExposuresOf(ctx context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error)
	ScanExposures(ctx context.Context, kind, key string, from, to time.Time, each func(e triage.Exposure) error) error
	CountKinds(ctx context.Context, from, to time.Time) ([]prevention.KindCount, error)
}

// Reaching keeps the reach of campaigns up to date with the exposures. One Run
// at a time.
type Reaching struct{ d ReachingDeps }

// NewReaching makes a Reaching.
func NewReaching(d ReachingDeps) *Reaching { return &Reaching{d: d} }

// The times before and after all exposures, as far as databases keep them.
var (
	dawn = time.Time{}
	dusk = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
)

// batches is how many batches of exposures are looked at in one go.
const batches = 1000

// Run counts what came in since the last Run, and returns how many campaigns had
// new exposures. Days before the first new exposure of a campaign stay as they
// are: who was reached first on them does not depend on later ones.
func (r *Reaching) Run(ctx context.Context) (campaigns int, err error) {
	after, err := r.d.Store.ReachProgress(ctx)
	if err != nil {
		return 0, err
	}
	spans, last, err := spansSince(ctx, r.d.Feed, after)
	if err != nil || last == after {
		return 0, err
	}
	since, err := r.touched(ctx, spans)
	if err != nil {
		return 0, err
	}
	known, err := r.d.Store.SeenCampaigns(ctx)
	if err != nil {
		return 0, err
	}
	counts := make([]Recount, 0, len(since))
	for _, id := range slices.Sorted(maps.Keys(since)) {
		seen, ok := known[id]
		if !ok {
			seen = Seen{ID: id}
		}
		c, err := r.recount(ctx, seen, since[id])
		if err != nil {
			return 0, fmt.Errorf("count the reach of campaign %.60q: %w", id, err)
		}
		counts = append(counts, c)
	}
	return len(counts), r.d.Store.RecordReach(ctx, last, counts)
}

// span is a stretch of time, both ends included.
type span struct{ from, to time.Time }

// spansSince returns the stretches of time in which exposures came in after a
// batch, without overlaps, and the last batch.
func spansSince(ctx context.Context, feed prevention.ExposureFeed, after int64) (spans []span, last int64, err error) {
	last = after
	for {
		list, err := feed.ExposureBatches(ctx, last, batches)
		if err != nil {
			return nil, 0, fmt.Errorf("read what exposures came in: %w", err)
		}
		for _, b := range list {
			spans = append(spans, span{b.From, b.To})
			last = b.Seq
		}
		spans = joined(spans)
		if len(list) < batches {
			return spans, last, nil
		}
	}
}

func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	var list []span
	for _, s := range spans {
		if n := len(list); n > 0 && !s.from.After(list[n-1].to) {
			if s.to.After(list[n-1].to) {
				list[n-1].to = s.to
			}
			continue
		}
		list = append(list, s)
	}
	return list
}

// touched returns the campaigns with exposures in the spans and from when.
func (r *Reaching) touched(ctx context.Context, spans []span) (map[string]time.Time, error) {
	since := map[string]time.Time{}
	for _, s := range spans {
		kinds, err := r.d.Exposures.CountKinds(ctx, s.from, s.to.Add(time.Millisecond))
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			if _, known := since[k.Key]; k.Kind == ExposureKind && k.Key != "" && !known {
				since[k.Key] = s.from
			}
		}
	}
	return since, nil
}

// recount counts a campaign from the local day of a time on.
func (r *Reaching) recount(ctx context.Context, seen Seen, since time.Time) (Recount, error) {
	day := fact.DayOf(since, r.d.Zone)
	from := day.In(r.d.Zone)
	var rows []Reach
	if !seen.First.IsZero() {
		var err error
		if rows, err = r.d.Store.ReachOf(ctx, seen.ID); err != nil {
			return Recount{}, err
		}
	}
	counter := NewReachCounter(seen, rows, r.d.Zone)
	if !seen.First.IsZero() && seen.First.Before(from) {
		if err := r.before(ctx, counter, seen.ID, from); err != nil {
			return Recount{}, err
		}
	}
	err := r.d.Exposures.ScanExposures(ctx, ExposureKind, seen.ID, from, dusk, func(e triage.Exposure) error {
		counter.Add(&e)
		return nil
	})
	return Recount{Seen: counter.Seen(), From: day, Days: counter.Rows()}, err
}

// few is how many customers are looked up one by one; of more, everything
// before is read.
const few = 20_000

// errMany ends a scan that found more than few customers.
var errMany = fmt.Errorf("more than %d customers", few)

// before tells the counter who of those reached at or after a time was reached
// before it.
func (r *Reaching) before(ctx context.Context, counter *ReachCounter, id string, from time.Time) error {
	customers := map[triage.CustomerID]bool{}
	err := r.d.Exposures.ScanExposures(ctx, ExposureKind, id, from, dusk, func(e triage.Exposure) error {
		customers[e.CustomerID] = true
		if len(customers) > few {
			return errMany
		}
		return nil
	})
	if errors.Is(err, errMany) {
		return r.d.Exposures.ScanExposures(ctx, ExposureKind, id, dawn, from, func(e triage.Exposure) error {
			counter.Before(&e)
			return nil
		})
	}
	if err != nil {
		return err
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(customers)), 500) {
		earlier, err := r.d.Exposures.ExposuresOf(ctx, part, dawn, from)
		if err != nil {
			return err
		}
		for i := range earlier {
			if earlier[i].Kind == ExposureKind && earlier[i].Key == id {
				counter.Before(&earlier[i])
			}
		}
	}
	return nil
}
