package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// groupCalls and groupRows bound one transaction of the writer: a call is
	// only added while both have room.
	groupCalls = 64
	groupRows  = 1000
	// groupLimit ends a transaction that hangs, on a dead connection say.
	groupLimit = time.Minute
)

// writer is the only one that writes. It takes the calls that are waiting,
// runs them in one transaction, each behind its own savepoint, and answers
// each after the commit: many small writers share one flush to the disk, and
// the failure of one does not touch the others.
type writer struct {
	ctx   context.Context
	pool  *sql.DB
	calls chan *call // unbuffered: a call that was sent is always answered
	once  sync.Once
	quit  chan struct{}
	gone  chan struct{}
}

// call is one caller's work.
type call struct {
	rows  int
	do    func(ctx context.Context, tx *sql.Tx) error
	taken atomic.Bool // by the writer to run it, or by the caller to give up
	err   error
	done  chan error
}

func newWriter(ctx context.Context, pool *sql.DB) *writer {
	w := &writer{ctx: ctx, pool: pool, calls: make(chan *call), quit: make(chan struct{}), gone: make(chan struct{})}
	go w.run()
	return w
}

// submit runs do in a transaction and returns after its commit. rows is about
// how many rows it writes. do may run twice only if its first run was rolled
// back.
//
// When ctx ends while the call waits, submit returns its error and do has not
// run and never will. Once do has started, submit waits for the outcome, at
// most for the rest of one transaction: an end of ctx never hides whether the
// data was stored.
func (w *writer) submit(ctx context.Context, rows int, do func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{rows: rows, do: do, done: make(chan error, 1)}
	select {
	case w.calls <- c:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-c.done
	}
}

// stop returns when the running transaction has ended. It may be called twice.
func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.gone
}

func (w *writer) run() {
	defer close(w.gone)
	for {
		select {
		case <-w.quit:
			return
		case c := <-w.calls:
			w.commit(w.gather(c))
		}
	}
}

// gather adds the calls that are waiting already to the first one.
func (w *writer) gather(first *call) []*call {
	group := []*call{first}
	for rows := first.rows; len(group) < groupCalls && rows < groupRows; {
		select {
		case c := <-w.calls:
			group = append(group, c)
			rows += c.rows
		default:
			return group
		}
	}
	return group
}

// commit runs the calls whose callers still wait and answers all of them.
func (w *writer) commit(group []*call) {
	live := group[:0]
	for _, c := range group {
		if c.taken.CompareAndSwap(false, true) {
			live = append(live, c)
		}
	}
	if len(live) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(w.ctx, groupLimit)
	defer cancel()
	err := w.transact(ctx, live)
	for _, c := range live {
		if err != nil {
			c.err = err
		}
		c.done <- c.err
	}
}

// transact returns an error when nothing of the group was stored; a single
// call's failure is left in its err.
func (w *writer) transact(ctx context.Context, group []*call) error {
	tx, err := w.pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
	trail := &pendingAudit{}
	ctx = context.WithValue(ctx, pendingKey{}, trail)
	if len(group) == 1 {
		if err := group[0].do(ctx, tx); err != nil {
			return err
		}
	} else {
		for _, c := range group {
			written := len(trail.entries)
			if err := c.behindSavepoint(ctx, tx); err != nil {
				return err
			}
			if c.err != nil {
				trail.entries = trail.entries[:written]
			}
		}
	}
	if err := trail.store(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// behindSavepoint undoes the call's writes when it fails. It returns an error
// only when the whole transaction is lost, as after SQLite's own rollback on a
// full disk.
func (c *call) behindSavepoint(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT one_call"); err != nil {
		return err
	}
	c.err = c.do(ctx, tx)
	if c.err != nil {
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT one_call"); err != nil {
			return fmt.Errorf("undo one call (%w): %w", c.err, err)
		}
	}
	if _, err := tx.ExecContext(ctx, "RELEASE SAVEPOINT one_call"); err != nil {
		return err
	}
	return nil
}
