package console

import (
	"html/template"
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// improvementView is one improvement with its effect.
type improvementView struct {
	Row         improveRow
	Version     int64
	Conditions  []condition
	Control     string
	Cluster     string
	ClusterHref string
	CopyOf      string
	CopyHref    string
	Effect      improveReport
	Chart       template.HTML
	Weeks       []improveWeek
	Remarks     []improveRemark
	Moves       []improve.Status
	MayWork     bool
	Edit        string
	Today       string
	Form        refusedForm
}

// improveReport is the measured effect in full.
type improveReport struct {
	*improve.Effect
	*improveEffect
	ExpectedText, AvoidedText, AvoidedInterval string
	Dispersion                                 string
	WithPeak, WithPeakInterval                 string
	Reached                                    string // "yes", "no" or "" without a target or effect
}

// improveRemark is one line of the history.
type improveRemark struct {
	At, By, Text string
	Status       improve.Status
}

// improvement returns the one named in the path. One that the visitor may not
// see is not found.
func (c *Console) improvement(v *visit) (improve.Improvement, []improve.Remark, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return improve.Improvement{}, nil, c.notFound(v)
	}
	a, remarks, err := c.d.Staff.Improvements.Get(v.r.Context(), id)
	if err == nil && !viewer(v).May(&a) {
		err = triage.Errorf(triage.CodeNotFound, "no improvement %d in the department of the user", id)
	}
	return a, remarks, err
}

func (c *Console) showImprovement(v *visit) error {
	return c.renderImprovement(v, http.StatusOK, refusedForm{})
}

func (c *Console) renderImprovement(v *visit, status int, form refusedForm) error {
	a, remarks, err := c.improvement(v)
	if err != nil {
		return err
	}
	e := c.d.Staff.Improvements.Measure(&a)
	view := improvementView{
		Row: c.improveRow(v.lang, &a), Version: a.Version, Conditions: c.scopeConditions(v.lang, a.Scope), Control: c.scopeWords(v.lang, a.Control),
		Cluster: string(a.Cluster), Effect: improveReportOf(&a, &e), MayWork: v.may(access.ImproveWork), Today: c.today().String(), Form: form,
	}
	view.Row.Effect = view.Effect.improveEffect
	view.Chart, view.Weeks = c.improveChart(v.lang, &a, &e)
	if a.Cluster != "" && c.d.Alarms != nil {
		view.ClusterHref = clusterPath(prevention.ClusterID(a.Cluster))
	}
	if a.CopyOf != 0 {
		view.CopyOf, view.CopyHref = improveName(a.CopyOf), improvePath(a.CopyOf)
	}
	if view.MayWork {
		view.Moves, view.Edit = a.Status.Moves(), improvePath(a.ID)+"/edit"
	}
	for _, r := range remarks {
		view.Remarks = append(view.Remarks, improveRemark{c.when(r.At), r.By, c.masked(r.Text, nil), r.Status})
	}
	return c.render(v, status, "improvement", page{Title: "nav.improvements", Nav: "/improvements", Name: improveName(a.ID), View: view})
}

func improveReportOf(a *improve.Improvement, e *improve.Effect) improveReport {
	r := improveReport{Effect: e, improveEffect: improveEffectOf(e), ExpectedText: decimal(e.Expected), Dispersion: decimal(e.Dispersion)}
	if r.Change == "" {
		return r
	}
	r.AvoidedText, r.AvoidedInterval = whole(e.Avoided), whole(e.AvoidedLow)+" … "+whole(e.AvoidedHigh)
	if e.WithPeak != nil {
		r.WithPeak, r.WithPeakInterval = improveChange(e.WithPeak.Value), improveInterval(*e.WithPeak)
	}
	if a.Target < 0 {
		r.Reached = "no"
		if e.Ratio.Value <= 1+a.Target {
			r.Reached = "yes"
		}
	}
	return r
}

func (c *Console) saveImprovementChart(v *visit) error {
	a, _, err := c.improvement(v)
	if err != nil {
		return err
	}
	e := c.d.Staff.Improvements.Measure(&a)
	picture, _ := c.improveChart(v.lang, &a, &e)
	sendPicture(v, "qianyi-improvement-"+strconv.FormatInt(a.ID, 10)+".svg", picture)
	return nil
}

var improveWeekColumns = []string{"improve.week.day", "improve.part", "improve.count", "improve.expected", "improve.band", "improve.others"}

func (c *Console) exportWeeks(v *visit) error {
	a, _, err := c.improvement(v)
	if err != nil {
		return err
	}
	e := c.d.Staff.Improvements.Measure(&a)
	_, weeks := c.improveChart(v.lang, &a, &e)
	rows := make([][]string, len(weeks))
	for i, w := range weeks {
		rows[i] = []string{w.Day, v.lang.label("improvepart", w.Part), count(w.Scope), w.Expected, w.Bounds, count(w.Control)}
	}
	return c.sendTable(v, improve.Object(a.ID), improveWeekColumns, rows)
}
