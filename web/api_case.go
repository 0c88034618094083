package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// caseView is a stored case, masked.
type caseView struct {
	ID           triage.ComplaintID `json:"id"`
	CustomerID   triage.CustomerID  `json:"customer_id"`
	Channel      triage.Channel     `json:"channel"`
	At           *time.Time         `json:"at"`
	Title        string             `json:"title"`
	Text         string             `json:"text"`
	Region       string             `json:"region"`
	Product      string             `json:"product"`
	Campaign     string             `json:"campaign"`
	OrderID      string             `json:"order_id"`
	Attrs        map[string]any     `json:"attrs,omitempty"`
	Type         string             `json:"type" doc:"What people judged it to be; empty while nobody has"`
	Subtype      string             `json:"subtype"`
	Resolution   string             `json:"resolution"`
	ClosedAt     *time.Time         `json:"closed_at"`
	Satisfaction *float64           `json:"satisfaction"`
	Status       triage.Status      `json:"status" enum:"received,acknowledged,verifying,attributed,proposing,agreed,executing,confirming,closed,called_back,withdrawn,merged"`
	Predecessor  triage.ComplaintID `json:"predecessor"`
	ReceivedAt   *time.Time         `json:"received_at"`
	Work         workView           `json:"work"`
	Triage       triage.Assessment  `json:"triage"`
}

func (s *Server) caseView(c *triage.Case) caseView {
	v := caseView{
		ID: c.ID, CustomerID: c.CustomerID, Channel: c.Channel, At: s.local(c.At), Title: s.d.Mask(c.Title), Text: s.d.Mask(c.Text),
		Region: s.d.Mask(c.Region), Product: s.d.Mask(c.Product), Campaign: s.d.Mask(c.Campaign), OrderID: c.OrderID,
		Type: c.Type, Subtype: c.Subtype, Resolution: s.d.Mask(c.Resolution), ClosedAt: s.local(c.ClosedAt), Satisfaction: c.Satisfaction,
		Status: c.Status, Predecessor: c.Predecessor, ReceivedAt: s.local(c.ReceivedAt), Work: s.workView(c), Triage: s.shown(c.Assessment),
	}
	if len(c.Attrs) > 0 {
		v.Attrs, _ = s.maskFact(c.Attrs).(map[string]any)
	}
	return v
}

type caseRequest struct {
	ID string `path:"id" maxLength:"200"`
}

type caseResponse struct{ Body caseView }

type similarRequest struct {
	ID    string `path:"id" maxLength:"200"`
	Limit int    `query:"limit" default:"5" minimum:"1" maximum:"50"`
}

type similarResponse struct {
	Body struct {
		Items []triage.SimilarCase `json:"items" doc:"Most similar first"`
	}
}

type trailEntry struct {
	At     *time.Time      `json:"at"`
	Actor  string          `json:"actor"`
	Action string          `json:"action"`
	Detail json.RawMessage `json:"detail,omitempty" doc:"Facts of the action"`
}

type trailResponse struct {
	Body struct {
		Items []trailEntry `json:"items" doc:"Oldest first"`
	}
}

type confirmRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body confirmation
}

type confirmation struct {
	_       struct{} `additionalProperties:"false"`
	Type    string   `json:"type" example:"billing" doc:"Code of a type of the pack"`
	Subtype string   `json:"subtype,omitempty"`
}

type closeRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body closure
}

type closure struct {
	_            struct{} `additionalProperties:"false"`
	Resolution   string   `json:"resolution" doc:"How the case was resolved"`
	Satisfaction *float64 `json:"satisfaction,omitempty" doc:"The customer's score, 0 to 100"`
}

func (s *Server) caseRoutes(api huma.API) {
	const one = "/complaints/{id}"
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "get-complaint", Method: http.MethodGet, Path: one, Summary: "One case",
	}, s.getCase)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-similar", Method: http.MethodGet, Path: one + "/similar",
		Summary: "Past cases like this one, with how they ended",
	}, s.similar)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-trail", Method: http.MethodGet, Path: one + "/trail", Summary: "Who did what to the case",
	}, s.trail)
	register(s, api, access.CaseWork, huma.Operation{
		OperationID: "confirm-type", Method: http.MethodPost, Path: one + "/confirm",
		Summary: "Confirm or correct the type; kept as a label to learn from",
	}, s.confirm)
	register(s, api, access.CaseWork, huma.Operation{
		OperationID: "close-complaint", Method: http.MethodPost, Path: one + "/close", Summary: "Close the case with its resolution",
	}, s.closeCase)
}

func (s *Server) getCase(ctx context.Context, in *caseRequest) (*caseResponse, error) {
	return s.answerCase(s.visibleCase(ctx, in.ID))
}

func (s *Server) answerCase(c triage.Case, err error) (*caseResponse, error) {
	if err != nil {
		return nil, err
	}
	return &caseResponse{Body: s.caseView(&c)}, nil
}

func (s *Server) similar(ctx context.Context, in *similarRequest) (*similarResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := s.d.Service.Similar(ctx, c.ID, in.Limit)
	if err != nil {
		return nil, err
	}
	if items, err = s.visibleSimilar(ctx, items); err != nil {
		return nil, err
	}
	out := &similarResponse{}
	out.Body.Items = s.maskSimilar(items)
	return out, nil
}

func (s *Server) trail(ctx context.Context, in *caseRequest) (*trailResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.answerTrail(ctx, triage.CaseObject(c.ID))
}

func (s *Server) answerTrail(ctx context.Context, object string) (*trailResponse, error) {
	entries, err := s.d.Audit.Trail(ctx, object)
	if err != nil {
		return nil, err
	}
	out := &trailResponse{}
	out.Body.Items = make([]trailEntry, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = trailEntry{At: s.local(e.At), Actor: e.Actor, Action: e.Action}
		out.Body.Items[i].Detail = s.maskDetail(e.Detail)
	}
	return out, nil
}

// maskDetail hides personal data in what people gave as a reason. What is not an
// object of ours is left out: nothing of it could be masked.
func (s *Server) maskDetail(detail string) json.RawMessage {
	var facts map[string]any
	if json.Unmarshal([]byte(detail), &facts) != nil {
		return nil
	}
	masked, err := json.Marshal(s.maskFact(facts))
	if err != nil {
		return nil // cannot happen: it was JSON
	}
	return masked
}

func (s *Server) confirm(ctx context.Context, in *confirmRequest) (*caseResponse, error) {
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Service.Confirm(ctx, id, in.Body.Type, in.Body.Subtype, by)
	})
}

func (s *Server) closeCase(ctx context.Context, in *closeRequest) (*caseResponse, error) {
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Service.Close(ctx, triage.Closing{Complaint: id, Resolution: in.Body.Resolution, Satisfaction: in.Body.Satisfaction, By: by})
	})
}
