package console

import (
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// clockLimits are the flags of the limits of the clocks.
var clockLimits = [fact.Clocks]fact.Flags{fact.LateResponse, fact.LateVerify, fact.LateResolve}

func (q *qualityQuery) times(view *qualityView) error {
	departments := q.book.SurveyBy(q.filter, fact.Department)
	view.Open = true
	view.Blocks = append(view.Blocks,
		q.clocks(), q.timesTrend(),
		q.timesBy("departments", fact.Department, departments),
		q.timesBy("owners", fact.Owner, q.book.SurveyBy(q.filter, fact.Owner)),
		q.timesBy("types", fact.Type, q.book.SurveyBy(q.filter, fact.Type)),
		q.stays("steps", fact.Status), q.stays("step_departments", fact.Department), q.stays("step_owners", fact.Owner),
		q.completeness(departments),
	)
	return nil
}

// clocks is the three times with their limits.
func (q *qualityQuery) clocks() block {
	b := block{
		Name: "clocks", Title: q.t("quality.clocks"), Note: q.t("quality.clocks.note") + " " + q.compared(),
		Head: q.texts("quality.clock", "quality.n", "quality.median", "quality.interval", "quality.change", "quality.p90.head", "quality.kept", "quality.interval", "quality.late", "quality.change"),
	}
	keys := map[string]quality.Key{}
	for _, k := range quality.Clocks(q.book, q.filter, q.comparison) {
		keys[k.Name] = k
	}
	for k := range fact.Clocks {
		t, kept := keys[k.String()], keys[k.String()+"_kept"]
		if t.Of == 0 {
			continue
		}
		s := evidence.ShareOf(kept.Cases, kept.Of)
		b.Rows = append(b.Rows, []figure{
			words(q.v.lang.label("qkey", k)), q.cases(t.Cases, t.Filter), q.minutes(int32(t.Value), t.Cases, t.Filter),
			{Text: q.span(int32(t.Interval.Low)) + " – " + q.span(int32(t.Interval.High))}, q.change(t.Change, riseIsBad), q.slow(t.P90, t.Cases),
			q.share(s, kept.Filter), q.interval(s), q.cases(kept.OtherCases, *kept.Other), q.shift(kept.Change, riseIsGood),
		})
	}
	return b
}

// slow is a time that one case in ten exceeds.
func (q *qualityQuery) slow(minutes int32, n int) figure {
	if n == 0 {
		return figure{Text: q.t("none")}
	}
	return figure{Text: q.span(minutes), Title: q.t("quality.minutes", minutes, n)}
}

// timesTrend is the median time to the closing by units of time, in hours.
func (q *qualityQuery) timesTrend() block {
	b := block{
		Name: "trend", Title: q.t("quality.timestrend"), Note: q.t("quality.timestrend.note"),
		Head: q.texts("quality.when", "quality.n", "quality.median", "quality.p90.head", "quality.kept"),
	}
	step := q.step()
	tr := chart.Trend{Title: b.Title, Desc: b.Note, Lines: []chart.Series{{Label: q.t("quality.median")}, {Label: q.t("quality.p90.head"), Dashed: true}}}
	for _, p := range q.period().Units(step) {
		f := q.filter.Between(p.From, p.To)
		t, late := q.book.Timing(f, fact.Resolve)
		median, slow := math.NaN(), math.NaN()
		if t.N > 0 {
			median, slow = float64(t.Median)/60, float64(t.P90)/60
		}
		tr.Labels, tr.Hints = append(tr.Labels, q.tick(p.From, step)), append(tr.Hints, q.t("quality.hint.times", q.moment(p.From, step), t.N, q.span(t.Median), q.span(t.P90)))
		tr.Lines[0].Values, tr.Lines[1].Values = append(tr.Lines[0].Values, median), append(tr.Lines[1].Values, slow)
		b.Rows = append(b.Rows, append([]figure{words(q.moment(p.From, step))}, q.clock(f, fact.Resolve, t, late)...))
	}
	slices.Reverse(b.Rows)
	b.Chart = tr.SVG()
	return b
}

// clock is number, median, P90 and share kept of one clock.
func (q *qualityQuery) clock(f fact.Filter, k fact.Clock, t fact.Spread, late int) []figure {
	in := quality.HasEnded(f, k)
	kept := in
	kept.Not |= clockLimits[k]
	return []figure{
		q.cases(t.N, in), q.minutes(t.Median, t.N, in), q.slow(t.P90, t.N), q.share(evidence.ShareOf(t.N-late, t.N), kept),
	}
}

// timesBy is the clocks by the values of a dimension.
func (q *qualityQuery) timesBy(name string, d fact.Dim, groups []fact.GroupSurvey) block {
	b := block{Name: name, Title: q.t("quality.timesby", q.dim(d)), Head: []string{q.dim(d), q.t("quality.cases")}}
	for k := range fact.Clocks {
		label := q.v.lang.label("clock", k)
		b.Head = append(b.Head, label+" n", label+" "+q.t("quality.median"), label+" P90", label+" "+q.t("quality.kept"))
	}
	for i := range groups {
		g := &groups[i]
		f := q.filter.Within(d, g.Value)
		row := []figure{q.row(d, g.Value, f), q.cases(g.Cases, f)}
		for k := range fact.Clocks {
			row = append(row, q.clock(f, k, g.Clocks[k], g.Late[k])...)
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// stays is how long the steps of cases took.
func (q *qualityQuery) stays(name string, d fact.Dim) block {
	b := block{Name: name, Title: q.t("quality.staysby", q.dim(d)), Note: q.t("quality.stays.note"), Head: []string{q.dim(d), q.t("quality.steps"), q.t("quality.median"), "P90"}}
	for _, g := range q.book.Stays(q.filter, d) {
		b.Rows = append(b.Rows, []figure{words(q.value(d, g.Value)), {Text: count(g.N)}, q.stay(g.Median), q.stay(g.P90)})
	}
	return b
}

// completeness is how much of what a hand-over needs was known, by the department
// that has the case.
func (q *qualityQuery) completeness(groups []fact.GroupSurvey) block {
	b := block{
		Name: "completeness", Title: q.t("quality.completeness"), Note: q.t("quality.completeness.note"),
		Head: []string{q.dim(fact.Department), q.t("quality.handovers"), q.t("quality.needed"), q.t("quality.knownfacts"), q.t("quality.complete"), q.t("quality.interval")},
	}
	for i := range groups {
		g := &groups[i]
		if g.HandOvers == 0 {
			continue
		}
		s := evidence.ShareOf(g.FactsKnown, g.FactsNeeded)
		f := q.filter.Within(fact.Department, g.Value)
		complete := figure{Text: q.t("none")}
		if s.Of > 0 {
			complete = figure{Text: percent1(s.Value), Href: casesPath(f), Title: q.t("quality.n.cases", g.Cases)}
		}
		b.Rows = append(b.Rows, []figure{
			words(q.value(fact.Department, g.Value)), {Text: count(g.HandOvers)}, {Text: count(s.Of)}, {Text: count(s.Right)}, complete, q.interval(s),
		})
	}
	return b
}
