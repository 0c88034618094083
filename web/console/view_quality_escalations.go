package console

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

var (
	// elsewhere is whom customers turn to.
	elsewhere = []fact.Flags{fact.To12315, fact.ToMIIT, fact.ToMedia, fact.ToCourt, fact.ToGovernment}
	// whereDims are where escalations and repeats may concentrate.
	whereDims = []fact.Dim{fact.Type, fact.Product, fact.Region, fact.Channel, fact.Department}
)

func (q *qualityQuery) escalations(view *qualityView) error {
	q.tiles(view, quality.Repeats(q.book, q.filter, q.comparison))
	view.Blocks = append(view.Blocks, q.kinds(), q.escalationTrend())
	escalated := q.filter
	escalated.Any = fact.Escalated
	all, up, again := q.book.Counts(q.filter, whereDims...), q.book.Counts(escalated, whereDims...), q.book.Counts(q.filter.Having(fact.Repeat), whereDims...)
	for k, d := range whereDims {
		view.Blocks = append(view.Blocks, q.concentration(d, all[k], up[k], again[k]))
	}
	return nil
}

// kinds is whom customers turn to; one case may name several.
func (q *qualityQuery) kinds() block {
	b := block{
		Name: "kinds", Title: q.t("quality.kinds"), Note: q.t("quality.kinds.note") + " " + q.compared(),
		Head: q.texts("quality.kind", "quality.cases", "quality.share", "quality.interval", "quality.change", "quality.interval"),
	}
	all := q.book.Total(q.filter)
	var now, then fact.Figures
	if q.comparison.State == quality.Known {
		of, against := q.sides()
		now, then = q.book.Total(of), q.book.Total(against)
	}
	for _, flag := range slices.Concat(elsewhere, []fact.Flags{fact.Repeat, fact.Reopened}) {
		n, f := all.Count(flag), q.filter.Having(flag)
		s := evidence.ShareOf(n, all.Cases)
		change := q.comparison.OfCounts(now.Count(flag), then.Count(flag), quality.ScatterOf(q.book, f, q.comparison))
		b.Rows = append(b.Rows, []figure{
			words(q.flag(flag)), q.cases(n, f), q.share(s, f), q.interval(s), q.change(change, riseIsBad), q.bounds(change),
		})
	}
	return b
}

func (q *qualityQuery) flag(flag fact.Flags) string { return q.v.lang.label("flag", flag.Names()[0]) }

// unitFigures are the figures of a unit of time that the period may cut.
type unitFigures struct {
	quality.Period
	fact.Figures
}

// units counts the cases of the period by units of time.
func (q *qualityQuery) units(step fact.Unit) []unitFigures {
	periods := q.period().Units(step)
	all := make([]unitFigures, len(periods))
	points := q.book.Over(q.filter, step) // none of an empty book
	for i, p := range periods {
		all[i].Period = p
		if i < len(points) {
			all[i].Figures = points[i].Figures
		}
	}
	return all
}

// escalationTrend is escalations by units of time, with repeats and re-opened
// cases beside them.
func (q *qualityQuery) escalationTrend() block {
	b := block{Name: "trend", Title: q.t("quality.escalationtrend"), Note: q.t("quality.escalationtrend.note"), Head: []string{q.t("quality.when"), q.t("quality.cases")}}
	step := q.step()
	tr := chart.Trend{Title: b.Title, Desc: b.Note}
	flags := slices.Concat(elsewhere, []fact.Flags{fact.Repeat, fact.Reopened})
	for k, flag := range flags {
		b.Head = append(b.Head, q.flag(flag))
		if k < len(elsewhere) {
			tr.Columns = append(tr.Columns, chart.Series{Label: q.flag(flag)})
		} else {
			tr.Lines = append(tr.Lines, chart.Series{Label: q.flag(flag)})
		}
	}
	for _, u := range q.units(step) {
		f := q.filter.Between(u.From, u.To)
		row := []figure{words(q.moment(u.From, step)), q.cases(u.Cases, f)}
		hint := q.moment(u.From, step)
		for k, flag := range flags {
			n := u.Count(flag)
			row, hint = append(row, q.cases(n, f.Having(flag))), hint+" · "+q.flag(flag)+" "+count(n)
			to := &tr.Columns
			if k >= len(elsewhere) {
				to, k = &tr.Lines, k-len(elsewhere)
			}
			(*to)[k].Values = append((*to)[k].Values, float64(n))
		}
		tr.Labels, tr.Hints = append(tr.Labels, q.tick(u.From, step)), append(tr.Hints, hint)
		b.Rows = append(b.Rows, row)
	}
	slices.Reverse(b.Rows)
	b.Chart = tr.SVG()
	return b
}

// concentration is the shares of escalated and repeated cases by the values of a
// dimension, each beside the share elsewhere.
func (q *qualityQuery) concentration(d fact.Dim, all, up, again []fact.Number) block {
	b := block{
		Name: "by_" + d.String(), Title: q.t("quality.concentration", q.dim(d)), Note: q.t("quality.concentration.note"),
		Head: []string{q.dim(d), q.t("quality.cases"), q.v.lang.label("qkey", "escalated"), q.t("quality.share"), q.t("quality.elsewhere"), q.v.lang.label("qkey", "repeats"), q.t("quality.share"), q.t("quality.elsewhere")},
	}
	ups, agains := sumsOf(up), sumsOf(again)
	total, upTotal, againTotal := 0, 0, 0
	for _, n := range all {
		total, upTotal, againTotal = total+n.Cases, upTotal+ups[n.Value], againTotal+agains[n.Value]
	}
	for _, n := range all {
		f := q.filter.Within(d, n.Value)
		escalated, repeats := f, f.Having(fact.Repeat)
		escalated.Any = fact.Escalated
		row := []figure{q.row(d, n.Value, f), q.cases(n.Cases, f)}
		row = append(row, q.besideOthers(ups[n.Value], n.Cases, upTotal, total, escalated)...)
		row = append(row, q.besideOthers(agains[n.Value], n.Cases, againTotal, total, repeats)...)
		b.Rows = append(b.Rows, row)
	}
	return b
}

// besideOthers is a count, its share, and by how much that differs from the share of
// the other cases.
func (q *qualityQuery) besideOthers(n, of, all, total int, f fact.Filter) []figure {
	s, rest := evidence.ShareOf(n, of), evidence.ShareOf(all-n, total-of)
	change := quality.Change{State: quality.Nothing}
	if rest.Of > 0 {
		change = quality.Change{State: quality.Known, By: evidence.Minus(s.Interval(), rest.Interval())}
	}
	return []figure{q.cases(n, f), q.share(s, f), q.shift(change, riseIsBad)}
}

func sumsOf(numbers []fact.Number) map[string]int {
	sums := make(map[string]int, len(numbers))
	for _, n := range numbers {
		sums[n.Value] = n.Cases
	}
	return sums
}
