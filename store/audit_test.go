package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// databases are both kinds of database, by the address of an empty one.
var databases = map[string]func(testing.TB) string{
	"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "q.db") },
	"postgres": testkit.Postgres,
}

func write(t *testing.T, db *store.DB, n int) {
	t.Helper()
	for i := range n {
		e := triage.AuditEntry{At: time.Unix(int64(i), 0), Actor: "li", Action: fmt.Sprint(i), Object: "test"}
		if err := db.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func must(t *testing.T, db *store.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.WritePool().ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// unlock takes the triggers away, as somebody with all rights on the database can.
func unlock(t *testing.T, db *store.DB, kind string) {
	t.Helper()
	for _, name := range []string{"audit_no_update", "audit_no_delete"} {
		if kind == "postgres" {
			name += " ON audit"
		}
		must(t, db, "DROP TRIGGER "+name)
	}
}

func TestAuditIsAppendOnly(t *testing.T) {
	t.Parallel()
	for kind, fresh := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			db := open(t, fresh(t))
			write(t, db, 2)
			statements := []string{
				`UPDATE audit SET actor = 'wang' WHERE id = 1`, `UPDATE audit SET hash = prev`, `DELETE FROM audit`,
				`DELETE FROM audit WHERE id = 2`,
			}
			if kind == "postgres" {
				statements = append(statements, `TRUNCATE audit`)
			}
			for _, s := range statements {
				if _, err := db.WritePool().ExecContext(t.Context(), s); err == nil || !strings.Contains(err.Error(), "append-only") {
					t.Errorf("%s: got %v, want a refusal", s, err)
				}
			}
			if got := trail(t, db); len(got) != 2 {
				t.Errorf("after the refusals the trail is %q", got)
			}
		})
	}
}

func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		statement string
		broken    int64
		reason    string
	}{
		"an entry was changed":          {`UPDATE audit SET actor = 'wang' WHERE id = 5`, 5, "was changed"},
		"a time was changed":            {`UPDATE audit SET at = at + 1 WHERE id = 7`, 7, "was changed"},
		"an entry was removed":          {`DELETE FROM audit WHERE id = 5`, 6, "does not follow"},
		"the first was removed":         {`DELETE FROM audit WHERE id = 1`, 2, "does not follow"},
		"the end was cut off":           {`DELETE FROM audit WHERE id >= 9`, 9, "cut off"},
		"everything was removed":        {`DELETE FROM audit`, 1, "cut off"},
		"an entry was put behind":       {`INSERT INTO audit (id, at, actor, action, object, detail) VALUES (11, 0, 'x', 'x', 'x', '')`, 11, "another program"},
		"an entry was put before":       {`INSERT INTO audit (id, at, actor, action, object, detail) VALUES (-1, 0, 'x', 'x', 'case:1', '')`, -1, "another program"},
		"a copy was put before":         {`INSERT INTO audit (id, at, actor, action, object, detail, prev, hash) SELECT 0, at, actor, action, object, detail, prev, hash FROM audit WHERE id = 1`, 0, "another program"},
		"a copy was put behind":         {`INSERT INTO audit (id, at, actor, action, object, detail, prev, hash) SELECT 11, at, actor, action, object, detail, prev, hash FROM audit WHERE id = 10`, 11, "does not follow"},
		"the head was set back":         {`UPDATE audit_head SET last = 9`, 10, "head of the chain"},
		"the hash of the head was lost": {`UPDATE audit_head SET hash = prev FROM audit WHERE audit.id = 1`, 10, "head of the chain"},
		"two entries changed places":    {`UPDATE audit SET id = 100 WHERE id = 5`, 6, "does not follow"},
	} {
		for kind, fresh := range databases {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				db := open(t, fresh(t))
				write(t, db, 10)
				unlock(t, db, kind)
				must(t, db, tt.statement)
				p, err := db.VerifyAudit(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				if p.Broken != tt.broken || !strings.Contains(p.Reason, tt.reason) {
					t.Errorf("got broken %d (%s), want %d because it %q", p.Broken, p.Reason, tt.broken, tt.reason)
				}
			})
		}
	}
}

// TestOldEntriesJoinTheChain opens a database whose trail is from before the
// chain, with gaps between the ids.
func TestOldEntriesJoinTheChain(t *testing.T) {
	t.Parallel()
	for kind, fresh := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dsn := fresh(t)
			db := open(t, dsn)
			must(t, db,
				`INSERT INTO audit (id, at, actor, action, object, detail) VALUES (3, 1, 'li', 'view', 'test', ''), (8, 2, 'li', 'close', 'test', '{"a":1}')`,
				`UPDATE audit_head SET last = -1`)
			var wg sync.WaitGroup
			for range 2 { // two processes start at once
				wg.Go(func() {
					again, err := store.Open(t.Context(), dsn)
					if err != nil {
						t.Error(err)
						return
					}
					if err := again.Shutdown(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			write(t, db, 1)
			p, err := db.VerifyAudit(t.Context(), nil)
			if err != nil || !p.Holds() || p.Entries != 3 || p.Last != 9 {
				t.Errorf("got %+v, %v, want three entries that hold, the last of them 9", p, err)
			}
			// What comes without a hash later is not taken in at the next start.
			must(t, db, `INSERT INTO audit (id, at, actor, action, object, detail) VALUES (10, 1, 'x', 'x', 'x', '')`)
			if p, err = open(t, dsn).VerifyAudit(t.Context(), nil); err != nil || p.Broken != 10 {
				t.Errorf("got %+v, %v, want entry 10 to be found", p, err)
			}
		})
	}
}

// TestChainOfSeveralProcesses lets four connections write cases and entries at
// the same time.
func TestChainOfSeveralProcesses(t *testing.T) {
	t.Parallel()
	for kind, fresh := range databases {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dsn := fresh(t)
			var wg sync.WaitGroup
			for p := range 4 {
				db := open(t, dsn)
				wg.Go(func() {
					var calls sync.WaitGroup
					for i, c := range cases(fmt.Sprint("p", p), 10) {
						calls.Go(func() {
							if _, err := db.Accept(t.Context(), []triage.Case{c}); err != nil {
								t.Error(err)
							}
						})
						calls.Go(func() {
							if err := db.Append(t.Context(), triage.AuditEntry{Actor: "li", Action: fmt.Sprint(i), Object: "x"}); err != nil {
								t.Error(err)
							}
						})
					}
					calls.Wait()
				})
			}
			wg.Wait()
			got, err := open(t, dsn).VerifyAudit(t.Context(), nil)
			if err != nil || !got.Holds() || got.Entries != 80 {
				t.Errorf("got %+v, %v, want 80 entries that hold", got, err)
			}
		})
	}
}

func TestAppendOutsideOfTheWriter(t *testing.T) {
	t.Parallel()
	var tx *sql.Tx
	if err := store.AppendAudit(t.Context(), tx, triage.AuditEntry{}); err == nil {
		t.Error("an entry outside of the writer was taken, and would be lost")
	}
}
