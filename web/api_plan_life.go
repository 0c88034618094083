package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage/access"

	"github.com/qianyi-dev/qianyi/prevention"
)

// planDecisions lead a plan to its approval.
type planDecisions interface {
	Submit(ctx context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error)
	Approve(ctx context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error)
	Reject(ctx context.Context, id prevention.PlanID, version int64, by, remark string) (prevention.Plan, error)
}

// planControl holds and ends a plan on its way.
type planControl interface {
	Stop(ctx context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error)
	Resume(ctx context.Context, id prevention.PlanID, by string) (prevention.Plan, error)
	Cancel(ctx context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error)
}

// versionRequest decides about what somebody has read.
type versionRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Version int64    `json:"version" doc:"Of what was read"`
	}
}

type rejectRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Version int64    `json:"version" doc:"Of the plan that was read"`
		Remark  string   `json:"remark" maxLength:"500" doc:"Why"`
	}
}

// remarkRequest may come without a body.
type remarkRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body *struct {
		_      struct{} `additionalProperties:"false"`
		Remark string   `json:"remark,omitempty" maxLength:"500"`
	}
}

func (r *remarkRequest) remark() string {
	if r.Body == nil {
		return ""
	}
	return r.Body.Remark
}

func (s *Server) planLifeRoutes(api huma.API) {
	const one = "/plans/{id}"
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "submit-plan", Method: http.MethodPost, Path: one + "/submit", Summary: "Ask for approval",
	}, s.submitPlan)
	register(s, api, access.OutreachApprove, huma.Operation{
		OperationID: "approve-plan", Method: http.MethodPost, Path: one + "/approve",
		Summary: "Fix recipients and hold-out and let it run; by somebody else than its author",
	}, s.approvePlan)
	register(s, api, access.OutreachApprove, huma.Operation{
		OperationID: "reject-plan", Method: http.MethodPost, Path: one + "/reject", Summary: "Send it back with a remark",
	}, s.rejectPlan)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "stop-plan", Method: http.MethodPost, Path: one + "/stop", Summary: "Send nothing more, at once",
	}, s.stopPlan)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "resume-plan", Method: http.MethodPost, Path: one + "/resume", Summary: "Go on after a stop",
	}, s.resumePlan)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "cancel-plan", Method: http.MethodPost, Path: one + "/cancel", Summary: "Give it up; what was not sent is skipped",
	}, s.cancelPlan)
}

func (s *Server) submitPlan(ctx context.Context, in *versionRequest) (*planResponse, error) {
	p, err := s.d.Plans.Submit(ctx, prevention.PlanID(in.ID), in.Body.Version, requestOf(ctx).actor)
	return s.answerPlan(ctx, p, err)
}

func (s *Server) approvePlan(ctx context.Context, in *versionRequest) (*planResponse, error) {
	p, err := s.d.Plans.Approve(ctx, prevention.PlanID(in.ID), in.Body.Version, requestOf(ctx).actor)
	return s.answerPlan(ctx, p, err)
}

func (s *Server) rejectPlan(ctx context.Context, in *rejectRequest) (*planResponse, error) {
	p, err := s.d.Plans.Reject(ctx, prevention.PlanID(in.ID), in.Body.Version, requestOf(ctx).actor, in.Body.Remark)
	return s.answerPlan(ctx, p, err)
}

func (s *Server) stopPlan(ctx context.Context, in *remarkRequest) (*planResponse, error) {
	p, err := s.d.Plans.Stop(ctx, prevention.PlanID(in.ID), requestOf(ctx).actor, in.remark())
	return s.answerPlan(ctx, p, err)
}

func (s *Server) resumePlan(ctx context.Context, in *idRequest) (*planResponse, error) {
	p, err := s.d.Plans.Resume(ctx, prevention.PlanID(in.ID), requestOf(ctx).actor)
	return s.answerPlan(ctx, p, err)
}

func (s *Server) cancelPlan(ctx context.Context, in *remarkRequest) (*planResponse, error) {
	p, err := s.d.Plans.Cancel(ctx, prevention.PlanID(in.ID), requestOf(ctx).actor, in.remark())
	return s.answerPlan(ctx, p, err)
}
