// Package jobs runs the scheduled work: on a cron schedule in an explicit time
// zone, never overlapping itself, one instance at a time over all processes,
// each run recorded and limited in time, and each runnable by hand.
package jobs

import (
	"context"
	"time"
)

// Job is one piece of scheduled work.
type Job struct {
	// Name is the stable key: letters, digits and dashes.
	Name string
	// Schedule is a five-field cron expression or "@every 1m".
	Schedule string
	// Limit bounds one run; the context is cancelled at its end.
	Limit time.Duration
	// Do does the work and returns a short note for the run log ("indexed 120").
	// It must be resumable: a run that was killed is simply followed by the next.
	Do func(ctx context.Context) (note string, err error)
}

// State is how a run stands.
type State string

// The states of a run.
const (
	StateRunning State = "running"
	StateDone    State = "done"
	StateFailed  State = "failed"
	// StateLost is a run whose process died: it was running when its lease ended.
	StateLost State = "lost"
)

// Run is one recorded run of a job.
type Run struct {
	ID        int64
	Job       string
	State     State
	StartedAt time.Time
	// EndedAt is zero while the run goes on.
	EndedAt time.Time
	// By is "schedule" or the name of the person who ran it.
	By    string
	Note  string
	Error string
}

// RunLog records runs and decides who may run.
type RunLog interface {
	// Start records a run and returns its id, unless another run of the job is
	// running and its lease has not ended, which begins with StartedAt: then
	// ok is false. Runs whose lease has ended become lost.
	Start(ctx context.Context, job, by string, at time.Time, lease time.Duration) (id int64, ok bool, err error)
	// Renew makes the lease of a run end at at + lease. It returns false when the
	// run is not running any more: it was taken for lost.
	Renew(ctx context.Context, id int64, at time.Time, lease time.Duration) (ok bool, err error)
	// Finish records the end of a run.
	Finish(ctx context.Context, id int64, at time.Time, state State, note, errText string) error
	// Runs returns the latest runs of a job, newest first; "" means all jobs.
	Runs(ctx context.Context, job string, limit int) ([]Run, error)
}
