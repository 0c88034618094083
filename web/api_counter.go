package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// counterDesk is what the API calls of [counter.Service].
type counterDesk interface {
	Recommend(ctx context.Context, q counter.Question) (counter.Answer, error)
	Take(ctx context.Context, c counter.Capture, by string) (stored counter.Capture, added bool, err error)
	Reactions(ctx context.Context, id string, from, to time.Time) (campaign.Reaction, []counter.DayReaction, error)
}

var _ counterDesk = (*counter.Service)(nil)

// CounterDeps is what the paths of the counter need.
type CounterDeps struct{ Desk counterDesk }

type recommendationsRequest struct {
	ID      string `path:"id" maxLength:"200"`
	At      string `query:"at" doc:"The moment asked about; now when it is missing"`
	Channel string `query:"channel" maxLength:"100" doc:"Leaves out campaigns that are offered elsewhere only"`
}

type recommendationsResponse struct {
	Body struct {
		At       *time.Time           `json:"at"`
		Customer counterCustomerView  `json:"customer"`
		Items    []recommendationView `json:"items" doc:"Those to recommend first, the best fit before the others"`
	}
}

type reactionRequest struct {
	ID   string `path:"id" maxLength:"200" doc:"The campaign"`
	Body struct {
		_         struct{}          `additionalProperties:"false"`
		Customer  triage.CustomerID `json:"customer_id,omitempty" maxLength:"200" doc:"Empty for somebody unknown"`
		Attitude  campaign.Attitude `json:"attitude" enum:"accepted,hesitated,refused,annoyed"`
		Behaviour counter.Behaviour `json:"behaviour,omitempty" enum:"came,asked,question,compared,left"`
		Reasons   []counter.Reason  `json:"reasons,omitempty" maxItems:"8" nullable:"false" doc:"expensive, unneeded, distrust, unclear, experience, time, think, other"`
		Words     string            `json:"words,omitempty" doc:"What the customer said, at most 500 characters"`
		At        string            `json:"at,omitempty" doc:"When it was; now when it is missing. The same customer, attitude and time again is the same reaction"`
		Clerk     string            `json:"clerk,omitempty" maxLength:"200" doc:"Who spoke with the customer; the client itself when it is missing"`
		Shop      string            `json:"shop,omitempty" maxLength:"200" doc:"Where it was; the department of the key's owner when it is missing"`
	}
}

type reactionResponse struct{ Body captureView }

type reactionsRequest struct {
	ID   string `path:"id" maxLength:"200" doc:"The campaign"`
	From string `query:"from" doc:"Reactions from this time on; all when it is missing"`
	To   string `query:"to" doc:"Reactions before this time; now when it is missing"`
}

type reactionsResponse struct {
	Body struct {
		Campaign string         `json:"campaign_id"`
		Counts   reactionCounts `json:"counts"`
		Days     []dayReactions `json:"days" doc:"Days that have any, in order"`
	}
}

func (s *Server) counterRoutes(api huma.API) {
	if s.d.Counter == nil {
		return
	}
	register(s, api, access.CounterUse, huma.Operation{
		OperationID: "list-recommendations", Method: http.MethodGet, Path: "/customers/{id}/recommendations",
		Summary: "Which campaigns may be recommended to a customer, and why not the others",
	}, s.recommendations)
	register(s, api, access.CounterUse, huma.Operation{
		OperationID: "add-reaction", Method: http.MethodPost, Path: "/campaigns/{id}/reactions", DefaultStatus: http.StatusCreated,
		Summary: "Keep how a customer took a campaign",
	}, s.addReaction)
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "get-reactions", Method: http.MethodGet, Path: "/campaigns/{id}/reactions",
		Summary: "How customers took a campaign, in all and by day",
	}, s.reactions)
}

func (s *Server) recommendations(ctx context.Context, in *recommendationsRequest) (*recommendationsResponse, error) {
	at, err := s.parseTime("at", in.At)
	if err != nil {
		return nil, err
	}
	a, err := s.d.Counter.Desk.Recommend(ctx, counter.Question{Customer: triage.CustomerID(in.ID), At: at, Channel: in.Channel})
	if err != nil {
		return nil, err
	}
	out := &recommendationsResponse{}
	b := &out.Body
	b.At, b.Items = s.local(a.At), make([]recommendationView, len(a.Advice))
	if a.Who != nil {
		b.Customer = counterCustomerOf(a.Who)
	}
	for i := range a.Advice {
		b.Items[i] = s.recommendationView(&a.Advice[i])
	}
	return out, nil
}

func (s *Server) addReaction(ctx context.Context, in *reactionRequest) (*reactionResponse, error) {
	b := &in.Body
	at, err := s.parseTime("at", b.At)
	if err != nil {
		return nil, err
	}
	r := requestOf(ctx)
	switch {
	case b.Shop == "":
		b.Shop = r.user.Department
	case r.user.Department != "" && b.Shop != r.user.Department:
		return nil, &triage.Error{Code: triage.CodeForbidden, Field: "shop", Message: "is not the department of the owner of this key"}
	}
	stored, added, err := s.d.Counter.Desk.Take(ctx, counter.Capture{
		Campaign: in.ID, Customer: b.Customer, Attitude: b.Attitude, Behaviour: b.Behaviour, Reasons: b.Reasons, Words: b.Words,
		Clerk: b.Clerk, Shop: b.Shop, Source: counter.FromAPI, At: at,
	}, r.actor)
	if err != nil {
		return nil, err
	}
	view := s.captureView(&stored)
	view.Added = added
	return &reactionResponse{Body: view}, nil
}

func (s *Server) reactions(ctx context.Context, in *reactionsRequest) (*reactionsResponse, error) {
	from, err := s.parseTime("from", in.From)
	if err != nil {
		return nil, err
	}
	to, err := s.parseTime("to", in.To)
	if err != nil {
		return nil, err
	}
	if to.IsZero() {
		to = s.d.Now().Add(time.Hour) // reactions may come from clocks that are a little ahead
	}
	total, days, err := s.d.Counter.Desk.Reactions(ctx, in.ID, from, to)
	if err != nil {
		return nil, err
	}
	out := &reactionsResponse{}
	out.Body.Campaign, out.Body.Counts = in.ID, reactionCountsOf(&total)
	out.Body.Days = make([]dayReactions, len(days))
	for i := range days {
		out.Body.Days[i] = dayReactions{Day: days[i].Day.String(), Counts: reactionCountsOf(&days[i].Reaction)}
	}
	return out, nil
}
