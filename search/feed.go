package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/qianyi-dev/qianyi/triage"
)

// batchSize is the number of cases written at once: larger batches gain little
// and hold more memory.
const batchSize = 1000

// Put makes the cases findable, each in place of its earlier version, and
// stores change as the checkpoint in the same step. The caller guarantees that
// no change up to that number is missing from the index; CatchUp is how to get
// there without thinking about it.
func (x *Index) Put(ctx context.Context, cases []triage.Case, change int64) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.use(func(g *generation) error {
		if err := x.put(ctx, g, cases, change); err != nil {
			return err
		}
		x.mark.Store(change)
		return x.refresh(g)
	})
}

func (x *Index) put(ctx context.Context, g *generation, cases []triage.Case, change int64) error {
	b := g.NewBatch()
	for i := range cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.IndexAdvanced(x.builder.document(&cases[i])); err != nil {
			return fmt.Errorf("case %q: %w", cases[i].ID, err)
		}
	}
	b.SetInternal(keyCheckpoint, binary.BigEndian.AppendUint64(nil, uint64(change)))
	return g.Batch(b)
}

// refresh takes new term weights when the index has grown enough.
func (x *Index) refresh(g *generation) error {
	docs, err := g.DocCount()
	if err != nil || !g.weights.Load().stale(int(docs)) {
		return err
	}
	return g.refreshWeights()
}

// CatchUp reads the changes after the checkpoint until there are none and
// returns how many cases it indexed. It may be interrupted at any time and
// goes on from there; several callers take turns. Progress, when not nil,
// hears the running count after each batch.
//
// A database that is behind the index was restored from a backup; the index is
// then built again.
func (x *Index) CatchUp(ctx context.Context, feed triage.ChangeFeed, progress func(done int)) (int, error) {
	last, err := feed.LastChange(ctx)
	if err != nil {
		return 0, fmt.Errorf("search: read the last change: %w", err)
	}
	if last < x.Checkpoint() {
		return x.Rebuild(ctx, feed, progress)
	}
	done := 0
	for {
		n, err := x.step(ctx, feed)
		done += n
		if err != nil || n == 0 {
			return done, err
		}
		if progress != nil {
			progress(done)
		}
	}
}

// step indexes the next batch of the feed. Reading the checkpoint and writing
// it lie under one lock: two readers of the feed cannot overtake each other.
func (x *Index) step(ctx context.Context, feed triage.ChangeFeed) (n int, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	cases, last, err := feed.Changed(ctx, x.Checkpoint(), batchSize)
	if err != nil {
		return 0, fmt.Errorf("search: read changes after %d: %w", x.Checkpoint(), err)
	}
	if len(cases) == 0 {
		return 0, nil
	}
	err = x.use(func(g *generation) error {
		if err := x.put(ctx, g, cases, last); err != nil {
			return err
		}
		x.mark.Store(last)
		return x.refresh(g)
	})
	if err != nil {
		return 0, err
	}
	return len(cases), nil
}

// Rebuild makes a new index from the whole feed beside the old one, which
// answers until the new one takes its place, and returns the number of cases.
// After an error or a crash the old index is as before. Writers wait.
func (x *Index) Rebuild(ctx context.Context, feed triage.ChangeFeed, progress func(done int)) (int, error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	building := filepath.Join(x.dir, nameBuilding)
	if err := os.RemoveAll(building); err != nil {
		return 0, unavailable(err, "search index %s: remove an unfinished rebuild", x.dir)
	}
	done, last, err := x.build(ctx, building, feed, progress)
	if err == nil {
		err = x.replace(building, last)
	}
	if err != nil {
		return 0, errors.Join(unavailable(err, "search index %s: rebuild", x.dir), os.RemoveAll(building))
	}
	return done, nil
}

// build fills a new index from the feed and closes it.
func (x *Index) build(ctx context.Context, path string, feed triage.ChangeFeed, progress func(done int)) (done int, last int64, err error) {
	g, err := createGeneration(path, x.version)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	for {
		cases, next, err := feed.Changed(ctx, last, batchSize)
		if err != nil {
			return 0, 0, fmt.Errorf("read changes after %d: %w", last, err)
		}
		if len(cases) == 0 {
			return done, last, nil
		}
		if err := x.put(ctx, g, cases, next); err != nil {
			return 0, 0, err
		}
		last = next
		done += len(cases)
		if progress != nil {
			progress(done)
		}
	}
}

// replace puts the finished index at path in the place of the current one.
func (x *Index) replace(path string, last int64) error {
	newest, err := x.newestGeneration()
	if err != nil {
		return err
	}
	number := newest + 1
	target := x.generationPath(number)
	if err := os.Rename(path, target); err != nil {
		return err
	}
	g, err := openGeneration(target, x.version)
	if err != nil {
		return errors.Join(err, os.RemoveAll(target))
	}
	x.mu.Lock()
	old := x.current
	if old == nil {
		x.mu.Unlock()
		return errors.Join(triage.Errorf(triage.CodeUnavailable, "search index %s is closed", x.dir), g.Close())
	}
	x.current = g
	x.mark.Store(last)
	x.mu.Unlock()
	err = old.Close()
	x.sweep(number)
	return err
}

func isCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
