package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

type jobView struct {
	Name     string   `json:"name"`
	Schedule string   `json:"schedule" doc:"Cron expression or interval"`
	Last     *runView `json:"last,omitempty" doc:"The latest run; missing when there is none"`
}

type runView struct {
	ID        int64      `json:"id"`
	State     jobs.State `json:"state" enum:"running,done,failed,lost"`
	StartedAt *time.Time `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at"`
	By        string     `json:"by" doc:"schedule, or who ran it"`
	Note      string     `json:"note"`
	Error     string     `json:"error"`
}

func (s *Server) runView(r *jobs.Run) *runView {
	return &runView{
		ID: r.ID, State: r.State, StartedAt: s.local(r.StartedAt), EndedAt: s.local(r.EndedAt), By: r.By, Note: r.Note, Error: r.Error,
	}
}

type jobsResponse struct {
	Body struct {
		Items []jobView `json:"items"`
	}
}

type runsRequest struct {
	Name  string `path:"name" maxLength:"100"`
	Limit int    `query:"limit" default:"20" minimum:"1" maximum:"200"`
}

type runsResponse struct {
	Body struct {
		Items []runView `json:"items" doc:"Newest first"`
	}
}

type runNowRequest struct {
	Name string `path:"name" maxLength:"100"`
}

type runNowResponse struct {
	Location string `header:"Location"`
	Body     struct {
		Job string `json:"job"`
		By  string `json:"by"`
	}
}

func (s *Server) jobRoutes(api huma.API) {
	register(s, api, access.JobRead, huma.Operation{
		OperationID: "list-jobs", Method: http.MethodGet, Path: "/jobs", Summary: "The scheduled jobs",
	}, s.listJobs)
	register(s, api, access.JobRead, huma.Operation{
		OperationID: "list-runs", Method: http.MethodGet, Path: "/jobs/{name}/runs", Summary: "The latest runs of a job",
	}, s.listRuns)
	register(s, api, access.JobRun, huma.Operation{
		OperationID: "run-job", Method: http.MethodPost, Path: "/jobs/{name}/run", DefaultStatus: http.StatusAccepted, Summary: "Run a job now; its runs tell how it goes",
	}, s.runJob)
}

func (s *Server) listJobs(ctx context.Context, _ *struct{}) (*jobsResponse, error) {
	all := s.d.Jobs.Jobs()
	out := &jobsResponse{}
	out.Body.Items = make([]jobView, len(all))
	for i, job := range all {
		out.Body.Items[i] = jobView{Name: job.Name, Schedule: job.Schedule}
		last, err := s.d.Jobs.Runs(ctx, job.Name, 1)
		if err != nil {
			return nil, err
		}
		if len(last) > 0 {
			out.Body.Items[i].Last = s.runView(&last[0])
		}
	}
	return out, nil
}

func (s *Server) listRuns(ctx context.Context, in *runsRequest) (*runsResponse, error) {
	known := slices.ContainsFunc(s.d.Jobs.Jobs(), func(j jobs.Job) bool { return j.Name == in.Name })
	if !known {
		return nil, triage.Errorf(triage.CodeNotFound, "there is no such job; GET %s/jobs lists them", apiRoot)
	}
	runs, err := s.d.Jobs.Runs(ctx, in.Name, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &runsResponse{}
	out.Body.Items = make([]runView, len(runs))
	for i := range runs {
		out.Body.Items[i] = *s.runView(&runs[i])
	}
	return out, nil
}

func (s *Server) runJob(ctx context.Context, in *runNowRequest) (*runNowResponse, error) {
	by := requestOf(ctx).actor
	if err := s.d.Jobs.RunNow(ctx, in.Name, by); err != nil {
		return nil, err
	}
	out := &runNowResponse{Location: apiRoot + "/jobs/" + in.Name + "/runs"}
	out.Body.Job, out.Body.By = in.Name, by
	return out, nil
}
