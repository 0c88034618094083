package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
)

func TestBuiltinJobs(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 3, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	r := jobs.NewRunner(slog.New(slog.DiscardHandler), &runLog{}, time.UTC, clock)
	locked := errors.New("database is locked")
	var before time.Time
	for _, j := range []jobs.Job{
		jobs.IndexCatchUp(func(context.Context) (int, error) { return 120, locked }),
		jobs.PruneReplays(func(_ context.Context, b time.Time) (int, error) { before = b; return 7, nil }, clock),
	} {
		if err := r.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	run, err := r.RunNow(t.Context(), "index-catch-up", "张三")
	if err != nil || run.State != jobs.StateFailed || run.Note != "indexed 120" || run.Error != locked.Error() {
		t.Errorf("index-catch-up: got %+v, %v", run, err)
	}
	run, err = r.RunNow(t.Context(), "prune-replays", "张三")
	if err != nil || run.State != jobs.StateDone || run.Note != "deleted 7" {
		t.Errorf("prune-replays: got %+v, %v", run, err)
	}
	if want := now.Add(-48 * time.Hour); !before.Equal(want) {
		t.Errorf("answers before %v were deleted, want %v", before, want)
	}
	status, err := r.Jobs(t.Context())
	if err != nil || !status[0].Next.Equal(now.Add(time.Minute)) || !status[1].Next.Equal(now.Add(time.Hour)) {
		t.Errorf("got %+v, %v, want the first due in a minute, the second in an hour", status, err)
	}
}
