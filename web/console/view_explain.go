package console

import (
	"math"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

const (
	termsShown    = 12
	headTerms     = 4
	examplesShown = 5
)

type termRow struct {
	Text     string
	Width    int
	Coverage float64
}

type attributeRow struct {
	Field, Value string
	Share        float64
	Width        int
	Lift, Chance string
}

type neighbourRow struct {
	ID, Href, Title, Solution, Last string
	Similarity                      float64
}

// alarmRow is why the alarm came when it did.
type alarmRow struct {
	At, From                       string
	Days, Seen, Complaints, Copies int
	Usual, Low, High, Times        string
	Chance                         string
	Severity                       prevention.Severity
}

// dayRow is one day of the chart as a row of a table, latest first.
type dayRow struct {
	Day, Expected, Band string
	Customers, All      int
	Raised              bool
}

// explain fills in what makes the cluster understood.
func (c *Console) explain(l language, v *desk.View, p *clusterView) {
	k := &v.Cluster
	e := &k.Explanation
	p.Silent = silent(k)
	p.Running = l.span(k.LastAt.Sub(k.FirstAt))
	p.Verdict = verdict(k)
	if k.Rule != nil {
		p.Rule = c.d.Alarms.RuleWords(*k.Rule)
	}
	strongest := 0.0
	for _, t := range e.Terms {
		strongest = max(strongest, t.Weight)
	}
	for i, t := range e.Terms[:min(len(e.Terms), termsShown)] {
		t.Text = c.maskedLine(t.Text)
		p.Terms = append(p.Terms, termRow{Text: t.Text, Width: width(t.Weight / max(strongest, math.SmallestNonzeroFloat64)), Coverage: t.Coverage})
		if i < headTerms {
			p.ShortTerms = append(p.ShortTerms, t)
		}
	}
	for _, a := range e.Attributes {
		p.Attributes = append(p.Attributes, attributeRow{
			l.factName(a.Field), c.attributeValue(l, a.Field, a.Value), a.Share, width(a.Share), times(a.Lift), l.chance(a.PValue),
		})
	}
	for _, n := range e.Neighbours {
		p.Neighbours = append(p.Neighbours, neighbourRow{
			string(n.Cluster), clusterPath(n.Cluster), c.maskedLine(n.Title), c.maskedLine(n.Solution), c.date(l, n.LastAt), n.Similarity,
		})
	}
	if a := &k.Alarm; !a.At.IsZero() {
		p.Alarm = &alarmRow{
			At: c.when(a.At), From: c.when(a.At.AddDate(0, 0, -max(a.Days, 1))), Days: max(a.Days, 1), Seen: a.Customers,
			Complaints: a.Complaints, Copies: a.Copies, Usual: decimal(a.Baseline), Low: decimal(a.Low), High: decimal(a.High),
			Times: p.Card.Times, Chance: l.chance(a.PValue), Severity: a.Severity,
		}
	}
	for i := len(v.Series) - 1; i >= 0; i-- {
		d := &v.Series[i]
		p.Days = append(p.Days, dayRow{
			Day: d.Day.In(c.d.Zone).Format(dayFace), Expected: decimal(d.Expected), Band: decimal(d.Low) + "–" + decimal(d.High),
			Customers: d.Customers, All: d.Complaints, Raised: inWindow(&k.Alarm, d.Day, c.d.Zone),
		})
	}
}

// verdict is how sure the alarm is, as a key of the catalogue.
func verdict(k *prevention.Cluster) string {
	switch {
	case k.Alarm.At.IsZero():
		return "hand"
	case k.Alarm.PValue < 1e-6:
		return "certain"
	case k.Alarm.PValue < 1e-3:
		return "likely"
	}
	return "open"
}

func width(share float64) int { return int(clamp(share)*100 + 0.5) }

func inWindow(a *prevention.Alarm, day time.Time, zone *time.Location) bool {
	if a.At.IsZero() {
		return false
	}
	end := midnight(a.At.In(zone))
	return !day.After(end) && day.After(end.AddDate(0, 0, -max(a.Days, 1)))
}

// drawings are the chart of the days and the iceberg, which is "" without an
// estimate.
func (c *Console) drawings(l language, v *desk.View, p *clusterView) error {
	words := map[string]string{}
	for _, key := range []string{"chart.title", "chart.desc", "chart.alarm", "chart.told", "berg.above", "berg.below"} {
		text, err := l.text(key)
		if err != nil {
			return err
		}
		words[key] = text
	}
	k := &v.Cluster
	b := chart.Bars{Title: words["chart.title"] + " " + string(k.ID), Desc: words["chart.desc"]}
	for _, d := range v.Series {
		day := d.Day.In(c.d.Zone)
		hint, err := l.text("chart.hint", day.Format(dayFace), d.Customers, decimal(d.Expected), decimal(d.Low), decimal(d.High))
		if err != nil {
			return err
		}
		b.Days = append(b.Days, chart.Day{
			Label: day.Format("01-02"), Hint: hint, Count: d.Customers, Low: d.Low, High: d.High, Raised: inWindow(&k.Alarm, d.Day, c.d.Zone),
		})
	}
	mark := func(at time.Time, label string, alarm bool) {
		if len(v.Series) == 0 || at.Before(v.Series[0].Day) {
			return
		}
		day := 0
		for i, d := range v.Series {
			if !d.Day.After(at) {
				day = i
			}
		}
		b.Marks = append(b.Marks, chart.Mark{Day: day, Label: label, Alarm: alarm})
	}
	if !k.Alarm.At.IsZero() {
		mark(k.Alarm.At, words["chart.alarm"]+" "+c.date(l, k.Alarm.At), true)
	}
	for _, plan := range p.Plans {
		if !plan.begun.IsZero() {
			mark(plan.begun, words["chart.told"]+" "+plan.ID, false)
		}
	}
	p.Chart = b.SVG()
	if e := k.Estimate; e.Affected > 0 {
		below := silent(k)
		p.Berg = chart.Iceberg{
			Title: p.Headline, Above: float64(k.Customers) / float64(max(e.Affected, k.Customers)),
			Low: float64(e.Low) / float64(e.Affected), High: float64(e.High) / float64(e.Affected),
			AboveLabel: [2]string{count(k.Customers), words["berg.above"]},
			BelowLabel: [2]string{count(below), words["berg.below"] + " " + count(max(e.Low-k.Customers, 0)) + "–" + count(max(e.High-k.Customers, 0))},
		}.SVG()
	}
	return nil
}

// memberRow is one complaint of a cluster.
type memberRow struct {
	queueRow
	Copy, Pinned bool
	// Value is the id as a form sends it; the one people see is masked.
	Value triage.ComplaintID
	Body  string
}

// exampleRows are the complaints that say it best, else the latest, as far as
// the person of the visit may see them.
func (c *Console) exampleRows(by *visit, v *desk.View) ([]memberRow, error) {
	ids := v.Cluster.Explanation.Representatives
	if len(ids) == 0 {
		for _, m := range v.Members {
			if !m.Copy {
				ids = append(ids, m.Complaint)
			}
		}
	}
	cases, err := c.d.Alarms.Records.Cases(by.r.Context(), ids[:min(len(ids), examplesShown)])
	if err != nil {
		return nil, err
	}
	if cases, err = c.visible(by, cases); err != nil {
		return nil, err
	}
	var rows []memberRow
	for i := range cases {
		k := &cases[i]
		rows = append(rows, memberRow{queueRow: c.queueRow(by.lang, k), Value: k.ID, Body: strings.TrimSpace(cut(c.masked(cut(k.Body(), 4*lineRunes), k.Assessment.Entities), 2*lineRunes))})
	}
	return rows, nil
}
