package console

import (
	"context"
	"html/template"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

func (c *Console) planRow(l language, p *prevention.Plan) planRow {
	row := planRow{
		ID: string(p.ID), Href: planPath(p.ID), Title: c.maskedLine(p.Title), Status: p.Status, Cluster: string(p.Cluster), Rule: string(p.Rule),
		Size: p.Size, Held: p.Held, By: l.label("actor", p.CreatedBy), Created: c.when(p.CreatedAt),
	}
	if p.Cluster != "" {
		row.ClusterHref = clusterPath(p.Cluster)
	}
	if fixed(p) {
		row.begun = p.ApprovedAt
		if p.StartAt.After(row.begun) {
			row.begun = p.StartAt
		}
	}
	return row
}

// planProgress adds how far the plan has come and what it has prevented.
func (c *Console) planProgress(ctx context.Context, l language, p *prevention.Plan) (planRow, error) {
	row := c.planRow(l, p)
	if !fixed(p) {
		return row, nil
	}
	counts, err := c.d.Outreach.Notices.CountNotices(ctx, p.ID)
	if err != nil {
		return row, err
	}
	row.Done, row.Left = settled(counts)
	row.Total = row.Done + row.Left
	if row.Progress, err = progressBar(l, counts); err != nil {
		return row, err
	}
	err = c.addAvoidedBy(ctx, p, &row)
	return row, err
}

// fixed says whether the recipients of a plan are known by name.
func fixed(p *prevention.Plan) bool { return !p.ApprovedAt.IsZero() }

// noticeStates are the states in the order of the progress bar, without the
// held-out, who are never on their way.
var noticeStates = []prevention.NoticeState{
	prevention.NoticeAnswered, prevention.NoticeDelivered, prevention.NoticeSent, prevention.NoticeSending,
	prevention.NoticeQueued, prevention.NoticeUnclear, prevention.NoticeFailed, prevention.NoticeSkipped,
}

// settled splits the notices that are to be sent into those that have come to
// an end and those that have not.
func settled(counts map[prevention.NoticeState]int) (done, left int) {
	for state, n := range counts {
		switch state {
		case prevention.NoticeHeld:
		case prevention.NoticeQueued, prevention.NoticeSending:
			left += n
		default:
			done += n
		}
	}
	return done, left
}

func progressBar(l language, counts map[prevention.NoticeState]int) (template.HTML, error) {
	var parts []chart.Part
	for _, s := range noticeStates {
		parts = append(parts, chart.Part{Label: l.label("notice", s) + " " + count(counts[s]), Count: counts[s], Class: "n-" + string(s)})
	}
	title, err := l.text("plan.progress")
	return chart.Stack(title, parts), err
}
