package console

import (
	"html/template"
	"math"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// improveRow is one improvement in a list.
type improveRow struct {
	ID, Href, Title, Scope, ScopeHref string
	Cause                             string
	Department, Owner                 string
	Due, Started, Done, Target        string
	Status                            improve.Status
	Late                              bool
	Effect                            *improveEffect
	Again                             string
}

// improveEffect is an effect in words; Change is "" without one.
type improveEffect struct {
	Verdict          improve.Verdict
	Change, Interval string
}

func improvePath(id int64) string { return "/improvements/" + strconv.FormatInt(id, 10) }

// improveName is an improvement's number as people say it.
func improveName(id int64) string { return "G" + strconv.FormatInt(id, 10) }

func (c *Console) improveRow(l language, a *improve.Improvement) improveRow {
	return improveRow{
		ID: improveName(a.ID), Href: improvePath(a.ID), Title: c.maskedLine(a.Title), Scope: c.scopeWords(l, a.Scope), ScopeHref: casesPath(a.Scope),
		Cause: c.masked(a.Cause, nil), Department: a.Department, Owner: a.Owner, Due: improveDay(a.Due), Started: improveDay(a.Started), Done: improveDay(a.Done),
		Target: improveTarget(a.Target), Status: a.Status, Late: a.Overdue(c.today()), Effect: improveEffectOf(a.Effect),
		Again: "/improvements/new?copy=" + strconv.FormatInt(a.ID, 10),
	}
}

func (c *Console) improveRows(l language, list []improve.Improvement) []improveRow {
	rows := make([]improveRow, len(list))
	for i := range list {
		rows[i] = c.improveRow(l, &list[i])
	}
	return rows
}

func improveDay(d fact.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func improveTarget(t float64) string {
	if t == 0 {
		return ""
	}
	return improveChange(1 + t)
}

func improveEffectOf(e *improve.Effect) *improveEffect {
	if e == nil {
		return nil
	}
	f := &improveEffect{Verdict: e.Verdict}
	if e.Verdict != improve.TooFew && e.WeeksAfter > 0 && e.Expected > 0 {
		f.Change, f.Interval = improveChange(e.Ratio.Value), improveInterval(e.Ratio)
	}
	return f
}

// improveChange writes a ratio as a change in percent.
func improveChange(ratio float64) string {
	p := math.Round(100 * (ratio - 1))
	switch {
	case p < 0:
		return "−" + strconv.FormatFloat(-p, 'f', 0, 64) + "%"
	case p > 0:
		return "+" + strconv.FormatFloat(p, 'f', 0, 64) + "%"
	}
	return "0%"
}

func improveInterval(r improve.Ratio) string {
	return improveChange(r.Low) + " … " + improveChange(r.High)
}

// improveWeek is one week of the picture in figures.
type improveWeek struct {
	Day, Href        string
	Scope, Control   int
	Expected, Bounds string
	Part             improve.Part
}

// improveChart draws the weeks, and lists them.
func (c *Console) improveChart(l language, a *improve.Improvement, e *improve.Effect) (template.HTML, []improveWeek) {
	b := chart.Bars{Title: l.fill("improve.chart") + " · " + c.maskedLine(a.Title), Desc: l.fill("improve.chart.line")}
	weeks := make([]improveWeek, len(e.Points))
	for i, p := range e.Points {
		expected, bounds := decimal(p.Expected), decimal(p.Low)+" – "+decimal(p.High)
		weeks[i] = improveWeek{
			Day: p.Day.String(), Href: casesPath(a.Scope.Between(p.Day, p.Day+7)), Scope: p.Scope, Control: p.Control,
			Expected: expected, Bounds: bounds, Part: p.Part,
		}
		b.Days = append(b.Days, chart.Day{
			Label: p.Day.Time().Format("01-02"), Count: p.Scope, Low: p.Low, High: p.High, Raised: p.Part == improve.PartPeak,
			Hint: l.fill("improve.week", p.Day.String(), p.Scope, expected, bounds) + " · " + l.label("improvepart", p.Part),
		})
	}
	if a.Started != 0 {
		b.Marks = append(b.Marks, chart.Mark{Day: improveWeekOf(e.Points, a.Started), Label: l.fill("improve.mark.started")})
	}
	if a.Done != 0 {
		b.Marks = append(b.Marks, chart.Mark{Day: improveWeekOf(e.Points, a.Done+1), Label: l.fill("improve.mark.done")})
	}
	return b.SVG(), weeks
}

// improveWeekOf is the index of the week in which a day lies, that of the end for one
// after the last.
func improveWeekOf(points []improve.Point, day fact.Day) int {
	for i, p := range points {
		if day < p.Day+7 {
			return i
		}
	}
	return len(points)
}
