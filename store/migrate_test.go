package store_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

var (
	tablePattern  = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)`)
	columnPattern = regexp.MustCompile(`(?m)^    (\w+) `)
	indexPattern  = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX (\w+ ON .*);`)
	alterPattern  = regexp.MustCompile(`ALTER TABLE (\w+) ADD COLUMN (\w+)`)
)

// schema lists what a migration makes, in words common to both databases.
func schema(t *testing.T, file string) []string {
	t.Helper()
	sql, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, table := range tablePattern.FindAllStringSubmatch(string(sql), -1) {
		for _, column := range columnPattern.FindAllStringSubmatch(table[2], -1) {
			names = append(names, table[1]+"."+column[1])
		}
	}
	for _, index := range indexPattern.FindAllStringSubmatch(string(sql), -1) {
		names = append(names, index[1])
	}
	for _, column := range alterPattern.FindAllStringSubmatch(string(sql), -1) {
		names = append(names, column[1]+"."+column[2])
	}
	if len(names) == 0 {
		t.Errorf("%s makes nothing that this test knows", file)
	}
	return names
}

func TestMigrationsMatch(t *testing.T) {
	t.Parallel()
	files := func(dialect string) []string {
		names, err := fs.Glob(os.DirFS("migrations/"+dialect), "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	names := files("sqlite")
	if diff := cmp.Diff(names, files("postgres")); diff != "" {
		t.Fatalf("the migrations differ (-sqlite +postgres)\n%s", diff)
	}
	for _, name := range names {
		sqlite, postgres := schema(t, "migrations/sqlite/"+name), schema(t, "migrations/postgres/"+name)
		if diff := cmp.Diff(sqlite, postgres); diff != "" {
			t.Errorf("%s (-sqlite +postgres)\n%s", name, diff)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "q.db")
	db := open(t, path)
	_, err := db.WritePool().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), path)
	if triage.CodeOf(err) != triage.CodeConflict || !strings.Contains(err.Error(), "newer qianyi") {
		t.Errorf("got %v, want a CodeConflict that asks for a newer qianyi", err)
	}
}

func TestPostgresOpenedByManyAtOnce(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			db, err := store.Open(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Shutdown(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestPostgresChangesAreNeverMissed is the story of a reader that asked for
// rows behind the last number it had seen, while several processes wrote: the
// numbers of slow transactions became visible after higher ones, and were
// skipped for ever.
func TestPostgresChangesAreNeverMissed(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	reader := open(t, dsn)
	const writers, each = 4, 50
	var wg sync.WaitGroup
	for w := range writers {
		db := open(t, dsn)
		wg.Go(func() {
			for _, c := range cases(string(rune('a'+w)), each) {
				if _, err := db.Accept(t.Context(), []triage.Case{c}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	seen, after, ended := 0, int64(0), false
	for {
		found, last, err := reader.Changed(t.Context(), after, 7)
		if err != nil {
			t.Fatal(err)
		}
		seen, after = seen+len(found), last
		if len(found) > 0 {
			continue
		}
		if ended {
			break
		}
		select {
		case <-done:
			ended = true
		default:
		}
	}
	if seen != writers*each {
		t.Errorf("the reader saw %d changes, want %d", seen, writers*each)
	}
}

func TestPragmasReachEveryConnection(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "q.db"))
	var conns []*sql.Conn
	for range 3 {
		conn, err := db.ReadPool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conns = append(conns, conn)
	}
	writer, err := db.WritePool().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	for _, conn := range append(conns, writer) {
		for pragma, want := range map[string]string{"foreign_keys": "1", "journal_mode": "wal", "busy_timeout": "5000", "synchronous": "2"} {
			if got := pragmaOf(t.Context(), t, conn, pragma); got != want {
				t.Errorf("PRAGMA %s is %s, want %s", pragma, got, want)
			}
		}
	}
	if _, err := conns[0].ExecContext(t.Context(), `DELETE FROM audit`); err == nil {
		t.Error("a connection for reading can write")
	}
}

func pragmaOf(ctx context.Context, t *testing.T, conn *sql.Conn, name string) (value string) {
	t.Helper()
	if err := conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
