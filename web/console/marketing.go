package console

import (
	"context"
	"net/url"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// MarketingDeps is what the pages of campaigns need: signals, score cards,
// ranking, attribution.
type MarketingDeps struct {
	Desk     CampaignDesk
	Cards    CampaignCards
	Register CampaignRegister
}

// CampaignDesk says how campaigns are doing.
type CampaignDesk interface {
	Standings(ctx context.Context, f campaign.Filter) ([]watch.Standing, error)
	// Campaign returns CodeNotFound for an unknown one.
	Campaign(ctx context.Context, id string) (watch.Detail, error)
	// Ranking returns the best first.
	Ranking(ctx context.Context) ([]card.Place, error)
}

// CampaignCards takes what people add to score cards.
type CampaignCards interface {
	Causes(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]card.Judged, error)
	CorrectCause(ctx context.Context, id triage.ComplaintID, cause card.Cause, by string) error
	// Learn returns CodeConflict when somebody has written since version.
	Learn(ctx context.Context, id, text string, version int64, by string) error
	Assume(ctx context.Context, a card.Assumptions, by string) error
}

// CampaignRegister keeps the campaigns and what complaints are about.
type CampaignRegister interface {
	List(ctx context.Context, f campaign.Filter) ([]triage.Campaign, error)
	Create(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error)
	Change(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error)
	Complaints(ctx context.Context, f campaign.AttributionFilter) (campaign.AttributionPage, error)
	// Attribute moves a complaint to another campaign, or to none: "".
	Attribute(ctx context.Context, id triage.ComplaintID, campaign, by string) (campaign.Attribution, error)
}

func (d *MarketingDeps) complete() bool {
	return d == nil || d.Desk != nil && d.Cards != nil && d.Register != nil
}

// marketingPages are the templates of these pages.
var marketingPages = []string{"campaigns", "campaign", "campaigncard", "campaignranking", "campaignform"}

func (c *Console) marketingRoutes() []route {
	if c.d.Marketing == nil {
		return nil
	}
	return []route{
		{"GET /campaigns", access.CampaignRead, c.showCampaigns},
		{"GET /campaigns/export", access.CampaignRead, c.exportCampaigns},
		{"GET /campaigns/ranking", access.CampaignRead, c.showRanking},
		{"GET /campaigns/new", access.CampaignWrite, c.newCampaign},
		{"POST /campaigns/new", access.CampaignWrite, c.saveCampaign},
		{"POST /campaigns/cost", access.CampaignWrite, c.saveCost},
		{"GET /campaigns/{id}", access.CampaignRead, c.showCampaign},
		{"GET /campaigns/{id}/export", access.CampaignRead, c.exportCampaign},
		{"GET /campaigns/{id}/card", access.CampaignRead, c.showCard},
		{"GET /campaigns/{id}/edit", access.CampaignWrite, c.editCampaign},
		{"POST /campaigns/{id}/edit", access.CampaignWrite, c.saveCampaign},
		{"POST /campaigns/{id}/attribute", access.CampaignWrite, c.attributeComplaint},
		{"POST /campaigns/{id}/cause", access.CampaignWrite, c.correctCause},
		{"POST /campaigns/{id}/lessons", access.CampaignWrite, c.saveLesson},
	}
}

// campaignID is the campaign named in the path.
func (v *visit) campaignID() string { return v.r.PathValue("id") }

func campaignPath(id string) string { return "/campaigns/" + url.PathEscape(id) }
