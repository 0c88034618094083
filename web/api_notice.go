package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage/access"

	"github.com/qianyi-dev/qianyi/prevention"
)

// noticeReader shows how sending goes.
type noticeReader interface {
	Notices(ctx context.Context, q prevention.NoticeQuery) ([]prevention.Notice, error)
	CountNotices(ctx context.Context, plan prevention.PlanID) (map[prevention.NoticeState]int, error)
}

// noticeDecider takes a person's word on a notice whose end nobody knows.
type noticeDecider interface {
	Decide(ctx context.Context, plan prevention.PlanID, notice int64, told bool, by string) error
}

type decideRequest struct {
	ID     string `path:"id" maxLength:"40"`
	Notice int64  `path:"notice" minimum:"1"`
	Body   struct {
		_    struct{} `additionalProperties:"false"`
		Told bool     `json:"told" doc:"Whether the customer got it: the notice becomes sent, or failed and is not sent again"`
	}
}

type noticesRequest struct {
	ID     string `path:"id" maxLength:"40"`
	State  string `query:"state" enum:"held,queued,sending,sent,delivered,answered,failed,unclear,skipped"`
	Cursor int64  `query:"cursor" minimum:"0" doc:"The next of the page before"`
	Limit  int    `query:"limit" default:"200" minimum:"1" maximum:"1000"`
}

type noticesResponse struct {
	Body struct {
		Items []noticeView `json:"items" doc:"In the order of their ids"`
		Next  int64        `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

func (s *Server) noticeRoutes(api huma.API) {
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "list-notices", Method: http.MethodGet, Path: "/plans/{id}/notices", Summary: "The notices of a plan",
	}, s.listNotices)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "decide-notice", Method: http.MethodPost, Path: "/plans/{id}/notices/{notice}/decide",
		Summary: "Say what became of an unclear notice",
	}, s.decideNotice)
}

func (s *Server) decideNotice(ctx context.Context, in *decideRequest) (*planResponse, error) {
	p, err := s.d.Plans.Plan(ctx, prevention.PlanID(in.ID))
	if err == nil {
		err = s.d.Plans.Decide(ctx, p.ID, in.Notice, in.Body.Told, requestOf(ctx).actor)
	}
	return s.answerPlan(ctx, p, err)
}

func (s *Server) listNotices(ctx context.Context, in *noticesRequest) (*noticesResponse, error) {
	p, err := s.d.Plans.Plan(ctx, prevention.PlanID(in.ID))
	if err != nil {
		return nil, err
	}
	q := prevention.NoticeQuery{Plan: p.ID, After: in.Cursor, Limit: in.Limit + 1}
	if in.State != "" {
		q.States = []prevention.NoticeState{prevention.NoticeState(in.State)}
	}
	notices, err := s.d.Notices.Notices(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &noticesResponse{}
	if len(notices) > in.Limit {
		notices = notices[:in.Limit]
		out.Body.Next = notices[in.Limit-1].ID
	}
	out.Body.Items = make([]noticeView, len(notices))
	for i := range notices {
		out.Body.Items[i] = s.noticeView(&notices[i])
	}
	return out, nil
}
