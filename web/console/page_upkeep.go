package console

import (
	"net/http"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
)

// runsShown is how many runs of each job the page lists.
const runsShown = 5

// jobView is one job with its latest runs, newest first.
type jobView struct {
	Name     string
	Schedule string
	Limit    string
	Running  bool
	Runs     []runRow
}

type runRow struct {
	State     jobs.State
	StartedAt string
	Took      string // "" while it runs
	By        string
	Note      string
	Error     string
}

func (c *Console) showJobs(v *visit) error {
	if c.d.Jobs == nil {
		return c.notFound(v)
	}
	var views []jobView
	for _, j := range c.d.Jobs.Jobs() {
		runs, err := c.d.Jobs.Runs(v.r.Context(), j.Name, runsShown)
		if err != nil {
			return err
		}
		view := jobView{Name: j.Name, Schedule: j.Schedule, Limit: v.lang.span(j.Limit)}
		for _, r := range runs {
			view.Running = view.Running || r.State == jobs.StateRunning
			view.Runs = append(view.Runs, runRow{
				State: r.State, StartedAt: c.when(r.StartedAt), Took: took(r),
				By: v.lang.label("actor", r.By), Note: r.Note, Error: r.Error,
			})
		}
		views = append(views, view)
	}
	return c.render(v, http.StatusOK, "jobs", page{Title: "nav.jobs", Nav: "/jobs", View: views})
}

func took(r jobs.Run) string {
	if r.EndedAt.IsZero() {
		return ""
	}
	return r.EndedAt.Sub(r.StartedAt).Round(10 * time.Millisecond).String()
}

func (c *Console) runJob(v *visit) error {
	if c.d.Jobs == nil {
		return c.notFound(v)
	}
	name := v.r.PathValue("name")
	ctx := v.r.Context()
	if err := c.d.Jobs.RunNow(ctx, name, v.user.Name); err != nil {
		if triage.CodeOf(err) == triage.CodeConflict {
			return c.redirect(v, "/jobs", "job_running")
		}
		return err
	}
	if err := c.audit(ctx, v.user.Name, "run_job", "job:"+name, ""); err != nil {
		return err
	}
	return c.redirect(v, "/jobs", "job_started")
}
