package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage/access"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
)

// ruleDesk is what the API calls of [outreach.Rules].
type ruleDesk interface {
	List(ctx context.Context) ([]prevention.EventRule, error)
	Rule(ctx context.Context, id prevention.EventRuleID) (prevention.EventRule, error)
	ruleWriter
}

type ruleWriter interface {
	Create(ctx context.Context, content prevention.EventRule, by string) (prevention.EventRule, error)
	Edit(ctx context.Context, content prevention.EventRule, by string) (prevention.EventRule, error)
	Approve(ctx context.Context, id prevention.EventRuleID, version int64, by string) (prevention.EventRule, error)
	Pause(ctx context.Context, id prevention.EventRuleID, by string) (prevention.EventRule, error)
}

var _ ruleDesk = (*outreach.Rules)(nil)

type ruleView struct {
	ID          prevention.EventRuleID     `json:"id"`
	Name        string                     `json:"name"`
	Status      prevention.EventRuleStatus `json:"status" enum:"draft,approved,paused"`
	When        prevention.Condition       `json:"when"`
	Unless      *prevention.Condition      `json:"unless,omitempty" doc:"What undoes the mishap when the same customer has it later"`
	WaitMinutes int                        `json:"wait_minutes"`
	Template    prevention.Template        `json:"template"`
	Channels    []string                   `json:"channels" nullable:"false"`
	Holdout     float64                    `json:"holdout"`
	DailyCap    int                        `json:"daily_cap"`
	CreatedBy   string                     `json:"created_by"`
	ApprovedBy  string                     `json:"approved_by"`
	CreatedAt   *time.Time                 `json:"created_at"`
	ApprovedAt  *time.Time                 `json:"approved_at"`
	Through     *time.Time                 `json:"through" doc:"Exposures up to this time have been looked at"`
	Version     int64                      `json:"version" doc:"Send it back with a change: an old one is refused"`
}

func (s *Server) ruleView(r *prevention.EventRule) ruleView {
	v := ruleView{
		ID: r.ID, Name: s.d.Mask(r.Name), Status: r.Status, When: s.shownCondition(r.When), WaitMinutes: int(r.Wait / time.Minute),
		Template: r.Template, Channels: list(r.Channels), Holdout: r.Holdout, DailyCap: r.DailyCap, CreatedBy: r.CreatedBy,
		ApprovedBy: r.ApprovedBy, CreatedAt: s.local(r.CreatedAt), ApprovedAt: s.local(r.ApprovedAt), Through: s.local(r.Through),
		Version: r.Version,
	}
	if r.Unless.Kind != "" {
		unless := s.shownCondition(r.Unless)
		v.Unless = &unless
	}
	return v
}

type rulesResponse struct {
	Body struct {
		Items []ruleView `json:"items" doc:"In the order they were made"`
	}
}

type ruleResponse struct {
	Location string `header:"Location" doc:"Address of a rule that was made"`
	Body     ruleView
}

type createRuleRequest struct{ Body eventRuleInput }

type editRuleRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body eventRuleInput
}

// eventRuleInput is the content of an event rule as a person writes it.
type eventRuleInput struct {
	_           struct{}            `additionalProperties:"false"`
	Name        string              `json:"name"`
	When        conditionInput      `json:"when" doc:"The exposure that is a mishap"`
	Unless      *conditionInput     `json:"unless,omitempty" doc:"The exposure that undoes it when it comes within the wait"`
	WaitMinutes int                 `json:"wait_minutes" minimum:"0" maximum:"10080"`
	Template    prevention.Template `json:"template"`
	Channels    []string            `json:"channels" maxItems:"10" nullable:"false" doc:"Tried in this order"`
	Holdout     float64             `json:"holdout,omitempty" minimum:"0" maximum:"0.5"`
	DailyCap    int                 `json:"daily_cap" minimum:"1" doc:"Notices of one day at most"`
	Version     int64               `json:"version,omitempty" doc:"Of the rule that was read; needed to change one"`
}

func (s *Server) ruleRoutes(api huma.API) {
	const one = "/event-rules/{id}"
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "list-event-rules", Method: http.MethodGet, Path: "/event-rules",
		Summary: "Rules that tell customers of a mishap before they complain",
	}, s.listRules)
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "get-event-rule", Method: http.MethodGet, Path: one, Summary: "One event rule",
	}, s.getRule)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "create-event-rule", Method: http.MethodPost, Path: "/event-rules", DefaultStatus: http.StatusCreated,
		Summary: "Draft an event rule",
	}, s.createRule)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "edit-event-rule", Method: http.MethodPost, Path: one, Summary: "Change a rule that does not act; it becomes a draft",
	}, s.editRule)
	register(s, api, access.OutreachApprove, huma.Operation{
		OperationID: "approve-event-rule", Method: http.MethodPost, Path: one + "/approve",
		Summary: "Let a rule act; by somebody else than its author",
	}, s.approveRule)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "pause-event-rule", Method: http.MethodPost, Path: one + "/pause", Summary: "Stop a rule and its notices, at once",
	}, s.pauseRule)
}

func (s *Server) listRules(ctx context.Context, _ *struct{}) (*rulesResponse, error) {
	rules, err := s.d.Rules.List(ctx)
	if err != nil {
		return nil, err
	}
	out := &rulesResponse{}
	out.Body.Items = make([]ruleView, len(rules))
	for i := range rules {
		out.Body.Items[i] = s.ruleView(&rules[i])
	}
	return out, nil
}

func (s *Server) getRule(ctx context.Context, in *idRequest) (*ruleResponse, error) {
	return s.answerRule(s.d.Rules.Rule(ctx, prevention.EventRuleID(in.ID)))
}

func (s *Server) answerRule(r prevention.EventRule, err error) (*ruleResponse, error) {
	if err != nil {
		return nil, inPlan(err)
	}
	return &ruleResponse{Body: s.ruleView(&r)}, nil
}

func (s *Server) createRule(ctx context.Context, in *createRuleRequest) (*ruleResponse, error) {
	r, err := s.eventRule(&in.Body)
	if err != nil {
		return nil, err
	}
	out, err := s.answerRule(s.d.Rules.Create(ctx, r, requestOf(ctx).actor))
	if err == nil {
		out.Location = apiRoot + "/event-rules/" + url.PathEscape(string(out.Body.ID))
	}
	return out, err
}

// eventRule understands what a person wrote.
func (s *Server) eventRule(in *eventRuleInput) (prevention.EventRule, error) {
	r := prevention.EventRule{
		Name: in.Name, Wait: time.Duration(in.WaitMinutes) * time.Minute, Template: in.Template, Channels: in.Channels,
		Holdout: in.Holdout, DailyCap: in.DailyCap,
	}
	var err error
	if r.When, err = s.condition("when", in.When); err == nil && in.Unless != nil {
		r.Unless, err = s.condition("unless", *in.Unless)
	}
	return r, err
}

func (s *Server) editRule(ctx context.Context, in *editRuleRequest) (*ruleResponse, error) {
	if err := readVersion(in.Body.Version); err != nil {
		return nil, err
	}
	r, err := s.eventRule(&in.Body)
	if err != nil {
		return nil, err
	}
	r.ID, r.Version = prevention.EventRuleID(in.ID), in.Body.Version
	return s.answerRule(s.d.Rules.Edit(ctx, r, requestOf(ctx).actor))
}

func (s *Server) approveRule(ctx context.Context, in *versionRequest) (*ruleResponse, error) {
	return s.answerRule(s.d.Rules.Approve(ctx, prevention.EventRuleID(in.ID), in.Body.Version, requestOf(ctx).actor))
}

func (s *Server) pauseRule(ctx context.Context, in *idRequest) (*ruleResponse, error) {
	return s.answerRule(s.d.Rules.Pause(ctx, prevention.EventRuleID(in.ID), requestOf(ctx).actor))
}
