package console

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// eventRulesView is the page of event rules: all of them and one that is being
// written.
type eventRulesView struct {
	Rules []eventRuleRow
	Form  eventRuleForm
	Open  bool // the form
	// MayWrite and MayApprove are what the visitor's role may do.
	MayWrite, MayApprove bool
	Channels             []string
	Variables            []string
	// Wrong is the field at fault and Problem what is wrong with it, or with the
	// last action.
	Wrong, Problem string
}

type eventRuleRow struct {
	ID, Name              string
	Status                prevention.EventRuleStatus
	Version               int64
	When, Unless, Wait    string
	Subject, Text         string
	Channels              []string
	Holdout               string
	Today, Cap, Width     int
	By, Approver          string
	Edit                  string // the address of its form
	MayApprove, NeedsElse bool
	Plans                 string // its messages
}

func (c *Console) showEventRules(v *visit) error {
	q := v.r.URL.Query()
	return c.renderEventRules(v, http.StatusOK, eventRulesView{Open: q.Get("new") == "1"}, prevention.EventRuleID(q.Get("edit")), nil)
}

// renderEventRules shows all rules; edit is the one in the form, "" for none,
// and refused why the last action was not done.
func (c *Console) renderEventRules(v *visit, status int, view eventRulesView, edit prevention.EventRuleID, refused error) error {
	ctx := v.r.Context()
	rules, err := c.d.Outreach.Rules.List(ctx)
	if err != nil {
		return err
	}
	if view.Form.Cap == "" {
		view.Form = c.emptyEventRule()
	}
	today := midnight(c.d.Now().In(c.d.Zone))
	for i := range rules {
		r := &rules[i]
		row := c.eventRuleRow(v, r)
		if row.Today, err = c.d.Outreach.Enqueued.EnqueuedSince(ctx, r.ID, today); err != nil {
			return err
		}
		row.Width = width(float64(row.Today) / float64(max(r.DailyCap, 1)))
		if r.ID == edit && r.Status != prevention.EventRuleApproved {
			view.Form, view.Open = c.formOfEventRule(r), true
		}
		view.Rules = append(view.Rules, row)
	}
	view.MayWrite, view.MayApprove = v.may(access.OutreachWrite), v.may(access.OutreachApprove)
	view.Open = view.Open && view.MayWrite
	view.Channels, view.Variables = c.d.Outreach.Channels, outreach.Variables
	if refused != nil {
		view.Wrong, view.Problem = c.said(v.lang, refused)
	}
	return c.render(v, status, "rules", page{Title: "nav.rules", Nav: "/rules", View: view})
}

func (c *Console) eventRuleRow(v *visit, r *prevention.EventRule) eventRuleRow {
	row := eventRuleRow{
		ID: string(r.ID), Name: c.maskedLine(r.Name), Status: r.Status, Version: r.Version, Wait: v.lang.span(r.Wait),
		When:    c.d.Alarms.RuleWords(prevention.Rule{Conditions: []prevention.Condition{r.When}}),
		Subject: c.masked(r.Template.Subject, nil), Text: c.masked(r.Template.Text, nil), Channels: r.Channels,
		Holdout: percent(r.Holdout), Cap: r.DailyCap, By: r.CreatedBy, Approver: r.ApprovedBy,
		Edit:  "/rules?" + url.Values{"edit": {string(r.ID)}}.Encode() + "#edit",
		Plans: "/outreach",
	}
	if r.Unless.Kind != "" {
		row.Unless = c.d.Alarms.RuleWords(prevention.Rule{Conditions: []prevention.Condition{r.Unless}})
	}
	row.MayApprove = r.Status != prevention.EventRuleApproved
	row.NeedsElse = r.CreatedBy == v.user.Name
	return row
}

// saveEventRule takes a new rule or a changed one.
func (c *Console) saveEventRule(v *visit) error {
	form := readEventRuleForm(v.r.PostForm)
	rule, err := c.eventRule(&form)
	switch {
	case err != nil:
	case form.ID == "":
		_, err = c.d.Outreach.Rules.Create(v.r.Context(), rule, v.user.Name)
	default:
		_, err = c.d.Outreach.Rules.Edit(v.r.Context(), rule, v.user.Name)
	}
	if triage.CodeOf(err) == triage.CodeInvalid {
		return c.renderEventRules(v, http.StatusUnprocessableEntity, eventRulesView{Form: form, Open: true}, "", err)
	}
	if err != nil {
		return err
	}
	return c.redirect(v, "/rules", "event_rule_saved")
}

func (c *Console) approveEventRule(v *visit) error {
	version, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return triage.FieldErrorf("version", "is not a number")
	}
	_, err = c.d.Outreach.Rules.Approve(v.r.Context(), prevention.EventRuleID(v.r.PathValue("id")), version, v.user.Name)
	switch triage.CodeOf(err) {
	case "":
		return c.redirect(v, "/rules", "event_rule_approved")
	case triage.CodeInvalid, triage.CodeConflict, triage.CodeForbidden:
		return c.renderEventRules(v, httpStatus[triage.CodeOf(err)], eventRulesView{}, "", err)
	}
	return err
}

func (c *Console) pauseEventRule(v *visit) error {
	if _, err := c.d.Outreach.Rules.Pause(v.r.Context(), prevention.EventRuleID(v.r.PathValue("id")), v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, "/rules", "event_rule_paused")
}
