package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Errors of the runner.
var (
	// ErrBusy means that the job is running, here or in another process.
	ErrBusy = errors.New("the job is already running")
	// ErrUnknown means that there is no job of that name.
	ErrUnknown = errors.New("no such job")
	// ErrStopped means that the runner takes no more runs.
	ErrStopped = errors.New("the job runner is stopped")
)

// BySchedule is Run.By of a run that nobody asked for.
const BySchedule = "schedule"

// Runner runs jobs on their schedules and by hand. It is used once: after Stop
// it stays stopped. All methods are safe for concurrent use.
//
// What it guarantees of a job, as long as the job ends when its context does:
// two runs never overlap, in this process or in another one on the same run
// log; every run is recorded with its end, note and error; a panic fails the
// run and not the process, and the job runs again next time. What it does not:
// a run that falls due while another one goes on is left out, as is one that
// falls due while no process is up.
type Runner struct {
	log  *slog.Logger
	runs RunLog
	zone *time.Location
	now  func() time.Time
	cron *cron.Cron

	mu   sync.Mutex
	jobs []scheduled // in the order of Add
	// base is the context of Start: the scheduler's callbacks have none.
	base    context.Context
	stopped bool
	// cancels ends the runs that are going on; going counts them.
	cancels map[*context.CancelFunc]struct{}
	going   sync.WaitGroup
}

// scheduled is a job with its schedule understood.
type scheduled struct {
	Job
	schedule cron.Schedule
}

// NewRunner makes a runner without jobs. Schedules are in the zone; now gives
// the times that are recorded.
func NewRunner(log *slog.Logger, runs RunLog, zone *time.Location, now func() time.Time) *Runner {
	logger := cronLog{log}
	return &Runner{
		log: log, runs: runs, zone: zone, now: now,
		cancels: map[*context.CancelFunc]struct{}{},
		cron: cron.New(cron.WithLocation(zone), cron.WithLogger(logger),
			// In this order: outside, Recover would let a panic pass by
			// SkipIfStillRunning, which then holds the job for running for ever
			// (robfig/cron issue 366).
			cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger))),
	}
}

var validName = regexp.MustCompile(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`)

// Add registers a job, before Start or after it. It refuses a name that is
// taken or malformed, a schedule that cannot be understood or never comes, and
// a job without a time limit.
func (r *Runner) Add(j Job) error {
	if !validName.MatchString(j.Name) {
		return fmt.Errorf("jobs: name %q: use letters, digits and single dashes between them", j.Name)
	}
	if j.Limit <= 0 {
		return fmt.Errorf("jobs: %s: time limit %v: every job needs one above zero", j.Name, j.Limit)
	}
	if j.Do == nil {
		return fmt.Errorf("jobs: %s: there is nothing to do", j.Name)
	}
	schedule, err := parseSchedule(j.Schedule)
	if err != nil {
		return fmt.Errorf("jobs: %s: schedule %q: %w", j.Name, j.Schedule, err)
	}
	s := scheduled{Job: j, schedule: schedule}
	if schedule.Next(r.now().In(r.zone)).IsZero() {
		return fmt.Errorf("jobs: %s: schedule %q never comes", j.Name, j.Schedule)
	}
	if !r.register(s) {
		return fmt.Errorf("jobs: %s: there is a job of that name already", j.Name)
	}
	r.cron.Schedule(schedule, cron.FuncJob(func() { r.runDue(j) }))
	return nil
}

// register adds the job unless its name is taken.
func (r *Runner) register(s scheduled) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range r.jobs {
		if other.Name == s.Name {
			return false
		}
	}
	r.jobs = append(r.jobs, s)
	return true
}

func parseSchedule(spec string) (cron.Schedule, error) {
	if strings.HasPrefix(spec, "TZ=") || strings.HasPrefix(spec, "CRON_TZ=") {
		return nil, errors.New("names a time zone; all schedules are in the zone of the service")
	}
	return cron.ParseStandard(spec)
}

// Start begins to run jobs when they fall due. Their contexts derive from ctx.
// Starting twice, or after Stop, does nothing.
func (r *Runner) Start(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || r.base != nil {
		return
	}
	r.base = ctx
	r.cron.Start()
}

// stopGrace is how long cancelled runs have to come to an end and be recorded.
const stopGrace = 5 * time.Second

// Stop takes no more runs and waits for those that are going on. When ctx ends
// first it cancels them, gives them a few seconds to be recorded, and returns
// an error. It may be called twice, and before Start.
func (r *Runner) Stop(ctx context.Context) error {
	r.mu.Lock()
	r.stopped = true
	r.mu.Unlock()
	r.cron.Stop()

	done := make(chan struct{})
	go func() {
		r.going.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	r.cancelAll()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	select {
	case <-done:
		return fmt.Errorf("jobs: runs were cancelled at the stop: %w", ctx.Err())
	case <-grace.Done():
		return fmt.Errorf("jobs: runs do not end although they were cancelled: %w", ctx.Err())
	}
}

func (r *Runner) cancelAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for cancel := range r.cancels {
		(*cancel)()
	}
}

// Status is how a job stands.
type Status struct {
	Name     string
	Schedule string
	Limit    time.Duration
	// Next is when the job falls due, in the runner's zone.
	Next time.Time
	// Last is the latest run in any process; nil before the first.
	Last *Run
}

// Jobs returns the jobs in the order in which they were added.
func (r *Runner) Jobs(ctx context.Context) ([]Status, error) {
	r.mu.Lock()
	list := append([]scheduled(nil), r.jobs...)
	r.mu.Unlock()
	now := r.now().In(r.zone)
	statuses := make([]Status, len(list))
	for i, j := range list {
		statuses[i] = Status{Name: j.Name, Schedule: j.Schedule, Limit: j.Limit, Next: j.schedule.Next(now)}
		last, err := r.runs.Runs(ctx, j.Name, 1)
		if err != nil {
			return nil, fmt.Errorf("jobs: last run of %s: %w", j.Name, err)
		}
		if len(last) > 0 {
			statuses[i].Last = &last[0]
		}
	}
	return statuses, nil
}
