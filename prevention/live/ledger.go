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

// LedgerSources is what a Ledger reads; all are needed.
type LedgerSources struct {
	Exposures prevention.ExposureReader
	Feed      prevention.ExposureFeed
	Customers prevention.CustomerReader
}

// Ledger keeps a detect.Ledger up to date with the store. It goes with the time
// of the complaints, so that the past is read as it was, and reads again what
// came in late. It is not safe for concurrent use.
type Ledger struct {
	*detect.Ledger
	src     LedgerSources
	batch   int64     // latest batch that is known
	now     time.Time // of the latest Refresh
	counted time.Time // when the customers were counted
	at      time.Time // of the latest complaint
	until   time.Time // what is stored of the time before was read
	ahead   []triage.Exposure
}

const (
	// ledgerPast is how far before the first complaint a ledger reads: longer than
	// an exposure is a fact of its customer, so that the shares of the month before
	// are known, too.
	ledgerPast = 60 * 24 * time.Hour
	// ledgerPortion is how much is read, and put in order, at once.
	ledgerPortion = 7 * 24 * time.Hour
	ledgerPage    = 1000
	// countEvery is how often the customers are counted.
	countEvery = time.Hour
)

// NewLedger makes an empty ledger. It needs Refresh before Follow.
func NewLedger(src LedgerSources) *Ledger { return &Ledger{Ledger: detect.NewLedger(0), src: src} }

// Refresh looks for exposures that came in since the last time, and for new
// customers.
func (l *Ledger) Refresh(ctx context.Context, now time.Time) error {
	l.now = now
	if now.Sub(l.counted) >= countEvery {
		regions, err := l.src.Customers.CountByRegion(ctx)
		if err != nil {
			return fmt.Errorf("count customers: %w", err)
		}
		customers := 0
		for _, n := range regions {
			customers += n
		}
		l.Count(customers)
		l.counted = now
	}
	for {
		batches, err := l.src.Feed.ExposureBatches(ctx, l.batch, ledgerPage)
		if err != nil {
			return fmt.Errorf("read what exposures came in: %w", err)
		}
		for _, b := range batches {
			if b.From.Before(l.until) { // read on from there once more
				l.until, l.ahead = b.From, nil
			}
			l.batch = b.Seq
		}
		if len(batches) < ledgerPage {
			return nil
		}
	}
}

// Follow takes in what is stored up to a time, that of a complaint which is
// judged next; nothing later. An earlier time than before changes nothing.
func (l *Ledger) Follow(ctx context.Context, at time.Time) error {
	if at.After(l.at) {
		l.at = at
	}
	if oldest := l.at.Add(-ledgerPast); l.until.Before(oldest) {
		l.until, l.ahead = oldest, nil
	}
	for {
		n := 0
		for n < len(l.ahead) && !l.ahead[n].At.After(l.at) {
			l.Add(l.ahead[n])
			n++
		}
		l.ahead = l.ahead[n:]
		if l.until.After(l.at) {
			l.Advance(l.at)
			return nil
		}
		if err := l.readOn(ctx); err != nil {
			return err
		}
	}
}

// readOn reads the exposures of the next week, or up to now, in order of time.
func (l *Ledger) readOn(ctx context.Context) error {
	end := l.until.Add(ledgerPortion)
	latest := l.now
	if l.at.After(latest) {
		latest = l.at
	}
	if latest = latest.Add(time.Millisecond); end.After(latest) {
		end = latest
	}
	counts, err := l.src.Exposures.CountKinds(ctx, l.until, end)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	read := map[string]bool{}
	var portion []triage.Exposure
	for _, k := range counts {
		if read[k.Kind] {
			continue
		}
		read[k.Kind] = true
		err := l.src.Exposures.ScanExposures(ctx, k.Kind, "", l.until, end, func(e triage.Exposure) error {
			portion = append(portion, e)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read the exposures of kind %q: %w", k.Kind, err)
		}
	}
	slices.SortStableFunc(portion, func(a, b triage.Exposure) int { return a.At.Compare(b.At) })
	l.ahead, l.until = append(l.ahead, portion...), end
	return nil
}
