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

// Ledger keeps a detect.Ledger up to date with the store: it reads again the
// span of every batch that came in, however late. It is not safe for concurrent
// use.
type Ledger struct {
	*detect.Ledger
	exposures prevention.ExposureReader
	feed      prevention.ExposureFeed
	read      int64 // last batch
}

const (
	// ledgerDays is how far back a fresh ledger reads: longer than an exposure is
	// a fact of its customer, so that shares of the past month are known too.
	ledgerDays   = 60
	feedPage     = 1000
	sortedAtOnce = 24 * time.Hour
)

// OpenLedger reads the exposures of the last two months.
func OpenLedger(ctx context.Context, exposures prevention.ExposureReader, feed prevention.ExposureFeed, customers int, now time.Time) (*Ledger, error) {
	l := &Ledger{Ledger: detect.NewLedger(customers), exposures: exposures, feed: feed}
	// The batches first: what comes in while the exposures are read is read again.
	if _, _, err := l.pending(ctx); err != nil {
		return nil, err
	}
	return l, l.add(ctx, now.AddDate(0, 0, -ledgerDays), now)
}

// Refresh reads what came in since the last time.
func (l *Ledger) Refresh(ctx context.Context, now time.Time) error {
	from, to, err := l.pending(ctx)
	if err != nil || from.IsZero() {
		return err
	}
	if oldest := now.AddDate(0, 0, -ledgerDays); from.Before(oldest) {
		from = oldest
	}
	if to.After(now) {
		to = now // the rest has not happened yet
	}
	return l.add(ctx, from, to.Add(time.Millisecond))
}

// pending returns the span of all batches that have not been read; zero times
// are none.
func (l *Ledger) pending(ctx context.Context) (from, to time.Time, err error) {
	for {
		batches, err := l.feed.ExposureBatches(ctx, l.read, feedPage)
		if err != nil {
			return from, to, fmt.Errorf("read what exposures came in: %w", err)
		}
		for _, b := range batches {
			if from.IsZero() || b.From.Before(from) {
				from = b.From
			}
			if b.To.After(to) {
				to = b.To
			}
			l.read = b.Seq
		}
		if len(batches) < feedPage {
			return from, to, nil
		}
	}
}

// add reads the exposures of a span, a day at a time, in order of time.
func (l *Ledger) add(ctx context.Context, from, to time.Time) error {
	for ; from.Before(to); from = from.Add(sortedAtOnce) {
		end := from.Add(sortedAtOnce)
		if end.After(to) {
			end = to
		}
		kinds, err := l.exposures.CountKinds(ctx, from, end)
		if err != nil {
			return fmt.Errorf("count exposures: %w", err)
		}
		var day []triage.Exposure
		for _, k := range kinds {
			err := l.exposures.ScanExposures(ctx, k.Kind, k.Key, from, end, func(e triage.Exposure) error {
				if e.Key == k.Key { // a key of "" scans every key
					day = append(day, e)
				}
				return nil
			})
			if err != nil {
				return fmt.Errorf("read the exposures of kind %q, key %q: %w", k.Kind, k.Key, err)
			}
		}
		slices.SortStableFunc(day, func(a, b triage.Exposure) int { return a.At.Compare(b.At) })
		for _, e := range day {
			l.Add(e)
		}
	}
	return nil
}
