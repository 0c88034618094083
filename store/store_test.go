package store_test

import (
	"path/filepath"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) storetest.Store {
		db := open(t, filepath.Join(t.TempDir(), "qianyi.db"))
		return storetest.Store{Ports: db, Runs: db.RunLog(), Outbox: db.Outbox(), Care: db.Care(), Surveys: db.Surveys()}
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	testkit.Postgres(t) // skips here, once, instead of in every subtest
	storetest.Run(t, func(t testing.TB) storetest.Store {
		db := open(t, testkit.Postgres(t))
		return storetest.Store{Ports: db, Runs: db.RunLog(), Outbox: db.Outbox(), Care: db.Care(), Surveys: db.Surveys()}
	})
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
