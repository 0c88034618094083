package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
	"github.com/qianyi-dev/qianyi/web/console"
)

var (
	_ web.JobRunner     = (*scheduler)(nil)
	_ console.JobRunner = (*scheduler)(nil)
)

// scheduler is the runner with every job of the service, as API and console
// see it.
type scheduler struct {
	*jobs.Runner
	list []jobs.Job
	runs jobs.RunLog
	log  *slog.Logger
}

func newScheduler(db *store.DB, index *shadow, p *prevent, h *handling, st *stream, l *learning, zone *time.Location, log *slog.Logger) (*scheduler, error) {
	handled := h.jobs()
	l.addJobs(&handled)
	handled.Audit = verifyAudit(db, time.Now)
	s := &scheduler{
		Runner: jobs.NewRunner(log, db.RunLog(), zone, time.Now),
		list: slices.Concat([]jobs.Job{jobs.IndexCatchUp(index.CatchUp), jobs.PruneReplays(db.Prune, time.Now)},
			handled.Jobs(), p.jobs(), st.jobs().Jobs()),
		runs: db.RunLog(),
		log:  log,
	}
	for _, j := range s.list {
		if err := s.Add(j); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Jobs lists every job.
func (s *scheduler) Jobs() []jobs.Job { return s.list }

// Runs returns the latest runs of a job.
func (s *scheduler) Runs(ctx context.Context, name string, limit int) ([]jobs.Run, error) {
	if !slices.ContainsFunc(s.list, func(j jobs.Job) bool { return j.Name == name }) {
		return nil, runError(name, jobs.ErrUnknown)
	}
	return s.runs.Runs(ctx, name, limit)
}

// refusalWait is how long a run may take to be refused: within it the run log
// has said whether another run holds the job.
const refusalWait = time.Second

// RunNow starts a run that goes on after the request. It answers as soon as the
// run has ended or is known to be going on; the runner waits for it at Stop.
func (s *scheduler) RunNow(ctx context.Context, name, by string) error {
	ended := make(chan error, 1)
	go func() {
		_, err := s.Runner.RunNow(context.WithoutCancel(ctx), name, by)
		ended <- err
	}()
	wait := time.NewTimer(refusalWait)
	defer wait.Stop()
	select {
	case err := <-ended:
		return runError(name, err)
	case <-wait.C:
		return nil
	}
}

// runError gives the runner's errors their codes.
func runError(name string, err error) error {
	switch {
	case errors.Is(err, jobs.ErrUnknown):
		return triage.Errorf(triage.CodeNotFound, "there is no job %q", name)
	case errors.Is(err, jobs.ErrBusy):
		return triage.Errorf(triage.CodeConflict, "job %s is running already", name)
	case errors.Is(err, jobs.ErrStopped):
		return triage.Errorf(triage.CodeUnavailable, "the service is stopping")
	}
	return err
}
