package console

import (
	"errors"
	"net/http"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// candidatesShown bounds the silent customers that the page names; the export
// has them all.
const candidatesShown = 20

// cohortView is the page of the silent customers under a cluster.
type cohortView struct {
	clusterHead
	Form ruleForm
	// Trying is set while the figures are those of a rule that is not stored.
	Trying bool
	// Wrong is the field at fault, Problem what is wrong with it.
	Wrong, Problem string
	Known          bool // there is a rule
	By             string
	Words          string
	Reasons        []reasonRow
	Matched        int
	Explained      int
	Complainants   int
	Left           int // customers who may be told
	Excluded       prevention.Excluded
	Share          int // width of Left among Matched
	Customers      []candidateRow
	Estimate       prevention.Estimate
	Export, Reset  string
	NewPlan        string
}

type reasonRow struct {
	Field, Value string
	With, Known  int
	Width        int
	Share, Lift  string
	Chance       string
}

type candidateRow struct {
	Customer, Exposed string
	Score             float64
	Width             int
}

// showCohort shows the stored rule, or counts another one that the address has.
func (c *Console) showCohort(v *visit) error {
	ctx := v.r.Context()
	k, err := c.d.Alarms.Desk.Cluster(ctx, v.clusterID())
	if err != nil {
		return err
	}
	return c.renderCohort(v, http.StatusOK, &k, readRuleForm(v.r.URL.Query()), nil)
}

// renderCohort counts the form's rule; an empty form is the cluster's own one.
// refused is why the form was not taken, nil when it was not sent.
func (c *Console) renderCohort(v *visit, status int, k *prevention.Cluster, form ruleForm, refused error) error {
	head, err := c.clusterHead(v, k, "cohort")
	if err != nil {
		return err
	}
	p := cohortView{clusterHead: head, Form: c.formOfRule(k.Rule).withSpare(), By: k.RuleBy, Known: k.Rule != nil, Estimate: k.Estimate}
	p.Export, p.Reset = head.Path+"/cohort.csv", head.Path+"/cohort"
	var try *prevention.Rule
	if len(form.Conditions) > 0 || form.Regions != "" {
		p.Form, p.Trying, p.Known = form.withSpare(), true, true
		p.Export += "?" + form.values().Encode()
		if refused == nil {
			var rule prevention.Rule
			rule, refused = c.rule(form)
			try = &rule
		}
	}
	if refused == nil && p.Known {
		var found prevention.Cohort
		found, refused = c.d.Alarms.Desk.Cohort(v.r.Context(), k.ID, try)
		if refused == nil {
			c.countCohort(v.lang, &p, &found)
		}
	}
	if refused != nil {
		if triage.CodeOf(refused) != triage.CodeInvalid {
			return refused
		}
		p.wrong(refused)
		status = http.StatusUnprocessableEntity
	}
	if c.d.Outreach != nil && v.may(access.OutreachWrite) && p.Known && !p.Trying && k.MergedInto == "" {
		p.NewPlan = newPlanPath(k.ID)
	}
	return c.render(v, status, "cohort", page{Title: "nav.clusters", Nav: "/clusters", Name: p.Card.ID + " " + p.Card.Title, View: p})
}

func (p *cohortView) wrong(err error) {
	p.Problem = err.Error()
	if e, ok := errors.AsType[*triage.Error](err); ok {
		p.Wrong, p.Problem = e.Field, e.Message
	}
}

func (c *Console) countCohort(l language, p *cohortView, found *prevention.Cohort) {
	p.Words, p.Matched, p.Explained, p.Complainants = found.Words, found.Matched, found.Explained, found.Known
	p.Left, p.Excluded = len(found.Customers), found.Excluded
	p.Share = width(float64(p.Left) / float64(max(p.Matched, 1)))
	for _, e := range found.Reasons {
		p.Reasons = append(p.Reasons, c.reasonRow(l, &e))
	}
	for _, k := range found.Customers[:min(len(found.Customers), candidatesShown)] {
		p.Customers = append(p.Customers, candidateRow{
			Customer: c.maskedLine(string(k.Customer)), Exposed: c.when(k.Exposed), Score: k.Score, Width: width(k.Score),
		})
	}
}

func (c *Console) reasonRow(l language, e *prevention.Evidence) reasonRow {
	return reasonRow{
		Field: l.factName(e.Field), Value: c.attributeValue(l, e.Field, e.Value), With: e.With, Known: e.Known,
		Width: width(float64(e.With) / float64(max(e.Known, 1))), Share: percentFine(e.Share), Lift: times(e.Lift), Chance: l.chance(e.PValue),
	}
}

// percentFine writes a share with one decimal where whole percents would hide
// it.
func percentFine(share float64) string {
	if share > 0 && share < 0.1 {
		return decimal(share*100) + "%"
	}
	return percent(share)
}

// saveRule stores the form as the cluster's rule. What is wrong is shown beside
// what was written.
func (c *Console) saveRule(v *visit) error {
	ctx := v.r.Context()
	id := v.clusterID()
	form := readRuleForm(v.r.PostForm)
	rule, err := c.rule(form)
	if err == nil {
		err = c.d.Alarms.Desk.SetRule(ctx, id, rule, v.user.Name)
	}
	switch {
	case triage.CodeOf(err) == triage.CodeInvalid:
		k, missing := c.d.Alarms.Desk.Cluster(ctx, id)
		if missing != nil {
			return missing
		}
		return c.renderCohort(v, http.StatusUnprocessableEntity, &k, form, err)
	case err != nil:
		return err
	}
	return c.redirect(v, clusterPath(id)+"/cohort", "rule_saved")
}

func (c *Console) exportCohort(v *visit) error {
	var try *prevention.Rule
	if form := readRuleForm(v.r.URL.Query()); len(form.Conditions) > 0 || form.Regions != "" {
		rule, err := c.rule(form)
		if err != nil {
			return err
		}
		try = &rule
	}
	found, err := c.d.Alarms.Desk.Cohort(v.r.Context(), v.clusterID(), try)
	if err != nil {
		return err
	}
	var table [][]string
	for _, k := range found.Customers[:min(len(found.Customers), maxExportRows)] {
		table = append(table, []string{c.masked(string(k.Customer), nil), percent(k.Score), c.when(k.Exposed)})
	}
	return c.sendTable(v, "cluster:"+string(v.clusterID()), cohortColumns, table)
}

var cohortColumns = []string{"field.customer", "cohort.score", "cohort.exposed"}
