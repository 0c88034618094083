package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// campaignRegister is what the API calls of [campaign.Register].
type campaignRegister interface {
	List(ctx context.Context, f campaign.Filter) ([]triage.Campaign, error)
	Campaign(ctx context.Context, id string) (triage.Campaign, error)
	campaignWriter
	attributer
}

type campaignWriter interface {
	Create(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error)
	Change(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error)
}

type attributer interface {
	Complaints(ctx context.Context, f campaign.AttributionFilter) (campaign.AttributionPage, error)
	Attribute(ctx context.Context, id triage.ComplaintID, campaign, by string) (campaign.Attribution, error)
}

var _ campaignRegister = (*campaign.Register)(nil)

// registeredView is a campaign as it is registered; texts are masked.
type registeredView struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Registered bool               `json:"registered" doc:"False for one that only exposures name"`
	State      campaign.State     `json:"state" enum:"planned,running,ended"`
	From       *time.Time         `json:"from"`
	To         *time.Time         `json:"to"`
	Channel    string             `json:"channel"`
	Rules      string             `json:"rules"`
	Audience   string             `json:"audience"`
	Copy       string             `json:"copy" doc:"What customers are told"`
	Objective  string             `json:"objective"`
	Owner      string             `json:"owner"`
	Department string             `json:"department"`
	Aliases    []string           `json:"aliases" nullable:"false" doc:"Other names that customers and colleagues use"`
	Eligible   triage.Eligibility `json:"eligible" doc:"To whom it may be recommended"`
	Version    int64              `json:"version" doc:"Send it back with a change: an old one is refused"`
}

func (s *Server) registeredView(c *triage.Campaign) registeredView {
	v := registeredView{
		ID: c.ID, Name: s.d.Mask(c.Name), Registered: c.Version > 0, State: campaign.StateAt(c, s.d.Now()), From: s.local(c.From), To: s.local(c.To),
		Channel: s.d.Mask(c.Channel), Rules: s.d.Mask(c.Rules), Audience: s.d.Mask(c.Audience), Copy: s.d.Mask(c.Copy), Objective: s.d.Mask(c.Objective),
		Owner: c.Owner, Department: c.Department, Aliases: list(c.Aliases), Eligible: c.Eligible, Version: c.Version,
	}
	for i, a := range v.Aliases {
		v.Aliases[i] = s.d.Mask(a)
	}
	return v
}

// campaignInput is a campaign as people write it.
type campaignInput struct {
	_          struct{}           `additionalProperties:"false"`
	ID         string             `json:"id,omitempty" maxLength:"100" doc:"The key that exposures use; needed to register one"`
	Name       string             `json:"name"`
	From       string             `json:"from,omitempty"`
	To         string             `json:"to,omitempty"`
	Channel    string             `json:"channel,omitempty"`
	Rules      string             `json:"rules,omitempty"`
	Audience   string             `json:"audience,omitempty"`
	Copy       string             `json:"copy,omitempty"`
	Objective  string             `json:"objective,omitempty"`
	Owner      string             `json:"owner,omitempty"`
	Department string             `json:"department,omitempty"`
	Aliases    []string           `json:"aliases,omitempty" maxItems:"50" nullable:"false"`
	Eligible   triage.Eligibility `json:"eligible,omitzero"`
	Version    int64              `json:"version,omitempty" doc:"Of the campaign that was read; needed to change one"`
}

func (s *Server) campaign(in *campaignInput) (triage.Campaign, error) {
	from, err := s.parseTime("from", in.From)
	if err != nil {
		return triage.Campaign{}, err
	}
	to, err := s.parseTime("to", in.To)
	return triage.Campaign{
		ID: in.ID, Name: in.Name, From: from, To: to, Channel: in.Channel, Rules: in.Rules, Audience: in.Audience, Copy: in.Copy,
		Objective: in.Objective, Owner: in.Owner, Department: in.Department, Aliases: in.Aliases, Eligible: in.Eligible, Version: in.Version,
	}, err
}

type campaignsRequest struct {
	State      string `query:"state" enum:"planned,running,ended"`
	Department string `query:"department" maxLength:"100"`
}

type campaignsResponse struct {
	Body struct {
		Items []registeredView `json:"items" doc:"The latest first"`
	}
}

type registeredRequest struct {
	ID string `path:"id" maxLength:"100"`
}

type registeredResponse struct {
	Location string `header:"Location" doc:"Address of a campaign that was registered"`
	Body     registeredView
}

type createCampaignRequest struct{ Body campaignInput }

type changeCampaignRequest struct {
	ID   string `path:"id" maxLength:"100"`
	Body campaignInput
}

func (s *Server) campaignRoutes(api huma.API) {
	const one = "/campaigns/{id}"
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "list-campaigns", Method: http.MethodGet, Path: "/campaigns",
		Summary: "Campaigns that are registered, or named by exposures",
	}, s.listCampaigns)
	register(s, api, access.CampaignWrite, huma.Operation{
		OperationID: "create-campaign", Method: http.MethodPost, Path: "/campaigns", DefaultStatus: http.StatusCreated,
		Summary: "Register a campaign",
	}, s.createCampaign)
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "get-campaign", Method: http.MethodGet, Path: one, Summary: "One campaign",
	}, s.getCampaign)
	register(s, api, access.CampaignWrite, huma.Operation{
		OperationID: "change-campaign", Method: http.MethodPost, Path: one, Summary: "Replace what is registered of a campaign",
	}, s.changeCampaign)
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "list-campaign-complaints", Method: http.MethodGet, Path: one + "/complaints",
		Summary: "The complaints about a campaign, and why each counts",
	}, s.campaignComplaints)
	register(s, api, access.CampaignWrite, huma.Operation{
		OperationID: "attribute-complaint", Method: http.MethodPost, Path: "/complaints/{id}/campaign",
		Summary: "Say which campaign a complaint is about, or that it is about none",
	}, s.attributeComplaint)
}

func (s *Server) listCampaigns(ctx context.Context, in *campaignsRequest) (*campaignsResponse, error) {
	found, err := s.d.Campaigns.List(ctx, campaign.Filter{Department: in.Department, State: campaign.State(in.State)})
	if err != nil {
		return nil, err
	}
	out := &campaignsResponse{}
	out.Body.Items = make([]registeredView, len(found))
	for i := range found {
		out.Body.Items[i] = s.registeredView(&found[i])
	}
	return out, nil
}

func (s *Server) getCampaign(ctx context.Context, in *registeredRequest) (*registeredResponse, error) {
	return s.answerCampaign(s.d.Campaigns.Campaign(ctx, in.ID))
}

func (s *Server) answerCampaign(c triage.Campaign, err error) (*registeredResponse, error) {
	if err != nil {
		return nil, err
	}
	return &registeredResponse{Body: s.registeredView(&c)}, nil
}

func (s *Server) createCampaign(ctx context.Context, in *createCampaignRequest) (*registeredResponse, error) {
	c, err := s.campaign(&in.Body)
	if err != nil {
		return nil, err
	}
	out, err := s.answerCampaign(s.d.Campaigns.Create(ctx, c, requestOf(ctx).actor))
	if err == nil {
		out.Location = apiRoot + "/campaigns/" + url.PathEscape(out.Body.ID)
	}
	return out, err
}

func (s *Server) changeCampaign(ctx context.Context, in *changeCampaignRequest) (*registeredResponse, error) {
	c, err := s.campaign(&in.Body)
	if err != nil {
		return nil, err
	}
	if c.ID != "" && c.ID != in.ID {
		return nil, triage.FieldErrorf("id", "is another than that of the path; a campaign keeps its id")
	}
	c.ID = in.ID
	return s.answerCampaign(s.d.Campaigns.Change(ctx, c, requestOf(ctx).actor))
}
