package web

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// attributionView says why a complaint is about a campaign.
type attributionView struct {
	Complaint triage.ComplaintID `json:"complaint"`
	Campaign  string             `json:"campaign" doc:"Empty for a complaint that a person has taken out"`
	Basis     campaign.Basis     `json:"basis" enum:"hand,stated,mention,exposure"`
	Score     float64            `json:"score" doc:"How sure it is, 0 to 1"`
	Evidence  []string           `json:"evidence" nullable:"false" doc:"Words of the text, masked; only for those who may read cases"`
	Exposed   *time.Time         `json:"exposed" doc:"When the campaign reached the customer last before"`
	By        string             `json:"by"`
	At        *time.Time         `json:"at"`
	// ComplainedAt is only known in lists.
	ComplainedAt *time.Time `json:"complained_at,omitempty"`
}

func (s *Server) attributionView(a *campaign.Attribution) attributionView {
	v := attributionView{
		Complaint: a.Complaint, Campaign: a.Campaign, Basis: a.Basis, Score: a.Score, Evidence: list(a.Evidence),
		Exposed: s.local(a.Exposed), By: a.By, At: s.local(a.At),
	}
	for i, words := range v.Evidence {
		v.Evidence[i] = s.d.Mask(words)
	}
	return v
}

type campaignComplaintsRequest struct {
	ID     string `path:"id" maxLength:"100"`
	Basis  string `query:"basis" enum:"hand,stated,mention,exposure"`
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type campaignComplaintsResponse struct {
	Body struct {
		Items []attributionView `json:"items" doc:"The latest complaint first"`
		Next  string            `json:"next" doc:"Cursor of the next page; empty on the last one"`
	}
}

func (s *Server) campaignComplaints(ctx context.Context, in *campaignComplaintsRequest) (*campaignComplaintsResponse, error) {
	if _, err := s.d.Campaigns.Campaign(ctx, in.ID); err != nil {
		return nil, err
	}
	page, err := s.d.Campaigns.Complaints(ctx, campaign.AttributionFilter{
		Campaign: in.ID, Basis: campaign.Basis(in.Basis), Scope: scopeOf(ctx), Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &campaignComplaintsResponse{}
	out.Body.Items = make([]attributionView, len(page.Rows))
	for i := range page.Rows {
		if !requestOf(ctx).may(access.CaseRead) {
			page.Rows[i].Evidence = nil // words of the complaint
		}
		out.Body.Items[i] = s.attributionView(&page.Rows[i].Attribution)
		out.Body.Items[i].ComplainedAt = s.local(page.Rows[i].CaseAt)
	}
	out.Body.Next = page.Next
	return out, nil
}

type attributeRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_        struct{} `additionalProperties:"false"`
		Campaign string   `json:"campaign" maxLength:"100" doc:"Id of the campaign; empty when the complaint is about none"`
	}
}

type attributionResponse struct{ Body attributionView }

func (s *Server) attributeComplaint(ctx context.Context, in *attributeRequest) (*attributionResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	a, err := s.d.Campaigns.Attribute(ctx, c.ID, in.Body.Campaign, requestOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	return &attributionResponse{Body: s.attributionView(&a)}, nil
}
