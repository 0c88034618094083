package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

// reopenAfter is how long to wait before another try to open the index.
const reopenAfter = 15 * time.Second

// shadow is the search index of a service that goes on without one: while it
// cannot be opened (another process holds it, say) everything answers
// CodeUnavailable, and Run tries again. It is safe for concurrent use.
type shadow struct {
	dir  string
	seg  *segment.Segmenter
	zone *time.Location
	feed triage.ChangeFeed
	log  *slog.Logger

	// opening is held while the index is opened or closed.
	opening sync.Mutex
	closed  bool
	live    atomic.Pointer[liveIndex]
}

// liveIndex is an open index and what keeps it up to date.
type liveIndex struct {
	*search.Index
	follower *search.Follower
}

func newShadow(c *config, seg *segment.Segmenter, feed triage.ChangeFeed, log *slog.Logger) *shadow {
	return &shadow{dir: c.indexDir(), seg: seg, zone: c.zone(), feed: feed, log: log}
}

// open opens the index unless it is open.
func (s *shadow) open() error {
	s.opening.Lock()
	defer s.opening.Unlock()
	if s.closed {
		return s.missing()
	}
	if s.live.Load() != nil {
		return nil
	}
	idx, err := search.Open(s.dir, s.seg, search.Options{Zone: s.zone})
	if err != nil {
		return err
	}
	if why := idx.Fresh(); why != nil {
		s.log.Info("search index is built from the database", "reason", why.Error())
	}
	s.live.Store(&liveIndex{idx, search.NewFollower(idx, s.feed, s.log, 0)})
	return nil
}

// Run keeps the index up to date until ctx ends.
func (s *shadow) Run(ctx context.Context) {
	for {
		err := s.open()
		if err == nil {
			s.live.Load().follower.Run(ctx)
			return
		}
		s.log.WarnContext(ctx, "no search index; the service goes on without similar cases", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(reopenAfter):
		}
	}
}

// Close releases the directory for good; Run must have ended.
func (s *shadow) Close() error {
	s.opening.Lock()
	defer s.opening.Unlock()
	s.closed = true
	if live := s.live.Swap(nil); live != nil {
		return live.Close()
	}
	return nil
}

func (s *shadow) missing() error {
	return triage.Errorf(triage.CodeUnavailable, "search index %s is not open", s.dir)
}

// Similar finds past cases like a text.
func (s *shadow) Similar(ctx context.Context, q triage.SimilarQuery) ([]triage.Hit, error) {
	live := s.live.Load()
	if live == nil {
		return nil, s.missing()
	}
	return live.Similar(ctx, q)
}

// Search finds cases by words.
func (s *shadow) Search(ctx context.Context, q search.Query) (search.Page, error) {
	live := s.live.Load()
	if live == nil {
		return search.Page{}, s.missing()
	}
	return live.Search(ctx, q)
}

// Enqueue tells the follower, if there is one, of new cases.
func (s *shadow) Enqueue(cases []triage.Case) {
	if live := s.live.Load(); live != nil {
		live.follower.Enqueue(cases)
	}
}

// CatchUp brings the index up to the database.
func (s *shadow) CatchUp(ctx context.Context) (int, error) { return s.catchUp(ctx, nil) }

func (s *shadow) catchUp(ctx context.Context, progress func(done int)) (int, error) {
	if err := s.open(); err != nil {
		return 0, err
	}
	live := s.live.Load()
	if live == nil {
		return 0, s.missing()
	}
	return live.CatchUp(ctx, s.feed, progress)
}

// lag is how many changes the index is behind.
func (s *shadow) lag(ctx context.Context) (int64, error) {
	last, err := s.feed.LastChange(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the last change: %w", err)
	}
	if live := s.live.Load(); live != nil {
		return last - live.Checkpoint(), nil
	}
	return last, nil
}
