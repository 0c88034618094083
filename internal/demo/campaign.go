package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// makeCampaigns puts the campaigns of the content into the calendar and tells
// their audience of them.
func (f *founder) makeCampaigns() {
	r := f.stream(partCampaigns)
	for i, p := range f.content.Campaigns {
		c := triage.Campaign{
			ID:   fmt.Sprintf("HD%02d", i+1),
			Name: p.Name,
			From: f.now.AddDate(0, 0, -p.FromDays).Truncate(time.Hour),
			To:   f.now.AddDate(0, 0, -p.ToDays).Truncate(time.Hour),

			Channel: p.Channel, Rules: p.Rules, Audience: p.Audience,
		}
		f.campaigns = append(f.campaigns, c)
		f.announce(r, &c, p.Reach)
	}
}

// announce records the campaign message for a share of the customers.
func (f *founder) announce(r *rand.Rand, c *triage.Campaign, reach float64) {
	until := c.To
	if until.After(f.now) {
		until = f.now
	}
	for i := range f.customers {
		if f.customers[i].OptedOut || r.Float64() >= reach {
			continue
		}
		f.exposures = append(f.exposures, triage.Exposure{
			CustomerID: f.customers[i].ID, Kind: "campaign", Key: c.ID,
			At:    c.From.Add(between(r, 0, until.Sub(c.From))),
			Attrs: map[string]any{"channel": c.Channel},
		})
	}
}

// aftermath is how long after its end a campaign is still complained of.
const aftermath = 7 * day

// campaignAt returns the id of a campaign of the line that ran at t or shortly
// before, "" when there was none.
func (f *founder) campaignAt(line string, t time.Time) string {
	for i, p := range f.content.Campaigns {
		if c := &f.campaigns[i]; p.Line == line && !t.Before(c.From) && t.Before(c.To.Add(aftermath)) {
			return c.ID
		}
	}
	return ""
}
