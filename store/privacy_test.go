package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// What was erased is left neither in the free parts of the file, nor in the log
// beside it.
func TestErasedIsGoneFromTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "q.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1_700_000_000, 0)
	secrets := []string{"13800138999", "欧阳小明", "ouyang@example.com", "只有我知道的原话"}
	_, err = db.PutCustomers(t.Context(), []triage.Customer{{
		ID: "K-1", Name: triage.PersonName(secrets[1]), Phone: triage.Phone(secrets[0]), Email: triage.Email(secrets[2]),
	}})
	if err == nil {
		_, err = db.Accept(t.Context(), []triage.Case{{
			Complaint: triage.Complaint{ID: "t1", CustomerID: "K-1", At: at, Text: secrets[3], ClosedAt: at}, Status: triage.StatusClosed, ReceivedAt: at,
		}})
	}
	if err == nil {
		_, err = db.ErasePerson(t.Context(), []triage.CustomerID{"K-1"}, "erased-1", triage.AuditEntry{At: at, Object: "customer:K-1"})
	}
	if err != nil {
		t.Fatal(err)
	}
	gone := func(name string) {
		t.Helper()
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if bytes.Contains(file, []byte(s)) {
				t.Errorf("%q is still in %s", s, filepath.Base(name))
			}
		}
	}
	gone(path + "-wal")
	if err := db.Shutdown(); err != nil {
		t.Fatal(err)
	}
	gone(path)
}
