package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// planDesk is what the API calls of [outreach.Service].
type planDesk interface {
	planReader
	planWriter
	planDecisions
	planControl
	noticeDecider
	blockList
}

type planReader interface {
	Plans(ctx context.Context, f prevention.PlanFilter) ([]prevention.Plan, error)
	Plan(ctx context.Context, id prevention.PlanID) (prevention.Plan, error)
}

type planWriter interface {
	Create(ctx context.Context, content prevention.Plan, by string) (prevention.Plan, error)
	Edit(ctx context.Context, content prevention.Plan, by string) (prevention.Plan, error)
	Preview(ctx context.Context, content prevention.Plan, limit int) (outreach.Preview, error)
}

var _ planDesk = (*outreach.Service)(nil)

type plansRequest struct {
	Cluster string `query:"cluster" maxLength:"40"`
	Status  string `query:"status" enum:"draft,submitted,approved,running,stopped,finished,rejected,cancelled"`
	Cursor  string `query:"cursor" maxLength:"40" doc:"The next of the page before"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type plansResponse struct {
	Body struct {
		Items []planView        `json:"items" doc:"Latest first"`
		Next  prevention.PlanID `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type planResponse struct {
	Location string `header:"Location" doc:"Address of a plan that was made"`
	Body     planView
}

type createPlanRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body planInput
}

type editPlanRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body planInput
}

// planInput is the content of a plan as a person writes it.
type planInput struct {
	_        struct{}            `additionalProperties:"false"`
	Title    string              `json:"title"`
	Cohort   ruleInput           `json:"cohort"`
	Template prevention.Template `json:"template"`
	Channels []string            `json:"channels" maxItems:"10" nullable:"false" doc:"Tried in this order"`
	StartAt  string              `json:"start_at,omitempty" doc:"Empty is as soon as approved"`
	Holdout  float64             `json:"holdout,omitempty" minimum:"0" maximum:"0.5" doc:"Part of the cohort that is not told, to compare with"`
	Version  int64               `json:"version,omitempty" doc:"Of the plan that was read; needed to change one"`
}

// readVersion refuses a change that does not say what it is based on.
func readVersion(version int64) error {
	if version <= 0 {
		return triage.FieldErrorf("version", "is missing: send the version that was read")
	}
	return nil
}

func (s *Server) planRoutes(api huma.API) {
	const one = "/plans/{id}"
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "list-plans", Method: http.MethodGet, Path: "/plans", Summary: "Outreach plans",
	}, s.listPlans)
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "get-plan", Method: http.MethodGet, Path: one, Summary: "One plan with its progress",
	}, s.getPlan)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "create-plan", Method: http.MethodPost, Path: "/clusters/{id}/plans", DefaultStatus: http.StatusCreated,
		Summary: "Draft a plan to tell the cohort of a cluster",
	}, s.createPlan)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "edit-plan", Method: http.MethodPost, Path: one, Summary: "Change a plan that is not approved; it becomes a draft",
	}, s.editPlan)
	s.previewRoutes(api)
	s.planLifeRoutes(api)
	s.noticeRoutes(api)
	s.suppressionRoutes(api)
	if s.d.Effects != nil {
		s.effectRoutes(api)
	}
}

func (s *Server) listPlans(ctx context.Context, in *plansRequest) (*plansResponse, error) {
	f := prevention.PlanFilter{Cluster: prevention.ClusterID(in.Cluster), Before: prevention.PlanID(in.Cursor), Limit: in.Limit + 1}
	if in.Status != "" {
		f.Statuses = []prevention.PlanStatus{prevention.PlanStatus(in.Status)}
	}
	plans, err := s.d.Plans.Plans(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &plansResponse{}
	if len(plans) > in.Limit {
		plans = plans[:in.Limit]
		out.Body.Next = plans[in.Limit-1].ID
	}
	out.Body.Items = make([]planView, len(plans))
	for i := range plans {
		out.Body.Items[i] = s.planView(&plans[i])
	}
	return out, nil
}

func (s *Server) getPlan(ctx context.Context, in *idRequest) (*planResponse, error) {
	p, err := s.d.Plans.Plan(ctx, prevention.PlanID(in.ID))
	return s.answerPlan(ctx, p, err)
}

// answerPlan answers a plan as it is after a change.
func (s *Server) answerPlan(ctx context.Context, p prevention.Plan, err error) (*planResponse, error) {
	if err != nil {
		return nil, inPlan(err)
	}
	counts, err := s.d.Notices.CountNotices(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	out := &planResponse{Body: s.planView(&p)}
	out.Body.Notices = counts
	return out, nil
}

func (s *Server) createPlan(ctx context.Context, in *createPlanRequest) (*planResponse, error) {
	p, err := s.planned(ctx, in)
	if err != nil {
		return nil, err
	}
	p, err = s.d.Plans.Create(ctx, p, requestOf(ctx).actor)
	out, err := s.answerPlan(ctx, p, err)
	if err == nil {
		out.Location = apiRoot + "/plans/" + url.PathEscape(string(p.ID))
	}
	return out, err
}

// planned understands a plan for a cluster, which must be there.
func (s *Server) planned(ctx context.Context, in *createPlanRequest) (prevention.Plan, error) {
	c, err := s.d.Clusters.Cluster(ctx, prevention.ClusterID(in.ID))
	if err != nil {
		return prevention.Plan{}, err
	}
	if c.MergedInto != "" {
		return prevention.Plan{}, triage.Errorf(triage.CodeConflict, "cluster %s was merged into %s: plan for that one", c.ID, c.MergedInto)
	}
	p, err := s.content(in.Body)
	p.Cluster = c.ID
	return p, err
}

// content understands what a person wrote.
func (s *Server) content(in planInput) (prevention.Plan, error) {
	cohort, err := s.rule(in.Cohort)
	if err != nil {
		return prevention.Plan{}, inPlan(err)
	}
	start, err := s.parseTime("start_at", in.StartAt)
	return prevention.Plan{
		Title: in.Title, Cohort: cohort, Template: in.Template, Channels: in.Channels, StartAt: start, Holdout: in.Holdout,
	}, err
}

// inPlan moves the field of an error about a part of a plan, or of an event
// rule, to where a body has it.
func inPlan(err error) error {
	e, ok := errors.AsType[*triage.Error](err)
	if !ok {
		return err
	}
	var part string
	switch {
	case strings.HasPrefix(e.Field, "conditions"), strings.HasPrefix(e.Field, "regions"):
		part = "cohort."
	case e.Field == "subject", e.Field == "text":
		part = "template."
	default:
		return err
	}
	return &triage.Error{Code: e.Code, Field: part + e.Field, Message: e.Message, Err: e.Err}
}

func (s *Server) editPlan(ctx context.Context, in *editPlanRequest) (*planResponse, error) {
	if err := readVersion(in.Body.Version); err != nil {
		return nil, err
	}
	p, err := s.content(in.Body)
	if err != nil {
		return nil, err
	}
	p.ID, p.Version = prevention.PlanID(in.ID), in.Body.Version
	p, err = s.d.Plans.Edit(ctx, p, requestOf(ctx).actor)
	return s.answerPlan(ctx, p, err)
}
