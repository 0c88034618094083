package live_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestRunFindsAndStoresAnIncident(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.live(newStream(1).ordinary(0, 52, 6).incident(outage, 50, 2, 9).sorted(), nil)
	c := s.only()
	same(t, "announcements", []string{"raised"}, s.kinds(c.ID))
	same(t, "members", 9, len(s.in(c.ID)))
	same(t, "stage", prevention.StageCandidate, c.Stage)
	if c.Alarm.Customers > 5 {
		t.Errorf("alarmed at %d customers, want at most 5", c.Alarm.Customers)
	}
	before := s.stories()
	if cases, raised := s.run(); cases+raised > 0 {
		t.Errorf("a second run took in %d cases and raised %d clusters", cases, raised)
	}
	same(t, "clusters after a second run", before, s.stories())
	same(t, "version after a second run", c.Version, s.only().Version)
}

// life is a stream in which an incident grows, ends and comes again, while
// others begin; one of them shows in facts only.
func life() []triage.Case {
	return newStream(2).ordinary(0, 100, 6).
		incident(outage, 40, 2, 9).incident(outage, 42, 4, 28).incident(outage, 90, 2, 24).
		incident(recall, 55, 1, 7).incident(recall, 57, 1, 2).
		facts(65, 3, 14).facts(68, 1, 3).sorted()
}

func TestADetectionGoesOnWhereAnotherStopped(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	cases := life()
	want := newService(t)
	want.live(want.register(cases), nil)
	var told []string
	for _, c := range want.clusters() {
		told = append(told, want.kinds(c.ID)...)
	}
	for _, kind := range []string{"raised", "escalated", "resolved", "reopened"} {
		if !slices.Contains(told, kind) {
			t.Errorf("the stream announces nothing as %s: %v", kind, told)
		}
	}
	if !slices.ContainsFunc(want.clusters(), func(c prevention.Cluster) bool { return c.Path == prevention.PathFacts }) {
		t.Error("the stream has no cluster that facts found")
	}
	for name, hook := range map[string]func(s *service) func(int){
		"restarted every day": func(s *service) func(int) { return func(int) { s.restart() } },
		"restarted every 9th day": func(s *service) func(int) {
			return func(day int) {
				if day%9 == 0 {
					s.restart()
				}
			}
		},
		"two instances in turn": func(s *service) func(int) {
			other := live.NewDetection(s.deps())
			return func(int) { s.Detection, other = other, s.Detection }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newService(t)
			got.live(got.before(38, got.register(cases)), hook(got))
			same(t, "clusters", want.stories(), got.stories())
		})
	}
}

var errStore = errors.New("the store is down")

// flaky fails at the step after so many calls of the store, by an error or by
// the end of its context.
type flaky struct {
	live.DetectionDeps
	left   int
	cancel context.CancelFunc // nil fails by an error
}

func (f *flaky) step() error {
	f.left--
	if f.left != 0 {
		return nil
	}
	if f.cancel != nil {
		f.cancel()
		return nil
	}
	return errStore
}

func (f *flaky) Progress(ctx context.Context) (prevention.Progress, error) {
	if err := f.step(); err != nil {
		return prevention.Progress{}, err
	}
	return f.Store.Progress(ctx)
}

func (f *flaky) Record(ctx context.Context, found prevention.Found) error {
	if err := f.step(); err != nil {
		return err
	}
	return f.Store.Record(ctx, found)
}

func (f *flaky) Corrections(ctx context.Context, after int64) ([]prevention.Correction, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.Store.Corrections(ctx, after)
}

func (f *flaky) Replay(ctx context.Context, since time.Time, upTo int64, each func(triage.Case, prevention.ClusterID) error) error {
	if err := f.step(); err != nil {
		return err
	}
	return f.Store.Replay(ctx, since, upTo, each)
}

func (f *flaky) NextCluster(ctx context.Context) (prevention.ClusterID, error) {
	if err := f.step(); err != nil {
		return "", err
	}
	return f.Store.NextCluster(ctx)
}

func (f *flaky) Arrived(ctx context.Context, after int64, limit int) ([]triage.Case, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.Feed.Arrived(ctx, after, limit)
}

func TestARunThatBreaksOffAnywhereLosesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	cases := newStream(3).ordinary(0, 52, 6).incident(outage, 46, 2, 9).incident(recall, 48, 3, 12).sorted()
	want := newService(t)
	want.live(want.before(46, cases), nil)
	if len(want.stories()) != 2 {
		t.Fatalf("got %d clusters, want two", len(want.stories()))
	}
	for _, cancelled := range []bool{false, true} {
		for calls := 1; calls <= 12; calls++ {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				s := newService(t)
				s.live(s.before(46, cases), func(int) {
					f := &flaky{DetectionDeps: s.deps(), left: calls}
					d := f.DetectionDeps
					d.Store, d.Feed = f, f
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if cancelled {
						f.cancel = cancel
					}
					_, _, err := live.NewDetection(d).Run(ctx)
					if f.left <= 0 && !cancelled && !errors.Is(err, errStore) {
						t.Errorf("got the error %v, want that of the store", err)
					}
				})
				same(t, "clusters", want.stories(), s.stories())
			})
		}
	}
}

func TestPostgreSQLFindsTheSame(t *testing.T) {
	t.Parallel()
	cases := newStream(4).ordinary(0, 52, 6).incident(outage, 46, 2, 9).sorted()
	got := openService(t, testkit.Postgres(t))
	got.live(cases, nil)
	want := newService(t)
	want.live(cases, nil)
	same(t, "clusters", want.stories(), got.stories())
}
