package jobs_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
)

// runLog is a jobs.RunLog in memory that several runners may share, like
// several processes one database.
type runLog struct {
	mu     sync.Mutex
	runs   []jobs.Run
	leases []time.Time
	// failing is returned by Start when set.
	failing error
}

func (l *runLog) Start(_ context.Context, job, by string, at time.Time, lease time.Duration) (int64, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failing != nil {
		return 0, false, l.failing
	}
	for i := range l.runs {
		r := &l.runs[i]
		if r.Job != job || r.State != jobs.StateRunning {
			continue
		}
		if at.Before(l.leases[i]) {
			return 0, false, nil
		}
		r.State, r.EndedAt = jobs.StateLost, l.leases[i]
	}
	id := int64(len(l.runs) + 1)
	l.runs = append(l.runs, jobs.Run{ID: id, Job: job, State: jobs.StateRunning, StartedAt: at, By: by})
	l.leases = append(l.leases, at.Add(lease))
	return id, true, nil
}

func (l *runLog) Renew(_ context.Context, id int64, at time.Time, lease time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failing != nil {
		return false, l.failing
	}
	if l.runs[id-1].State != jobs.StateRunning {
		return false, nil
	}
	l.leases[id-1] = at.Add(lease)
	return true, nil
}

func (l *runLog) Finish(ctx context.Context, id int64, at time.Time, state jobs.State, note, errText string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if id < 1 || id > int64(len(l.runs)) {
		return errors.New("no such run")
	}
	r := &l.runs[id-1]
	r.EndedAt, r.State, r.Note, r.Error = at, state, note, errText
	return nil
}

func (l *runLog) Runs(_ context.Context, job string, limit int) ([]jobs.Run, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []jobs.Run
	for _, r := range slices.Backward(l.runs) {
		if (job == "" || r.Job == job) && len(found) < limit {
			found = append(found, r)
		}
	}
	return found, nil
}

// states lists the states of all runs, oldest first.
func (l *runLog) states() []jobs.State {
	l.mu.Lock()
	defer l.mu.Unlock()
	var states []jobs.State
	for _, r := range l.runs {
		states = append(states, r.State)
	}
	return states
}
