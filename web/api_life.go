package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/life"
)

type stepsResponse struct {
	Body struct {
		Items []stepView `json:"items" doc:"Oldest first; entries are never changed"`
	}
}

type movesResponse struct {
	Body struct {
		Status  triage.Status `json:"status"`
		Version int64         `json:"version"`
		Items   []moveView    `json:"items" doc:"The moves that are allowed now"`
		Missing []needView    `json:"hand_over_needs" doc:"What a hand-over has to answer that the case does not"`
	}
}

type breachRequest struct {
	Clock      string `query:"clock" enum:"respond,verify,resolve,step" doc:"The limit that was missed; step, that of the present step, is the default"`
	Department string `query:"department" maxLength:"1000"`
	Owner      string `query:"owner" maxLength:"1000"`
	Near       bool   `query:"near" doc:"Limits that are nearly missed instead: they end today, or the owner has been warned"`
	Cursor     string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit      int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type breachView struct {
	Case  caseSummary `json:"case"`
	Clock life.Clock  `json:"clock" enum:"respond,verify,resolve,step"`
	Due   *time.Time  `json:"due"`
	Late  float64     `json:"late_hours" doc:"Working time since then, in hours; below zero for what is left"`
}

type breachResponse struct {
	Body struct {
		Items []breachView `json:"items" doc:"The earliest limit first"`
		Next  string       `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

func (s *Server) lifeRoutes(api huma.API) {
	if s.d.Life == nil {
		return
	}
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-steps", Method: http.MethodGet, Path: "/complaints/{id}/steps", Summary: "The record of a case, step by step",
	}, s.steps)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-moves", Method: http.MethodGet, Path: "/complaints/{id}/moves", Summary: "What can be done with a case now, and what each move needs",
	}, s.moves)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-breaches", Method: http.MethodGet, Path: "/breaches", Summary: "Open cases that have missed a time limit, or nearly",
	}, s.breaches)
	s.moveRoutes(api)
}

func (s *Server) steps(ctx context.Context, in *caseRequest) (*stepsResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	steps, err := s.d.Life.Steps(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	out := &stepsResponse{}
	out.Body.Items = make([]stepView, len(steps))
	for i := range steps {
		out.Body.Items[i] = s.stepView(&steps[i])
	}
	return out, nil
}

func (s *Server) moves(ctx context.Context, in *caseRequest) (*movesResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &movesResponse{}
	out.Body.Status, out.Body.Version = c.Status, c.Work.Version
	out.Body.Items, out.Body.Missing = moveViews(life.Options(&c)), needViews(life.Missing(&c, nil))
	return out, nil
}

func (s *Server) breaches(ctx context.Context, in *breachRequest) (*breachResponse, error) {
	page, err := s.d.Life.Breaches(ctx, life.BreachFilter{
		Clock: life.Clock(in.Clock), Department: in.Department, Owner: in.Owner, Near: in.Near, Scope: scopeOf(ctx), Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &breachResponse{}
	out.Body.Items, out.Body.Next = make([]breachView, len(page.Breaches)), page.Next
	for i := range page.Breaches {
		b := &page.Breaches[i]
		out.Body.Items[i] = breachView{
			Case: s.caseSummary(&b.Case), Clock: b.Clock, Due: s.local(b.Due), Late: b.Late.Hours(),
		}
	}
	return out, nil
}
