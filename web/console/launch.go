package console

import (
	"context"
	"net/url"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// LaunchDeps is what the check of a campaign before it starts needs.
type LaunchDeps struct{ Desk LaunchDesk }

func (d *LaunchDeps) complete() bool { return d == nil || d.Desk != nil }

// LaunchDesk is what the console calls of [launch.Desk].
type LaunchDesk interface {
	Campaign(ctx context.Context, id string) (launch.Draft, int64, error)
	Check(ctx context.Context, a launch.Ask) (launch.Kept, error)
	Result(ctx context.Context, id int64) (launch.Result, error)
	Accept(ctx context.Context, id int64, finding, reason, by string) error
	List(ctx context.Context, campaign string, limit int) ([]launch.Kept, error)
}

var _ LaunchDesk = (*launch.Desk)(nil)

// launchPages are the templates of these pages.
var launchPages = []string{"launch"}

func (c *Console) launchRoutes() []route {
	if c.d.Launch == nil {
		return nil
	}
	return []route{
		{"GET /campaigns/check", access.CampaignRead, c.showLaunchForm},
		{"POST /campaigns/check", access.CampaignWrite, c.checkLaunch},
		{"GET /campaigns/{id}/check", access.CampaignRead, c.showLaunchForm},
		{"GET /launch/{check}", access.CampaignRead, c.showLaunchCheck},
		{"POST /launch/{check}/accept", access.CampaignWrite, c.acceptFinding},
		{"GET /launch/{check}/forecast.svg", access.CampaignRead, c.saveForecast},
		{"GET /launch/{check}/findings.csv", access.CampaignRead, c.exportFindings},
	}
}

func launchPath(id int64) string { return "/launch/" + strconv.FormatInt(id, 10) }

// launchFormPath is where a campaign, "" for none, is written for a check.
func launchFormPath(campaign string) string {
	if campaign == "" {
		return "/campaigns/check"
	}
	return "/campaigns/" + url.PathEscape(campaign) + "/check"
}

// launchID is the check named in the path; what is no number is no check.
func (v *visit) launchID() (int64, error) {
	id, err := strconv.ParseInt(v.r.PathValue("check"), 10, 64)
	if err != nil {
		return 0, triage.Errorf(triage.CodeNotFound, "there is no check %.20q", v.r.PathValue("check"))
	}
	return id, nil
}
