package console

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/triage"
)

// lifeOf fills in what people do about the cluster.
func (c *Console) lifeOf(l language, v *desk.View, p *clusterView) {
	k := &v.Cluster
	p.Moves = slices.DeleteFunc(k.Stage.Moves(), func(s prevention.Stage) bool { return s == prevention.StageDismissed })
	p.Ended = k.MergedInto != ""
	p.Solution, p.Silenced = c.maskedLine(k.Solution), c.when(v.Silenced)
	p.Tomorrow = c.d.Now().In(c.d.Zone).AddDate(0, 0, 1).Format(dayFace) + "T18:00"
	for _, a := range v.Actions {
		p.Actions = append(p.Actions, c.actionRow(&a))
	}
	for _, n := range v.Notes {
		p.Notes = append(p.Notes, noteRow{By: n.By, At: c.when(n.At), Text: c.masked(n.Text, nil)})
	}
	for _, a := range v.Announced {
		p.Announced = append(p.Announced, announcedRow{
			Kind: a.Kind, At: c.when(a.At), SentAt: c.when(a.SentAt), Receiver: c.maskedLine(a.Receiver), Reason: a.Reason,
			Dropped: a.SentAt.IsZero() && a.NextAt.IsZero() && a.Reason != "",
		})
	}
	p.Trail = c.clusterTrail(l, v.Trail)
	for _, t := range c.d.Cases.Catalogue().Types() {
		if t.Department != "" && !slices.Contains(p.Departments, t.Department) {
			p.Departments = append(p.Departments, t.Department)
		}
	}
	if c.d.Outreach != nil && !p.Ended && k.Stage != prevention.StageDismissed {
		p.NewPlan = newPlanPath(k.ID)
	}
}

type actionRow struct {
	ID                       int64
	Title, Department, Owner string
	Due, Done                string
	Late                     bool
}

func (c *Console) actionRow(a *prevention.Action) actionRow {
	return actionRow{
		ID: a.ID, Title: c.maskedLine(a.Title), Department: a.Department, Owner: a.Owner, Due: c.when(a.DueAt), Done: c.when(a.DoneAt),
		Late: a.DoneAt.IsZero() && a.DueAt.Before(c.d.Now()),
	}
}

type noteRow struct{ By, At, Text string }

type announcedRow struct {
	Kind                         prevention.AnnouncementKind
	At, SentAt, Receiver, Reason string
	Dropped                      bool
}

// clusterTrail is the trail with what a change of stage, owner or solution
// came to.
func (c *Console) clusterTrail(l language, trail []triage.AuditEntry) []trailRow {
	rows := c.trailRows(l, trail)
	for i := range rows {
		var d map[string]any
		if json.Unmarshal([]byte(trail[len(trail)-1-i].Detail), &d) != nil {
			continue
		}
		var said []string
		for _, key := range []string{"to", "owner", "solution", "until", "target", "into", "title", "kind", "complaints"} {
			value, ok := d[key].(string)
			switch {
			case !ok || value == "":
			case key == "to":
				said = append(said, l.label("stage", value))
			case key == "until":
				if t, err := time.Parse(time.RFC3339, value); err == nil && !t.IsZero() {
					said = append(said, c.when(t))
				}
			case key == "kind":
				said = append(said, l.label("correction", value))
			default:
				said = append(said, c.maskedLine(value))
			}
		}
		rows[i].Detail = strings.Join(said, " · ")
	}
	return rows
}
