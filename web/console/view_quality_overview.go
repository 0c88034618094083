package console

import (
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// goodRises are the key figures of which more is better; of all others less is.
var goodRises = []string{"respond_kept", "verify_kept", "resolve_kept", "satisfaction", "satisfied"}

func (q *qualityQuery) overview(view *qualityView) error {
	q.tiles(view, quality.Summarise(q.book, q.filter, q.comparison).Keys)
	view.Blocks, view.Open = append(view.Blocks, q.volume()), true
	return nil
}

func (q *qualityQuery) tiles(view *qualityView, keys []quality.Key) {
	for i := range keys {
		t := q.tile(&keys[i])
		if t.Change.Text != "" {
			t.Change.Text = q.v.lang.label("qbase", q.base) + " " + t.Change.Text
		}
		view.Tiles = append(view.Tiles, t)
	}
}

// tile is a key figure with its comparison.
func (q *qualityQuery) tile(k *quality.Key) qualityTile {
	rise := riseIsBad
	if slices.Contains(goodRises, k.Name) {
		rise = riseIsGood
	}
	t := qualityTile{Label: q.v.lang.label("qkey", k.Name), Tip: q.v.lang.label("qtip", k.Name)}
	if k.Of == 0 && k.Kind != quality.Count {
		t.Main, t.Change = figure{Text: q.t("none")}, figure{}
		return t
	}
	switch k.Kind {
	case quality.Count:
		t.Main = q.cases(int(k.Value), k.Filter)
		if k.Name == "customers" {
			t.Main.Title = q.t("quality.from.cases", k.Cases)
		}
		t.Change = q.change(k.Change, rise)
	case quality.Minutes:
		t.Main = q.minutes(int32(k.Value), k.Cases, k.Filter)
		t.More = []figure{q.slowest(k)}
		t.Change = q.change(k.Change, rise)
	case quality.Mean:
		t.Main = q.mean(k.Interval, k.Cases, k.Filter)
		t.More = []figure{{Text: q.t("quality.n.scores", k.Of)}}
		t.Change = q.change(k.Change, rise)
	case quality.Share:
		t.Main = q.shareOf(k)
		t.More = q.parts(k)
		t.Change = q.shift(k.Change, rise)
	}
	return t
}

// slowest is the time that one case in ten exceeds.
func (q *qualityQuery) slowest(k *quality.Key) figure {
	return figure{Text: q.t("quality.p90", q.span(k.P90)), Title: q.t("quality.minutes", k.P90, k.Of)}
}

func (q *qualityQuery) shareOf(k *quality.Key) figure {
	g := figure{Text: percent1(k.Value), Title: q.t("quality.between", percent1(k.Interval.Low), percent1(k.Interval.High), k.Of)}
	if k.Cases > 0 {
		g.Href = casesPath(k.Filter)
	}
	return g
}

// parts are the counts that a share is made from: those that count against us
// lead to their cases.
func (q *qualityQuery) parts(k *quality.Key) []figure {
	if k.Other == nil {
		return []figure{{Text: q.t("quality.n.cases", k.Cases)}}
	}
	key := "quality.n.late"
	if k.Name == "satisfied" {
		key = "quality.n.low"
	}
	g := figure{Text: q.t(key, k.OtherCases)}
	if k.OtherCases > 0 {
		g.Href = casesPath(*k.Other)
	}
	return []figure{g}
}

// volume is the cases by units of time, against the unit before and the year
// before.
func (q *qualityQuery) volume() block {
	step, p := q.step(), q.period()
	from, counts := q.book.Daily(q.anyTime())
	units := quality.DaysOf(from, counts).Volumes(p, step, q.first, q.today)
	b := block{
		Name: "volume", Title: q.t("quality.volume"), Note: q.t("quality.volume.note"),
		Head: q.texts("quality.when", "quality.cases", "quality.perday", "quality.before", "quality.interval", "quality.yearbefore", "quality.interval"),
	}
	tr := chart.Trend{Title: b.Title, Desc: b.Note, Columns: []chart.Series{{Label: q.t("quality.this")}}, Lines: []chart.Series{{Label: q.t("quality.lastyear"), Dashed: true}}}
	lastYear := false
	for _, u := range units {
		label := q.moment(u.From, step)
		if !u.Whole {
			label = q.t("quality.cut", label, u.Days())
		}
		tr.Labels, tr.Hints = append(tr.Labels, q.tick(u.From, step)), append(tr.Hints, q.t("quality.hint", label, u.Cases))
		tr.Columns[0].Values = append(tr.Columns[0].Values, float64(u.Cases))
		year := math.NaN()
		if u.YearBefore.State == quality.Known {
			year, lastYear = u.YearBefore.Then, true
		}
		tr.Lines[0].Values = append(tr.Lines[0].Values, year)
		if u.To > q.today {
			tr.Open++
		}
		b.Rows = append(b.Rows, []figure{
			words(label), q.cases(u.Cases, q.filter.Between(u.From, u.To)), {Text: decimal(u.PerDay)},
			q.change(u.Before, riseIsBad), q.bounds(u.Before), q.change(u.YearBefore, riseIsBad), q.bounds(u.YearBefore),
		})
	}
	if !lastYear {
		tr.Lines = nil
	}
	slices.Reverse(b.Rows)
	b.Chart = tr.SVG()
	return b
}
