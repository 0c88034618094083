package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// campaignContent is a campaign, with whom it reaches and who complains of it.
// Days count back from now.
type campaignContent struct {
	Name      string
	Line      string
	Channel   string
	FromDays  int `yaml:"from_days"`
	ToDays    int `yaml:"to_days"`
	Rules     string
	Audience  string
	Copy      string
	Objective string

	Owner, Department string

	Aliases  []string
	Eligible eligibleContent

	// Reach is the share of the customers who are told, Joins that of those who
	// take part, Risk that of those who complain, in one of Voices.
	Reach, Joins, Risk float64
	Voices, Calls      []string
	Changed            *changeContent
	Counter            counterContent
	// PlannedReach is how many customers a planned campaign is to reach.
	PlannedReach int `yaml:"planned_reach"`
}

// eligibleContent is a triage.Eligibility.
type eligibleContent struct {
	Tiers      []triage.Tier
	Regions    []string
	MinMonths  int `yaml:"min_months"`
	MaxMonths  int `yaml:"max_months"`
	Needs      []triage.RecordOf
	Excludes   []triage.RecordOf
	Repeatable bool
	QuietDays  int `yaml:"quiet_days"`
}

// changeContent is other rules from a day of the campaign on.
type changeContent struct {
	Days              int
	Note, Rules, Copy string
	Risk              float64
	Voices            []string
}

// changeHour is when rules are changed.
const changeHour = 9 * time.Hour

// makeCampaigns puts the campaigns of the content into the calendar and tells
// their audience of them.
func (f *founder) makeCampaigns() {
	r := f.stream(partCampaigns)
	for i := range f.content.Campaigns {
		p := &f.content.Campaigns[i]
		c := triage.Campaign{
			ID:   fmt.Sprintf("HD%02d", i+1),
			Name: p.Name,
			From: f.now.AddDate(0, 0, -p.FromDays).Truncate(time.Hour),
			To:   f.now.AddDate(0, 0, -p.ToDays).Truncate(time.Hour),

			Channel: p.Channel, Rules: p.Rules, Audience: p.Audience, Copy: p.Copy, Objective: p.Objective,
			Owner: p.Owner, Department: p.Department, Aliases: p.Aliases, Eligible: triage.Eligibility(p.Eligible),
		}
		f.campaigns = append(f.campaigns, c)
		f.announce(r, &c, p)
	}
}

// announce records the campaign message for a share of the customers.
func (f *founder) announce(r *rand.Rand, c *triage.Campaign, p *campaignContent) {
	until := c.To
	if until.After(f.now) {
		until = f.now
	}
	if !until.After(c.From) {
		return
	}
	for i := range f.customers {
		if f.customers[i].OptedOut || r.Float64() >= p.Reach {
			continue
		}
		e := triage.Exposure{
			CustomerID: f.customers[i].ID, Kind: campaign.ExposureKind, Key: c.ID,
			At:    c.From.Add(between(r, 0, until.Sub(c.From))),
			Attrs: map[string]any{"channel": c.Channel},
		}
		if r.Float64() < p.Joins {
			e.Attrs["joined"] = true
		}
		if p.Changed != nil && !e.At.Before(f.midnight(p.Changed.Days).Add(changeHour)) {
			e.Attrs["rule"] = "changed"
		}
		f.exposures = append(f.exposures, e)
	}
}

// aftermath is how long after its end a campaign is still complained of.
const aftermath = 7 * day

// campaignAt returns the id of a campaign of the line that ran at t or shortly
// before, "" when there was none.
func (f *founder) campaignAt(line string, t time.Time) string {
	for i := range f.content.Campaigns {
		if c := &f.campaigns[i]; f.content.Campaigns[i].Line == line && !t.Before(c.From) && t.Before(c.To.Add(aftermath)) {
			return c.ID
		}
	}
	return ""
}
