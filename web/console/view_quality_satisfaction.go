package console

import (
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// unhappy are the reasons of dissatisfaction.
var unhappy = []fact.Flags{fact.Slow, fact.BadSolution, fact.BadAttitude, fact.OtherReason}

func (q *qualityQuery) satisfaction(view *qualityView) error {
	q.tiles(view, quality.Scores(q.book, q.filter, q.comparison))
	view.Blocks = append(view.Blocks, q.scoreTrend(), q.unhappyReasons())
	for _, d := range []fact.Dim{fact.Type, fact.Department, fact.Owner, fact.Channel} {
		view.Blocks = append(view.Blocks, q.scoresBy(d))
	}
	return nil
}

var scoreHead = []string{"quality.n.scored", "quality.mean", "quality.interval", "quality.satisfied", "quality.interval", "quality.low"}

// scores are the cells of scores.
func (q *qualityQuery) scores(g *fact.Figures, f fact.Filter) []figure {
	in, low := f, f
	in.Scored, low.Scored, low.Below = true, true, quality.SatisfiedFrom
	mean, s := evidence.MeanOf(g.Scored, g.Scores, g.Squares), evidence.ShareOf(g.Satisfied, g.Scored)
	bounds := figure{Text: q.t("none")}
	if g.Scored > 1 {
		bounds.Text = score(max(mean.Low, 0)) + " – " + score(min(mean.High, 100))
	}
	satisfied := q.share(s, in)
	if s.Right > 0 { // a filter can choose all scores or the low ones
		satisfied.Title += " · " + q.t("quality.n.scores", s.Of)
	}
	return []figure{q.cases(g.Scored, in), q.mean(mean, g.Scored, in), bounds, satisfied, q.interval(s), q.cases(s.Of-s.Right, low)}
}

func (q *qualityQuery) scoreTrend() block {
	b := block{Name: "trend", Title: q.t("quality.scoretrend"), Note: q.t("quality.scoretrend.note"), Head: append([]string{q.t("quality.when")}, q.texts(scoreHead...)...)}
	step := q.step()
	tr := chart.Trend{Title: b.Title, Desc: b.Note, Lines: []chart.Series{{Label: q.t("quality.mean")}}, Shares: []chart.Series{{Label: q.t("quality.satisfied"), Dashed: true}}}
	for _, p := range q.units(step) {
		g, f := p.Figures, q.filter.Between(p.From, p.To)
		mean, share, text := math.NaN(), math.NaN(), q.t("none")
		if g.Scored > 0 {
			mean, share = g.Scores/float64(g.Scored), float64(g.Satisfied)/float64(g.Scored)
			text = score(mean)
		}
		tr.Labels, tr.Hints = append(tr.Labels, q.tick(p.From, step)), append(tr.Hints, q.t("quality.hint.score", q.moment(p.From, step), text, g.Scored))
		tr.Lines[0].Values, tr.Shares[0].Values = append(tr.Lines[0].Values, mean), append(tr.Shares[0].Values, share)
		b.Rows = append(b.Rows, append([]figure{words(q.moment(p.From, step))}, q.scores(&g, f)...))
	}
	slices.Reverse(b.Rows)
	b.Chart = tr.SVG()
	return b
}

// unhappyReasons is why customers are dissatisfied, of those who gave less than
// the score of the satisfied.
func (q *qualityQuery) unhappyReasons() block {
	b := block{
		Name: "reasons", Title: q.t("quality.unhappy"), Note: q.t("quality.unhappy.note"),
		Head: q.texts("quality.reason", "quality.cases", "quality.share", "quality.interval", "quality.change"),
	}
	f := q.filter
	f.Any = unhappy[0] | unhappy[1] | unhappy[2] | unhappy[3]
	all := q.book.Total(f)
	var now, then fact.Figures
	if q.comparison.State == quality.Known {
		of, against := q.sides()
		of.Any, against.Any = f.Any, f.Any
		now, then = q.book.Total(of), q.book.Total(against)
	}
	tr := chart.Trend{Title: b.Title, Desc: b.Note, Columns: []chart.Series{{Label: q.t("quality.cases")}}}
	for _, flag := range unhappy {
		name := q.v.lang.label("flag", flag.Names()[0])
		n, in := all.Count(flag), q.filter.Having(flag)
		s := evidence.ShareOf(n, all.Cases)
		tr.Labels, tr.Hints = append(tr.Labels, name), append(tr.Hints, q.t("quality.hint", name, n))
		tr.Columns[0].Values = append(tr.Columns[0].Values, float64(n))
		change := q.comparison.OfCounts(now.Count(flag), then.Count(flag), quality.ScatterOf(q.book, in, q.comparison))
		b.Rows = append(b.Rows, []figure{words(name), q.cases(n, in), q.share(s, in), q.interval(s), q.change(change, riseIsBad)})
	}
	b.Chart = tr.SVG()
	return b
}

func (q *qualityQuery) scoresBy(d fact.Dim) block {
	b := block{Name: d.String(), Title: q.t("quality.scoresby", q.dim(d)), Head: append([]string{q.dim(d)}, q.texts(scoreHead...)...)}
	for _, g := range q.book.By(q.filter, d) {
		if g.Scored == 0 {
			continue
		}
		f := q.filter.Within(d, g.Value)
		b.Rows = append(b.Rows, append([]figure{q.row(d, g.Value, f)}, q.scores(&g.Figures, f)...))
	}
	return b
}
