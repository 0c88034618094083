package store_test

import (
	"path/filepath"
	"testing"
	"time"
)

// A job that runs every minute must not make the database grow for ever.
func TestOldRunsAreForgotten(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "q.db"))
	const insert = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		INSERT INTO job_runs (job, state, started_at, lease_ends_at, ended_at, by_whom, note, error)
		SELECT $1, 'done', i, i, i, 'schedule', '', '' FROM n`
	for job, runs := range map[string]int{"busy": 2100, "rare": 3} {
		if _, err := db.WritePool().ExecContext(t.Context(), insert, job, runs); err != nil {
			t.Fatal(err)
		}
	}
	id, ok, err := db.RunLog().Start(t.Context(), "busy", "schedule", time.Now(), time.Minute)
	if err != nil || !ok {
		t.Fatalf("start: %v, %v", ok, err)
	}
	for job, want := range map[string]int{"busy": 2000, "rare": 3} {
		runs, err := db.RunLog().Runs(t.Context(), job, 5000)
		if err != nil {
			t.Fatal(err)
		}
		if len(runs) != want {
			t.Errorf("%s: %d runs are kept, want %d", job, len(runs), want)
		}
		if job == "busy" && runs[0].ID != id {
			t.Errorf("the latest run is %d, want %d, which has just started", runs[0].ID, id)
		}
	}
}
