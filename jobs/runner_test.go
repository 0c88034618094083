package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/jobs"
)

var shanghai = time.FixedZone("UTC+8", 8*60*60)

// newRunner makes a runner for use inside a synctest bubble, where time stands
// still until everybody waits.
func newRunner(t *testing.T, l jobs.RunLog, list ...jobs.Job) *jobs.Runner {
	t.Helper()
	r := jobs.NewRunner(slog.New(slog.DiscardHandler), l, shanghai, time.Now)
	for _, j := range list {
		if err := r.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return r
}

// pass lets the bubble's time pass and everything settle.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// every is a job that is due each minute.
func every(do func(ctx context.Context) (string, error)) jobs.Job {
	return jobs.Job{Name: "work", Schedule: "@every 1m", Limit: 10 * time.Minute, Do: do}
}

// lasting works for d, or until its context ends.
func lasting(d time.Duration) func(ctx context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		select {
		case <-time.After(d):
			return "worked", nil
		case <-ctx.Done():
			return "half", ctx.Err()
		}
	}
}

func wantStates(t *testing.T, l *runLog, want ...jobs.State) {
	t.Helper()
	if diff := cmp.Diff(want, l.states()); diff != "" {
		t.Errorf("states of the runs (-want +got):\n%s", diff)
	}
}

func TestScheduledRunsAreRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, calls := &runLog{}, 0
		r := newRunner(t, l, every(func(context.Context) (string, error) {
			if calls++; calls == 2 {
				return "half", errors.New("disk full")
			}
			return "indexed 3", nil
		}))
		start := time.Now()
		r.Start(t.Context())
		r.Start(t.Context()) // changes nothing
		pass(2 * time.Minute)

		got, _ := l.Runs(t.Context(), "", 10)
		want := []jobs.Run{
			{ID: 2, Job: "work", State: jobs.StateFailed, StartedAt: start.Add(2 * time.Minute), EndedAt: start.Add(2 * time.Minute), By: "schedule", Note: "half", Error: "disk full"},
			{ID: 1, Job: "work", State: jobs.StateDone, StartedAt: start.Add(time.Minute), EndedAt: start.Add(time.Minute), By: "schedule", Note: "indexed 3"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
	})
}

func TestRunsDoNotOverlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		r := newRunner(t, l, every(lasting(150*time.Second)))
		r.Start(t.Context())
		pass(200 * time.Second) // due at 60, 120, 180; the first ends at 210
		wantStates(t, l, jobs.StateRunning)
		if _, err := r.RunNow(t.Context(), "work", "张三"); !errors.Is(err, jobs.ErrBusy) {
			t.Errorf("run now during a run: got error %v, want ErrBusy", err)
		}
		pass(50 * time.Second) // due again at 240
		wantStates(t, l, jobs.StateDone, jobs.StateRunning)
	})
}

func TestScheduledRunIsLeftOutDuringRunNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		r := newRunner(t, l, every(lasting(90*time.Second)))
		r.Start(t.Context())
		run, err := r.RunNow(t.Context(), "work", "张三")
		if err != nil || run.State != jobs.StateDone || run.By != "张三" || run.Note != "worked" || run.EndedAt.Sub(run.StartedAt) != 90*time.Second {
			t.Errorf("run now: got %+v, %v", run, err)
		}
		wantStates(t, l, jobs.StateDone)
	})
}

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := every(lasting(time.Hour))
		j.Limit = 20 * time.Second
		run, err := newRunner(t, &runLog{}, j).RunNow(t.Context(), "work", "张三")
		if err != nil {
			t.Fatal(err)
		}
		if run.State != jobs.StateFailed || run.EndedAt.Sub(run.StartedAt) != j.Limit || run.Note != "half" {
			t.Errorf("got %+v, want a failed run of %v with its note", run, j.Limit)
		}
		if want := "stopped at its time limit of 20s: context deadline exceeded"; run.Error != want {
			t.Errorf("got error %q, want %q", run.Error, want)
		}
	})
}

// With the wrappers of robfig/cron in the wrong order a job that panics once
// never runs again (its issue 366).
func TestPanicFailsTheRunAndNotTheJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, calls := &runLog{}, 0
		r := newRunner(t, l, every(func(context.Context) (string, error) {
			if calls++; calls == 1 {
				panic("index out of range")
			}
			return "", nil
		}))
		r.Start(t.Context())
		pass(2 * time.Minute)
		wantStates(t, l, jobs.StateFailed, jobs.StateDone)
		if got := l.runs[0].Error; got != "panic: index out of range" {
			t.Errorf("got error %q, want the panic", got)
		}
	})
}

func TestStopWaitsForARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		r := newRunner(t, l, every(lasting(30*time.Second)))
		r.Start(t.Context())
		pass(70 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
		wantStates(t, l, jobs.StateDone)
		if err := r.Stop(ctx); err != nil {
			t.Errorf("stop again: %v", err)
		}
		if _, err := r.RunNow(t.Context(), "work", "张三"); !errors.Is(err, jobs.ErrStopped) {
			t.Errorf("run now after the stop: got error %v, want ErrStopped", err)
		}
		r.Start(t.Context())
		pass(10 * time.Minute)
		wantStates(t, l, jobs.StateDone)
	})
}

func TestStopCancelsARunThatTakesTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		r := newRunner(t, l, every(lasting(time.Hour)))
		r.Start(t.Context())
		pass(70 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		before := time.Now()
		if err := r.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stop: got error %v, want that of its context", err)
		}
		if took := time.Since(before); took != 10*time.Second {
			t.Errorf("the stop took %v, want 10s", took)
		}
		wantStates(t, l, jobs.StateFailed)
		if got := l.runs[0].Error; got != "cancelled: context canceled" {
			t.Errorf("got error %q", got)
		}
	})
}

func TestStopGivesUpOnAJobThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := newRunner(t, &runLog{}, every(func(context.Context) (string, error) { <-release; return "", nil }))
		defer close(release)
		r.Start(t.Context())
		pass(70 * time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Stop(ctx); err == nil || !strings.Contains(err.Error(), "do not end") {
			t.Errorf("stop: got error %v, want one about a run that does not end", err)
		}
	})
}

func TestStopBeforeStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		r := newRunner(t, l, every(lasting(0)))
		if err := r.Stop(t.Context()); err != nil {
			t.Errorf("stop: %v", err)
		}
		r.Start(t.Context())
		pass(5 * time.Minute)
		wantStates(t, l)
	})
}

func TestTwoInstancesRunOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		j := every(lasting(30 * time.Second))
		a, b := newRunner(t, l, j), newRunner(t, l, j)
		a.Start(t.Context())
		b.Start(t.Context())
		pass(61 * time.Second)
		wantStates(t, l, jobs.StateRunning)
		if _, err := b.RunNow(t.Context(), "work", "张三"); !errors.Is(err, jobs.ErrBusy) {
			t.Errorf("run now while the other instance runs: got error %v, want ErrBusy", err)
		}
	})
}

func TestRunOfADeadProcessIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		j := every(lasting(0))
		if _, ok, err := l.Start(t.Context(), j.Name, "schedule", time.Now(), j.Limit+time.Minute); !ok || err != nil {
			t.Fatal(ok, err)
		}
		r := newRunner(t, l, j)
		r.Start(t.Context())
		pass(j.Limit)
		wantStates(t, l, jobs.StateRunning)
		pass(time.Minute)
		wantStates(t, l, jobs.StateLost, jobs.StateDone)
	})
}

// A run holds its job for as long as it takes, by renewing a short lease.
func TestLongRunKeepsItsJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		// From 1:00 to 9:50: an end on the minute would race the next run.
		j := every(lasting(9*time.Minute - 10*time.Second))
		a, b := newRunner(t, l, j), newRunner(t, l, j)
		a.Start(t.Context())
		pass(9 * time.Minute)
		if _, err := b.RunNow(t.Context(), "work", "张三"); !errors.Is(err, jobs.ErrBusy) {
			t.Errorf("run now during a long run elsewhere: got error %v, want ErrBusy", err)
		}
		pass(55 * time.Second)
		wantStates(t, l, jobs.StateDone)
	})
}

// A run that cannot hold its job any more is cancelled before another may begin.
func TestRunThatLosesItsLeaseEnds(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*runLog){
		"the run log fails": func(l *runLog) { l.failing = errors.New("database is locked") },
		"it counts as lost": func(l *runLog) { l.runs[0].State = jobs.StateLost },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := &runLog{}
				r := newRunner(t, l, every(lasting(9*time.Minute)))
				r.Start(t.Context())
				pass(61 * time.Second)
				l.mu.Lock()
				lose(l)
				l.mu.Unlock()
				pass(58 * time.Second)
				wantStates(t, l, jobs.StateFailed)
				if got := l.runs[0].Error; !strings.Contains(got, "lost its hold on the job") {
					t.Errorf("got error %q, want the reason", got)
				}
			})
		})
	}
}

func TestSchedulesAreInTheZone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &runLog{}
		r := newRunner(t, l, jobs.Job{Name: "nightly", Schedule: "30 2 * * *", Limit: time.Hour, Do: lasting(0)})
		r.Start(t.Context())
		status, err := r.Jobs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now().In(shanghai)
		want := time.Date(now.Year(), now.Month(), now.Day(), 2, 30, 0, 0, shanghai)
		if want.Before(now) {
			want = want.AddDate(0, 0, 1)
		}
		if len(status) != 1 || !status[0].Next.Equal(want) || status[0].Last != nil {
			t.Fatalf("got %+v, want the next run at %v and no last one", status, want)
		}
		pass(time.Until(want))
		status, err = r.Jobs(t.Context())
		if err != nil || status[0].Last == nil || !status[0].Last.StartedAt.Equal(want) {
			t.Errorf("got %+v, %v, want a last run at %v", status, err, want)
		}
	})
}

func TestRunNowErrors(t *testing.T) {
	t.Parallel()
	l := &runLog{failing: errors.New("database is locked")}
	r := jobs.NewRunner(slog.New(slog.DiscardHandler), l, shanghai, time.Now)
	if err := r.Add(every(lasting(0))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunNow(t.Context(), "play", "张三"); !errors.Is(err, jobs.ErrUnknown) {
		t.Errorf("an unknown name: got error %v, want ErrUnknown", err)
	}
	if _, err := r.RunNow(t.Context(), "work", "张三"); !errors.Is(err, l.failing) {
		t.Errorf("a run log that fails: got error %v, want %v", err, l.failing)
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*jobs.Job){
		`name "": use letters`:                  func(j *jobs.Job) { j.Name = "" },
		`name "a b": use letters`:               func(j *jobs.Job) { j.Name = "a b" },
		`name "索引": use letters`:                func(j *jobs.Job) { j.Name = "索引" },
		"time limit 0s":                         func(j *jobs.Job) { j.Limit = 0 },
		"nothing to do":                         func(j *jobs.Job) { j.Do = nil },
		`work: schedule ""`:                     func(j *jobs.Job) { j.Schedule = "" },
		`work: schedule "61 * * * *"`:           func(j *jobs.Job) { j.Schedule = "61 * * * *" },
		`work: schedule "TZ=UTC": names a time`: func(j *jobs.Job) { j.Schedule = "TZ=UTC" },
		`schedule "0 0 31 2 *" never comes`:     func(j *jobs.Job) { j.Schedule = "0 0 31 2 *" },
		"there is a job of that name already":   func(j *jobs.Job) { j.Name = "taken" },
	} {
		r := jobs.NewRunner(slog.New(slog.DiscardHandler), &runLog{}, shanghai, time.Now)
		taken := every(lasting(0))
		taken.Name = "taken"
		if err := r.Add(taken); err != nil {
			t.Fatal(err)
		}
		j := every(lasting(0))
		change(&j)
		if err := r.Add(j); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}
