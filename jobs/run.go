package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// recordLimit bounds the writing of a run's end, which also happens when the
// run was cancelled.
const recordLimit = 10 * time.Second

// RunNow runs a job at once, in the name of by, and returns its record when it
// has ended. The run ends with ctx, with its time limit or at Stop. The error
// is ErrBusy, ErrUnknown, ErrStopped, or that of the run log; a run that failed
// is no error here: it is told by the record. RunNow works before Start.
func (r *Runner) RunNow(ctx context.Context, name, by string) (Run, error) {
	j, err := r.find(name)
	if err != nil {
		return Run{}, err
	}
	run, err := r.run(ctx, j, by)
	if err != nil {
		return Run{}, fmt.Errorf("jobs: %s: %w", name, err)
	}
	return run, nil
}

func (r *Runner) find(name string) (Job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.jobs {
		if j.Name == name {
			return j.Job, nil
		}
	}
	return Job{}, fmt.Errorf("jobs: %q: %w", name, ErrUnknown)
}

// runDue runs a job because its time has come.
func (r *Runner) runDue(j Job) {
	r.mu.Lock()
	ctx := r.base
	r.mu.Unlock()
	_, err := r.run(ctx, j, BySchedule)
	switch {
	case errors.Is(err, ErrBusy), errors.Is(err, ErrStopped):
		r.log.DebugContext(ctx, "job left out", "job", j.Name, "reason", err.Error())
	case err != nil:
		r.log.ErrorContext(ctx, "job cannot be run", "job", j.Name, "err", err)
	}
}

// run records, limits and executes one run. The error is about the recording.
func (r *Runner) run(ctx context.Context, j Job, by string) (Run, error) {
	ctx, end, err := r.begin(ctx)
	if err != nil {
		return Run{}, err
	}
	defer end()
	run := Run{Job: j.Name, State: StateRunning, StartedAt: r.now(), By: by}
	id, ok, err := r.runs.Start(ctx, j.Name, by, run.StartedAt, leaseLength)
	if err != nil {
		return Run{}, fmt.Errorf("record the start: %w", err)
	}
	if !ok {
		return Run{}, ErrBusy
	}
	run.ID = id
	note, failure := r.hold(ctx, run, func(ctx context.Context) (string, error) { return r.execute(ctx, j) })
	run.EndedAt, run.Note, run.State = r.now(), note, StateDone
	if failure != nil {
		run.State, run.Error = StateFailed, failure.Error()
	}
	r.report(ctx, &run, failure)
	record, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
	defer cancel()
	if err := r.runs.Finish(record, run.ID, run.EndedAt, run.State, run.Note, run.Error); err != nil {
		return Run{}, fmt.Errorf("record the end: %w", err)
	}
	return run, nil
}

// begin registers a run, so that Stop waits for it and can cancel it. Without
// an error, end must be called.
func (r *Runner) begin(ctx context.Context) (run context.Context, end func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return nil, nil, ErrStopped
	}
	run, cancel := context.WithCancel(ctx)
	r.cancels[&cancel] = struct{}{}
	r.going.Add(1)
	return run, func() {
		cancel()
		r.mu.Lock()
		delete(r.cancels, &cancel)
		r.mu.Unlock()
		r.going.Done()
	}, nil
}

// execute does the work within its time limit. A panic becomes the error of
// the run; its stack goes to the log.
func (r *Runner) execute(ctx context.Context, j Job) (note string, err error) {
	limited, cancel := context.WithTimeout(ctx, j.Limit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			r.log.ErrorContext(ctx, "job panicked", "job", j.Name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	note, err = j.Do(limited)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		if loss := lossOf(ctx); loss != nil {
			err = fmt.Errorf("%w: %w", loss, err)
		}
		err = fmt.Errorf("cancelled: %w", err)
	case limited.Err() != nil:
		err = fmt.Errorf("stopped at its time limit of %v: %w", j.Limit, err)
	}
	return note, err
}

// report tells the log how a run ended.
func (r *Runner) report(ctx context.Context, run *Run, failure error) {
	took := run.EndedAt.Sub(run.StartedAt)
	level := slog.LevelDebug
	if failure != nil {
		level = slog.LevelError
	}
	r.log.Log(ctx, level, "job ended", "job", run.Job, "run", run.ID, "by", run.By, "state", run.State,
		"took", took, "note", run.Note, "err", run.Error)
}

// cronLog passes what the cron library says on to our log. Its news, a few
// lines a minute, are for debugging.
type cronLog struct{ log *slog.Logger }

// Info logs at debug level.
func (l cronLog) Info(msg string, keysAndValues ...any) {
	l.log.Debug("cron: "+msg, keysAndValues...) //nolint:sloglint // the library gives no context
}

// Error logs at error level.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("cron: "+msg, append(keysAndValues, "err", err)...) //nolint:sloglint // the library gives no context
}
