package store_test

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestSendersOfSeveralProcesses(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "q.db") },
		"postgres": func(t *testing.T) string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raceToBegin(t, dsn(t))
		})
	}
}

// raceToBegin lets three processes begin the same notices.
func raceToBegin(t *testing.T, dsn string) {
	t.Helper()
	const processes, notices = 3, 40
	db := open(t, dsn)
	id, err := db.CreatePlan(t.Context(), prevention.Plan{}, triage.AuditEntry{})
	if err != nil {
		t.Fatal(err)
	}
	list := make([]prevention.Notice, notices)
	for i := range list {
		list[i] = prevention.Notice{Cause: "cluster:K1", Customer: triage.CustomerID(rune('A' + i)), Arm: prevention.ArmTold}
	}
	p := prevention.Plan{ID: id, Version: 1}
	if _, _, err := db.FixPlan(t.Context(), p, list, triage.AuditEntry{}); err != nil {
		t.Fatal(err)
	}
	p.Version, p.Status = 2, prevention.PlanRunning
	if err := db.UpdatePlan(t.Context(), p, triage.AuditEntry{}); err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	for range processes {
		outbox := open(t, dsn).Outbox()
		wg.Go(func() { won.Add(int64(beginAll(t, outbox, notices))) })
	}
	wg.Wait()
	if won.Load() != notices {
		t.Errorf("%d attempts were begun, want one for each of %d notices", won.Load(), notices)
	}
}

// beginAll begins what is due and returns how often it won.
func beginAll(t *testing.T, outbox *store.Outbox, limit int) (won int) {
	due, err := outbox.Due(t.Context(), time.Now(), limit)
	if err != nil {
		t.Error(err)
	}
	for _, n := range due {
		n.Attempts = 1
		ok, err := outbox.Begin(t.Context(), n)
		if err != nil {
			t.Error(err)
		}
		if ok {
			won++
		}
	}
	return won
}
