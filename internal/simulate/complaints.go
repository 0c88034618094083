package simulate

import (
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// The ways that lead to an agent's record and those on which customers write
// themselves, with their weights.
var (
	channels       = []triage.Channel{triage.ChannelHotline, triage.ChannelCounter, triage.ChannelApp, triage.ChannelWeb, triage.ChannelWeChat, triage.ChannelEmail, triage.ChannelOther}
	channelWeights = cumulate([]float64{52, 8, 18, 8, 9, 3, 2})
)

func taken(c triage.Channel) bool { return c == triage.ChannelHotline || c == triage.ChannelCounter }

// blank returns a complaint of a customer with everything but its text.
func (g *generator) blank(r *rand.Rand, customer int, at time.Time) triage.Complaint {
	c := triage.Complaint{
		CustomerID: g.customers[customer].ID, At: at,
		Channel: channels[weighted(r, channelWeights)], Region: g.customers[customer].Region,
	}
	if r.Float64() < g.Background.NoRegion {
		c.Region = ""
	}
	return c
}

// complain writes a complaint about a kind. The slots begin with values and
// are drawn from the lists.
func (g *generator) complain(r *rand.Rand, k *kind, lists map[string][]string, values map[string]string, customer int, at time.Time) triage.Complaint {
	c := g.blank(r, customer, at)
	s := g.lib.speaker(r, lists, values)
	if _, given := values["region"]; !given {
		s.values["region"] = g.customers[customer].Region
	}
	s.values["date"] = lately(r, at)
	if taken(c.Channel) {
		c.Text = s.compose(&g.lib.Record, pick(r, k.Record), k.Demands)
	} else {
		c.Text = roughen(r, s.compose(&g.lib.Own, pick(r, k.Own), k.Demands))
	}
	if r.Float64() < g.Background.Named {
		c.Product, c.Campaign = s.say(k.Product), s.say(k.Campaign)
	}
	return c
}

// lately names one of the last three days.
func lately(r *rand.Rand, at time.Time) string {
	return at.AddDate(0, 0, -r.IntN(3)).Format("1月2日")
}

func (g *generator) report(c triage.Complaint, owner int) {
	g.reports = append(g.reports, report{Complaint: c, arrives: c.At, owner: owner, outcome: none})
}
