package search

import (
	"context"
	"log/slog"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// gatherDefault is how long new cases are gathered into one batch. A batch of
// one costs five times as much per case as a batch of ten.
const gatherDefault = 100 * time.Millisecond

// Follower keeps an index up to date while the service runs. It satisfies
// triage.Indexer.
type Follower struct {
	index  *Index
	feed   triage.ChangeFeed
	log    *slog.Logger
	gather time.Duration
	wake   chan struct{}
}

var _ triage.Indexer = (*Follower)(nil)

// NewFollower makes a Follower; nothing happens before Run. Gather is how long
// it waits for more cases after the first, 0 for 100 ms.
func NewFollower(index *Index, feed triage.ChangeFeed, log *slog.Logger, gather time.Duration) *Follower {
	if gather == 0 {
		gather = gatherDefault
	}
	return &Follower{index: index, feed: feed, log: log, gather: gather, wake: make(chan struct{}, 1)}
}

// Enqueue says that the feed has something new. It never blocks; the cases
// themselves are read from the feed (the package comment says why).
func (f *Follower) Enqueue(cases []triage.Case) {
	if len(cases) == 0 {
		return
	}
	select {
	case f.wake <- struct{}{}:
	default: // already told, and the feed will be read to its end
	}
}

// Run catches up at once and after each Enqueue, until ctx ends. Failures are
// logged and made good by the next Enqueue or catch-up job.
func (f *Follower) Run(ctx context.Context) {
	for {
		if _, err := f.index.CatchUp(ctx, f.feed, nil); err != nil && ctx.Err() == nil {
			f.log.WarnContext(ctx, "search index falls behind", "err", err, "checkpoint", f.index.Checkpoint())
		}
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(f.gather):
		}
	}
}
