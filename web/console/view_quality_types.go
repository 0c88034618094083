package console

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// riserDims are where rises are looked for.
var riserDims = []fact.Dim{fact.Type, fact.Subtype, fact.Product, fact.Region, fact.Channel, fact.Campaign}

const (
	// maxRisers bounds the list of rises.
	maxRisers = 20
	// maxColumns bounds the columns of the table of two dimensions.
	maxColumns = 14
	// maxBars bounds the columns of Pareto's picture.
	maxBars = 24
)

func (q *qualityQuery) types(view *qualityView) error {
	ranked := q.ranked(riserDims...)
	view.Blocks = append(view.Blocks,
		q.pareto(ranked[0]), q.table("subtypes", q.t("quality.subtypes"), fact.Subtype, ranked[1]), q.risers(ranked), q.cross())
	view.Cross = q.crossForm()
	return nil
}

// ranked orders the values of dimensions and compares them, with one pass for
// each side of the comparison.
func (q *qualityQuery) ranked(dims ...fact.Dim) [][]quality.Ranked {
	all := q.book.Counts(q.filter, dims...)
	now, then := make([][]fact.Number, len(dims)), make([][]fact.Number, len(dims))
	if q.comparison.State == quality.Known {
		of, against := q.sides()
		now, then = all, q.book.Counts(against, dims...)
		if of.To != q.filter.To {
			now = q.book.Counts(of, dims...)
		}
	}
	ranked, scatter := make([][]quality.Ranked, len(dims)), quality.ScattersOf(q.book, q.filter, q.comparison, dims...)
	for k, d := range dims {
		ranked[k] = quality.Rank(d, all[k], now[k], then[k], q.comparison, scatter[k])
	}
	return ranked
}

// pareto is the types with their part of all cases, and the few that make up
// most of them.
func (q *qualityQuery) pareto(ranked []quality.Ranked) block {
	b := q.table("pareto", q.t("quality.pareto"), fact.Type, ranked)
	few := 0
	for _, r := range ranked {
		if r.Vital {
			few++
		}
	}
	b.Note = q.t("quality.pareto.note", few, len(ranked)) + " " + b.Note
	tr := chart.Trend{Title: b.Title, Desc: b.Note, Mark: 0.8, Columns: []chart.Series{{Label: q.t("quality.cases")}}, Shares: []chart.Series{{Label: q.t("quality.cumulative")}}}
	for _, r := range ranked[:min(len(ranked), maxBars)] {
		name := q.value(fact.Type, r.Value)
		tr.Labels, tr.Hints = append(tr.Labels, name), append(tr.Hints, q.t("quality.hint.share", name, r.Cases, percent1(r.Share.Value), percent1(r.Cumulative)))
		tr.Columns[0].Values, tr.Shares[0].Values = append(tr.Columns[0].Values, float64(r.Cases)), append(tr.Shares[0].Values, r.Cumulative)
	}
	b.Chart = tr.SVG()
	return b
}

// table lists the values of a dimension with share and change.
func (q *qualityQuery) table(name, title string, d fact.Dim, ranked []quality.Ranked) block {
	b := block{
		Name: name, Title: title, Note: q.compared(),
		Head: []string{q.dim(d), q.t("quality.cases"), q.t("quality.share"), q.t("quality.interval"), q.t("quality.cumulative"), q.v.lang.label("qbase", q.base), q.t("quality.interval")},
	}
	for _, r := range ranked {
		f := q.filter.Within(d, r.Value)
		b.Rows = append(b.Rows, []figure{
			q.row(d, r.Value, f), q.cases(r.Cases, f), q.share(r.Share, f), q.interval(r.Share), {Text: percent1(r.Cumulative)},
			q.change(r.Change, riseIsBad), q.bounds(r.Change),
		})
	}
	return b
}

// risers are the values that rose beyond chance, of all dimensions.
func (q *qualityQuery) risers(ranked [][]quality.Ranked) block {
	b := block{
		Name: "risers", Title: q.t("quality.risers"), Note: q.t("quality.risers.note"),
		Head: []string{q.t("quality.where"), q.t("quality.value"), q.t("quality.now"), q.t("quality.then"), q.v.lang.label("qbase", q.base), q.t("quality.interval")},
	}
	all := quality.Risers(slices.Concat(ranked...))
	now, then := q.sides()
	for _, r := range all[:min(len(all), maxRisers)] {
		of, against := now.Within(r.Dim, r.Value), then.Within(r.Dim, r.Value)
		b.Rows = append(b.Rows, []figure{
			words(q.dim(r.Dim)), q.row(r.Dim, r.Value, of), q.cases(r.Now, of), q.cases(int(r.Change.Then), against),
			q.change(r.Change, riseIsBad), q.bounds(r.Change),
		})
	}
	return b
}
