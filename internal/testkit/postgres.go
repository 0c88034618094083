package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Postgres returns the DSN of a fresh, empty schema in the database of
// $QIANYI_TEST_POSTGRES, a postgres:// URL; the schema is dropped with the
// test. Without the variable the test is skipped, with QIANYI_CI=1 it fails.
func Postgres(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("QIANYI_TEST_POSTGRES")
	if dsn == "" {
		Missing(t, "no PostgreSQL: set QIANYI_TEST_POSTGRES to a postgres:// URL of a database for tests")
	}
	u, err := url.Parse(dsn)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		t.Fatal("QIANYI_TEST_POSTGRES is not a postgres:// URL")
	}
	schema := "test_" + strings.ToLower(rand.Text())
	execPostgres(t, dsn, `CREATE SCHEMA `+schema)
	t.Cleanup(func() { execPostgres(t, dsn, `DROP SCHEMA `+schema+` CASCADE`) })
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// execPostgres runs with a context of its own, because a cleanup comes after
// the end of the test's.
func execPostgres(t testing.TB, dsn, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatalf("open PostgreSQL: %v", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("PostgreSQL: %s: %v", statement, err)
	}
}
