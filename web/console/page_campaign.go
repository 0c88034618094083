package console

import (
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	judgement "github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// campaignHead is what all pages of a campaign begin with.
type campaignHead struct {
	Path, ID, Name string
	State          campaign.State
	Period         string
	Department     string
	Owner          string
	Signal         judgement.Signal
	Sure           bool
	Because        string
	MayWrite       bool
	Registered     bool
	Improve        string // address of a new improvement about its complaints, "" for none
}

// campaignView is the page of one campaign.
type campaignView struct {
	campaignHead
	Reached, Contacts int
	Complaints        figure
	Customers         int
	Rate, Interval    string
	Compared          []comparison
	Told              []signalRow
	Blocks            []block
	Rules, Copy       string
	Audience          string
	Objective         string
	Aliases           []string

	Rows    []attributedRow
	Basis   campaign.Basis
	Bases   []campaign.Basis
	Next    string
	Choices []option // campaigns to move a complaint to
	Causes  []card.Cause
}

// comparison is the rate of a campaign by another.
type comparison struct{ With, Ratio, Interval, Rate string }

// signalRow is a signal from a day on.
type signalRow struct {
	Day, Because string
	Signal       judgement.Signal
}

// attributedRow is a complaint about the campaign, and why it counts as one.
type attributedRow struct {
	ID       triage.ComplaintID
	Href     string
	At       string
	Line     string
	Basis    campaign.Basis
	Score    string
	Evidence []string
	Exposed  string
	By       string
	Cause    card.Cause
	CauseBy  string
	Words    []string
}

func (c *Console) campaignHead(v *visit, d *watch.Detail) campaignHead {
	k := &d.Campaign
	return campaignHead{
		Path: campaignPath(k.ID), ID: k.ID, Name: campaignName(k.ID, k.Name), State: d.State, Department: k.Department, Owner: k.Owner,
		Period: d.From.String() + " – " + d.To.String(), Signal: d.Verdict.Signal, Sure: d.Verdict.Sure, Because: v.lang.because(&d.Verdict),
		MayWrite: v.may(access.CampaignWrite), Registered: k.Version > 0, Improve: c.improveFor(v, about(k.ID)),
	}
}

func (c *Console) showCampaign(v *visit) error {
	d, err := c.d.Marketing.Desk.Campaign(v.r.Context(), v.campaignID())
	if err != nil {
		return err
	}
	k := &d.Campaign
	view := campaignView{
		campaignHead: c.campaignHead(v, &d), Reached: d.Reached, Contacts: d.Contacts, Complaints: linked(d.Figures.Cases, about(k.ID)),
		Customers: d.Customers, Rate: rateText(d.Verdict.Rate), Interval: rangeText(d.Verdict.Rate.Low, d.Verdict.Rate.High),
		Rules: k.Rules, Copy: k.Copy, Audience: k.Audience, Objective: k.Objective, Aliases: k.Aliases,
		Bases: campaign.Bases, Causes: card.Causes, Told: signalRows(v.lang, d.Told),
	}
	if view.Compared, err = comparisons(v.lang, &d.Verdict); err != nil {
		return err
	}
	if view.Blocks, err = c.campaignBlocks(v.lang, &d); err != nil {
		return err
	}
	if err := c.attributed(v, &view); err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "campaign", page{Title: "nav.campaigns", Nav: "/campaigns", Name: view.Name, View: view})
}

// signalRows leaves out the days on which a signal only went on.
func signalRows(l language, told []watch.Told) []signalRow {
	var rows []signalRow
	for i := range told {
		t := &told[i]
		if i+1 < len(told) && told[i+1].Verdict.Signal == t.Verdict.Signal {
			continue
		}
		rows = append(rows, signalRow{t.Day.String(), l.because(&t.Verdict), t.Verdict.Signal})
	}
	return rows
}

func comparisons(l language, v *judgement.Verdict) ([]comparison, error) {
	var rows []comparison
	for _, r := range []struct {
		key   string
		ratio judgement.Ratio
		rate  judgement.Rate
	}{
		{"campaigns.own", v.Own, judgement.Rate{}}, {"campaigns.similar", v.Similar, v.SimilarRate},
		{"campaigns.general", v.General, v.GeneralRate}, {"campaigns.rest", v.Rest, judgement.Rate{}},
	} {
		if r.ratio.High == 0 {
			continue
		}
		with, err := l.text(r.key)
		if err != nil {
			return nil, err
		}
		rows = append(rows, comparison{with, timesText(r.ratio), rangeText(r.ratio.Low, r.ratio.High), rateText(r.rate)})
	}
	return rows, nil
}

// attributed fills in a page of the complaints about the campaign.
func (c *Console) attributed(v *visit, view *campaignView) error {
	q, ctx := v.r.URL.Query(), v.r.Context()
	view.Basis = campaign.Basis(oneOf(q.Get("basis"), campaign.Bases))
	found, err := c.d.Marketing.Register.Complaints(ctx, campaign.AttributionFilter{
		Campaign: view.ID, Basis: view.Basis, Scope: triage.ScopeOf(v.user), Cursor: q.Get("cursor"), Limit: 20,
	})
	if err != nil {
		return err
	}
	ids := make([]triage.ComplaintID, len(found.Rows))
	for i := range found.Rows {
		ids[i] = found.Rows[i].Complaint
	}
	causes, err := c.d.Marketing.Cards.Causes(ctx, ids)
	if err != nil {
		return err
	}
	for i := range found.Rows {
		row, err := c.attributedRow(v, &found.Rows[i], causes[ids[i]])
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, row)
	}
	if found.Next != "" {
		view.Next = address(view.Path, "basis", string(view.Basis), "cursor", found.Next) + "#complaints"
	}
	if !view.MayWrite {
		return nil
	}
	all, err := c.d.Marketing.Register.List(ctx, campaign.Filter{})
	for i := range all {
		if all[i].ID != view.ID {
			view.Choices = append(view.Choices, option{Value: all[i].ID, Label: campaignName(all[i].ID, all[i].Name)})
		}
	}
	return err
}

func (c *Console) attributedRow(v *visit, a *campaign.Attributed, cause card.Judged) (attributedRow, error) {
	k, err := c.visibleCase(v, a.Complaint)
	if err != nil {
		return attributedRow{}, err
	}
	row := attributedRow{
		ID: a.Complaint, Href: casePath(a.Complaint), At: c.when(a.CaseAt), Line: c.masked(cut(k.Body(), 160), nil), Basis: a.Basis,
		Score: percent(a.Score), Exposed: c.when(a.Exposed), By: a.By, Cause: cause.Cause, CauseBy: cause.By,
	}
	for _, w := range a.Evidence {
		row.Evidence = append(row.Evidence, c.masked(w, nil))
	}
	for _, w := range cause.Words {
		row.Words = append(row.Words, c.masked(w, nil))
	}
	return row, nil
}

// exportCampaign sends a table of the page of a campaign.
func (c *Console) exportCampaign(v *visit) error {
	d, err := c.d.Marketing.Desk.Campaign(v.r.Context(), v.campaignID())
	if err != nil {
		return err
	}
	blocks, err := c.campaignBlocks(v.lang, &d)
	if err != nil {
		return err
	}
	return c.sendCampaignBlock(v, campaign.Object(d.Campaign.ID), blocks)
}

// cells are numbers of a row.
func cells(numbers ...int) []figure {
	row := make([]figure, len(numbers))
	for i, n := range numbers {
		row[i] = figure{Text: strconv.Itoa(n)}
	}
	return row
}
