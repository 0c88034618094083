package console

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

func (c *Console) contactRows(log []customer.Contact, hide func(string) string) []contactRow {
	rows := make([]contactRow, len(log))
	for i := range log {
		k := &log[i]
		rows[i] = contactRow{
			At: c.when(k.At), Channel: k.Channel, People: hide(k.People), Content: hide(k.Content), Feedback: hide(k.Feedback), By: k.By,
		}
	}
	return rows
}

// answerRow is one score that the customer gave.
type answerRow struct {
	Score          scored
	Case, CaseHref string
	Customer       customerLink
	Reasons        []string
	Text, At, By   string
}

func (c *Console) answerRows(scores []customer.Score, hide func(string) string) []answerRow {
	rows := make([]answerRow, len(scores))
	for i := range scores {
		s := &scores[i]
		rows[i] = answerRow{
			Score: c.scored(s.Score), Case: c.maskedLine(string(s.Case)), CaseHref: casePath(s.Case), Customer: c.customerLink(s.Customer),
			Reasons: s.Reasons, Text: hide(s.Text), At: c.when(s.At), By: s.By,
		}
	}
	return rows
}

// factsShown bounds the facts of an event that a table shows.
const factsShown = 6

// exposureRows lists what a customer had to do with; a key that is a campaign is
// shown with its name.
func (c *Console) exposureRows(l language, exposures []triage.Exposure, campaigns []triage.Campaign) []exposureRow {
	names := map[string]string{}
	for i := range campaigns {
		names[campaigns[i].ID] = campaigns[i].Name
	}
	rows := make([]exposureRow, len(exposures))
	for i := range exposures {
		e := &exposures[i]
		name, campaign := names[e.Key]
		rows[i] = exposureRow{At: c.when(e.At), Kind: l.label("exposure", e.Kind), Key: c.maskedLine(cmp.Or(name, e.Key)), Facts: c.exposureFacts(e.Attrs), Campaign: campaign}
	}
	return rows
}

func (c *Console) exposureFacts(attrs map[string]any) string {
	var facts []string
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if len(facts) == factsShown {
			break
		}
		facts = append(facts, name+" "+fmt.Sprint(attrs[name]))
	}
	return c.maskedLine(strings.Join(facts, " · "))
}

// toldRows lists notices. What they were about is the cause of the notice: a
// cluster, or the event rule that spoke up.
func (c *Console) toldRows(l language, told []customer.Told) []toldRow {
	rows := make([]toldRow, len(told))
	for i, t := range told {
		kind, id, _ := strings.Cut(t.Cause, ":")
		id, _, _ = strings.Cut(id, ":") // behind the rule is the event it was about
		rows[i] = toldRow{At: c.when(t.At), What: l.label("told", kind) + " " + id, Channel: t.Channel, State: t.State}
		if kind == "cluster" && c.d.Alarms != nil {
			rows[i].Href = clusterPath(prevention.ClusterID(id))
		}
	}
	return rows
}
