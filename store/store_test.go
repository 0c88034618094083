package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/store/storetest"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	// The migrations run once: every subtest gets a copy of the empty database.
	empty, err := os.ReadFile(migrated(t))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Run(t, func(t testing.TB) storetest.Store {
		path := filepath.Join(t.TempDir(), "qianyi.db")
		if err := os.WriteFile(path, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		db := open(t, path)
		return storetest.Store{Ports: db, Runs: db.RunLog(), Outbox: db.Outbox(), Care: db.Care(), Surveys: db.Surveys(), Facts: facts(db), Counter: db.Counter()}
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	testkit.Postgres(t) // skips here, once, instead of in every subtest
	storetest.Run(t, func(t testing.TB) storetest.Store {
		db := open(t, testkit.Postgres(t))
		return storetest.Store{Ports: db, Runs: db.RunLog(), Outbox: db.Outbox(), Care: db.Care(), Surveys: db.Surveys(), Facts: facts(db), Counter: db.Counter()}
	})
}

// migrated returns the file of an empty database that nobody has open.
func migrated(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "qianyi.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Shutdown(); err != nil {
		t.Fatal(err)
	}
	return path
}

// facts are the roll-ups of a database.
func facts(db *store.DB) func(*time.Location, fact.Marker) storetest.Facts {
	return func(zone *time.Location, mark fact.Marker) storetest.Facts { return db.Facts(zone, mark) }
}

// open opens a database that is shut down with the test.
func open(t testing.TB, dsn string, opts ...store.Option) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return db
}
