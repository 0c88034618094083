package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

func appendCall(action string) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		return store.AppendAudit(ctx, tx, triage.AuditEntry{Action: action, Object: "test"})
	}
}

func trail(t *testing.T, db *store.DB) []string {
	t.Helper()
	entries, err := db.Trail(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	actions := make([]string, len(entries))
	for i, e := range entries {
		actions[i] = e.Action
	}
	return actions
}

// hold keeps the writer busy until release is called, which waits for its end.
func hold(t *testing.T, db *store.DB) (release func()) {
	t.Helper()
	started, let, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		err := db.Submit(context.WithoutCancel(t.Context()), func(context.Context, *sql.Tx) error {
			close(started)
			<-let
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}()
	<-started
	return sync.OnceFunc(func() { close(let); <-ended })
}

func TestWriter(t *testing.T) {
	t.Parallel()
	setup := func(t *testing.T) *store.DB {
		t.Parallel()
		return open(t, filepath.Join(t.TempDir(), "q.db"))
	}

	t.Run("a failed call does not touch its neighbours", func(t *testing.T) {
		db := setup(t)
		release := hold(t, db)
		broken := errors.New("broken")
		var wg sync.WaitGroup
		for _, action := range []string{"a", "b", "bad", "c"} {
			wg.Go(func() {
				err := db.Submit(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
					if err := appendCall(action)(ctx, tx); err != nil {
						return err
					}
					if action == "bad" {
						return broken
					}
					return nil
				})
				if got, want := errors.Is(err, broken), action == "bad"; got != want {
					t.Errorf("call %s: got %v", action, err)
				}
			})
		}
		release()
		wg.Wait()
		if got := trail(t, db); len(got) != 3 {
			t.Errorf("stored %v, want the three good calls", got)
		}
	})

	t.Run("a call that gave up waiting is never run", func(t *testing.T) {
		db := setup(t)
		release := hold(t, db)
		defer release()
		ctx, cancel := context.WithCancel(t.Context())
		answer := make(chan error, 1)
		go func() { answer <- db.Submit(ctx, appendCall("late")) }()
		cancel()
		if err := <-answer; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the error of the context", err)
		}
		release()
		if err := db.Submit(t.Context(), appendCall("next")); err != nil {
			t.Fatal(err)
		}
		if got := trail(t, db); len(got) != 1 || got[0] != "next" {
			t.Errorf("stored %v, want [next]", got)
		}
	})

	t.Run("a call that has started is finished though its context ends", func(t *testing.T) {
		db := setup(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Submit(ctx, func(txCtx context.Context, tx *sql.Tx) error {
			cancel()
			return appendCall("done")(txCtx, tx)
		})
		if err != nil {
			t.Errorf("got %v, want the outcome", err)
		}
		if got := trail(t, db); len(got) != 1 {
			t.Errorf("stored %v, want [done]", got)
		}
	})

	t.Run("a store that is shut down says so", func(t *testing.T) {
		t.Parallel()
		db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "q.db"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := db.Shutdown(); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Submit(t.Context(), appendCall("x")); triage.CodeOf(err) != triage.CodeUnavailable {
			t.Errorf("got %v, want CodeUnavailable", err)
		}
	})
}
