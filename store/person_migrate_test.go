package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/qianyi-dev/qianyi/internal/testkit"
)

// TestPhonesOfOlderCustomers begins with a database of the version before
// phones had a form in which they are looked up.
func TestPhonesOfOlderCustomers(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		phonesOfOlderCustomers(t, "sqlite", filepath.Join(t.TempDir(), "q.db"), goose.DialectSQLite3, "migrations/sqlite")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		phonesOfOlderCustomers(t, "pgx", testkit.Postgres(t), goose.DialectPostgres, "migrations/postgres")
	})
}

func phonesOfOlderCustomers(t *testing.T, driver, dsn string, dialect goose.Dialect, folder string) {
	t.Helper()
	old, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	provider, err := goose.NewProvider(dialect, old, os.DirFS(folder))
	if err == nil {
		_, err = provider.UpTo(t.Context(), 4)
	}
	if err != nil {
		t.Fatal(err)
	}
	for id, phone := range map[string]string{"a": "+86 199-0000-0001", "b": "8619900000001", "c": "19900000001", "d": "(010) 6600-0000", "e": ""} {
		_, err := old.ExecContext(t.Context(), `INSERT INTO customers (id, name, phone, email, region, tier, industry, joined_at, opted_out)
			VALUES ($1, '', $2, '', '', '', '', 0, FALSE)`, id, phone)
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := open(t, dsn).Care().ByAddress(t.Context(), []string{"19900000001", "01066000000"})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for address, records := range got {
		for _, r := range records {
			found[address] += string(r.ID)
		}
	}
	if diff := cmp.Diff(map[string]string{"19900000001": "abc", "01066000000": "d"}, found); diff != "" {
		t.Errorf("found (-want +got)\n%s", diff)
	}
}
