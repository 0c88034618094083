package search_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

func numbered(from, to int) []triage.Case {
	var cases []triage.Case
	for i := from; i < to; i++ {
		cases = append(cases, triage.Case{
			Complaint: triage.Complaint{ID: triage.ComplaintID(fmt.Sprintf("n%05d", i)), Text: "话费充值不到账", Type: "费用"},
			Status:    triage.StatusReceived,
		})
	}
	return cases
}

func total(t *testing.T, x *search.Index, q search.Query) int {
	t.Helper()
	page, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return page.Total
}

func TestAnUpdateReplacesTheCase(t *testing.T) {
	t.Parallel()
	x, f := open(t, t.TempDir()), &feed{changes: readCases(t, "telecom")}
	catchUp(t, x, f, 5)
	c := f.changes[0]
	c.Status, c.Type, c.Resolution = triage.StatusClosed, "服务", "重新登记并电话回访"
	f.write(c)
	catchUp(t, x, f, 1)
	for _, tt := range []struct {
		query search.Query
		want  []string
	}{
		{search.Query{Status: triage.StatusClosed, CustomerID: "u1"}, []string{"c1"}},
		{search.Query{Status: triage.StatusReceived, CustomerID: "u1"}, []string{"c3"}},
		{search.Query{Type: "服务", CustomerID: "u1"}, []string{"c1"}},
		{search.Query{Words: "电话回访"}, []string{"c1"}},
		{search.Query{Words: "充值"}, []string{"c2", "c1"}},
	} {
		if diff := cmp.Diff(tt.want, ids(t, x, tt.query)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.query, diff)
		}
	}
}

func TestCatchUpGoesOnFromTheCheckpoint(t *testing.T) {
	t.Parallel()
	dir, f := t.TempDir(), &feed{changes: numbered(0, 10)}
	x := open(t, dir)
	catchUp(t, x, f, 10)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	// The service was killed after these were accepted and before they were indexed.
	f.write(numbered(10, 2510)...)
	x = open(t, dir)
	var heard []int
	n, err := x.CatchUp(t.Context(), f, func(done int) { heard = append(heard, done) })
	if err != nil || n != 2500 {
		t.Fatalf("CatchUp = %d, %v, want 2500", n, err)
	}
	if diff := cmp.Diff([]int{1000, 2000, 2500}, heard); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if got := total(t, x, search.Query{}); got != 2510 || x.Checkpoint() != 2510 {
		t.Errorf("%d cases at checkpoint %d, want 2510 at 2510", got, x.Checkpoint())
	}
	catchUp(t, x, f, 0)
}

func TestCatchUpReportsAFailingFeedAndKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	x, f := open(t, t.TempDir()), &feed{changes: numbered(0, 10)}
	catchUp(t, x, f, 10)
	f.write(numbered(10, 20)...)
	f.fail = errFeed
	if _, err := x.CatchUp(t.Context(), f, nil); !errors.Is(err, errFeed) {
		t.Errorf("CatchUp: got error %v, want %v", err, errFeed)
	}
	if _, err := x.Rebuild(t.Context(), f, nil); !errors.Is(err, errFeed) {
		t.Errorf("Rebuild: got error %v, want %v", err, errFeed)
	}
	if got := total(t, x, search.Query{}); got != 10 || x.Checkpoint() != 10 {
		t.Errorf("%d cases at checkpoint %d, want 10 at 10", got, x.Checkpoint())
	}
	f.fail = nil
	catchUp(t, x, f, 10)
}

func TestCatchUpRebuildsWhenTheDatabaseIsBehind(t *testing.T) {
	t.Parallel()
	x := open(t, t.TempDir())
	catchUp(t, x, &feed{changes: numbered(0, 10)}, 10)
	catchUp(t, x, &feed{changes: numbered(0, 4)}, 4)
	if got := total(t, x, search.Query{}); got != 4 || x.Checkpoint() != 4 {
		t.Errorf("%d cases at checkpoint %d, want 4 at 4", got, x.Checkpoint())
	}
}

func TestSeveralCatchUpsLeaveNoGap(t *testing.T) {
	t.Parallel()
	dir, f := t.TempDir(), &feed{}
	x := open(t, dir)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 5 {
				f.write(numbered(i*40, i*40+40)...)
				if _, err := x.CatchUp(t.Context(), f, nil); err != nil {
					t.Errorf("CatchUp: %v", err)
				}
			}
		})
	}
	wg.Go(func() {
		if _, err := x.Rebuild(t.Context(), f, nil); err != nil {
			t.Errorf("Rebuild: %v", err)
		}
	})
	wg.Wait()
	if got := total(t, x, search.Query{}); got != 200 || x.Checkpoint() != 800 {
		t.Errorf("%d cases at checkpoint %d, want 200 at 800", got, x.Checkpoint())
	}
}

func TestRebuildAnswersMeanwhileAndDropsWhatIsGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	if err := x.Put(t.Context(), numbered(0, 30), 30); err != nil {
		t.Fatal(err)
	}
	f := &feed{changes: numbered(0, 20)}
	n, err := x.Rebuild(t.Context(), f, func(int) {
		if got := total(t, x, search.Query{}); got != 30 {
			t.Errorf("%d cases during the rebuild, want the 30 of the old index", got)
		}
	})
	if err != nil || n != 20 {
		t.Fatalf("Rebuild = %d, %v, want 20", n, err)
	}
	if got := total(t, x, search.Query{}); got != 20 || x.Checkpoint() != 20 {
		t.Errorf("%d cases at checkpoint %d, want 20 at 20", got, x.Checkpoint())
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if x = open(t, dir); x.Fresh() != nil || x.Checkpoint() != 20 {
		t.Errorf("reopened: Fresh = %v, Checkpoint = %d, want nil and 20", x.Fresh(), x.Checkpoint())
	}
}

func TestOpenRemovesAnUnfinishedRebuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	catchUp(t, x, &feed{changes: numbered(0, 10)}, 10)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	building := filepath.Join(dir, "building", "store")
	if err := os.MkdirAll(building, 0o700); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if _, err := os.Stat(building); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished rebuild is still there: %v", err)
	}
	if got := total(t, x, search.Query{}); got != 10 {
		t.Errorf("%d cases, want 10", got)
	}
}

func TestFollowerIndexesWhatIsEnqueuedAndStops(t *testing.T) {
	t.Parallel()
	x, f := open(t, t.TempDir()), &feed{changes: numbered(0, 3)}
	ctx, cancel := context.WithCancel(t.Context())
	seen := &watchedFeed{feed: f, read: make(chan int64, 1000)}
	follower := search.NewFollower(x, seen, slog.New(slog.DiscardHandler), 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		follower.Run(ctx)
	}()
	seen.waitFor(3) // caught up at the start
	f.write(numbered(3, 8)...)
	for range 100 {
		follower.Enqueue(numbered(3, 8))
	}
	follower.Enqueue(nil)
	seen.waitFor(8)
	cancel()
	<-done
	if got := total(t, x, search.Query{}); got != 8 {
		t.Errorf("%d cases, want 8", got)
	}
	follower.Enqueue(numbered(8, 9)) // after the end: no effect, no hang
}

// watchedFeed tells from which change on it was read: the reader has indexed
// everything before.
type watchedFeed struct {
	*feed
	read chan int64
}

func (f *watchedFeed) Changed(ctx context.Context, after int64, limit int) ([]triage.Case, int64, error) {
	f.read <- after
	return f.feed.Changed(ctx, after, limit)
}

func (f *watchedFeed) waitFor(change int64) {
	for after := range f.read {
		if after >= change {
			return
		}
	}
}
