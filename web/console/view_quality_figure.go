package console

import (
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// What a rise means for us.
const (
	riseIsGood    = 1
	riseIsBad     = -1
	riseIsNeither = 0
)

// row names the value that a row is about, with the way to an improvement for
// its cases, which f chooses.
func (q *qualityQuery) row(d fact.Dim, value string, f fact.Filter) figure {
	return figure{Text: q.value(d, value), Words: true, Improve: q.c.improveFor(q.v, f)}
}

// cases is a count with the way to its cases.
func (q *qualityQuery) cases(n int, f fact.Filter) figure {
	g := figure{}
	g.Text, g.Full = q.v.lang.compact(n)
	g.Title = g.Full
	if n > 0 {
		g.Href = casesPath(f)
	}
	return g
}

// share is a share of which f chooses the right ones.
func (q *qualityQuery) share(s evidence.Share, f fact.Filter) figure {
	if s.Of == 0 {
		return figure{Text: q.t("none")}
	}
	g := figure{Text: percent1(s.Value), Title: q.t("quality.of", s.Right, s.Of, percent1(s.Low), percent1(s.High))}
	if s.Right > 0 {
		g.Href = casesPath(f)
	}
	return g
}

// interval writes the bounds of shares.
func (q *qualityQuery) interval(s evidence.Share) figure {
	if s.Of == 0 {
		return figure{Text: q.t("none")}
	}
	return figure{Text: percent1(s.Low) + " – " + percent1(s.High)}
}

// minutes is a time of n cases that f chooses.
func (q *qualityQuery) minutes(m int32, n int, f fact.Filter) figure {
	if n == 0 {
		return figure{Text: q.t("none")}
	}
	return figure{Text: q.span(m), Title: q.t("quality.minutes", m, n), Href: casesPath(f)}
}

// stay is a time of steps, behind which there is no list of cases.
func (q *qualityQuery) stay(m int32) figure {
	return figure{Text: q.span(m), Title: q.t("quality.stays", m)}
}

func (q *qualityQuery) span(m int32) string { return q.v.lang.span(time.Duration(m) * time.Minute) }

// mean is a mean score of n cases that f chooses.
func (q *qualityQuery) mean(i evidence.Interval, n int, f fact.Filter) figure {
	if n == 0 {
		return figure{Text: q.t("none")}
	}
	g := figure{Text: score(i.Value), Href: casesPath(f), Title: q.t("quality.scores", n)}
	if n > 1 {
		g.Title = q.t("quality.scores.between", n, score(max(i.Low, 0)), score(min(i.High, 100)))
	}
	return g
}

// delta is a change and the unit of its difference.
type delta struct {
	quality.Change
	unit string
}

// change writes by how much a count, a time or a mean differs from its base.
func (q *qualityQuery) change(c quality.Change, rise int) figure { return q.delta(delta{c, ""}, rise) }

// shift writes by how many percentage points a share differs from its base.
func (q *qualityQuery) shift(c quality.Change, rise int) figure {
	c.By = evidence.Interval{Value: c.By.Value * 100, Low: c.By.Low * 100, High: c.By.High * 100}
	return q.delta(delta{c, "pp"}, rise)
}

// delta calls a rise or a fall only what chance does not explain, and gives only
// that a tone.
func (q *qualityQuery) delta(d delta, rise int) figure {
	switch d.State {
	case quality.NoData:
		return figure{Text: q.t("quality.nodata"), Title: q.t("quality.nodata.why"), Tone: "flat"}
	case quality.Unfinished:
		return figure{Text: q.t("quality.unfinished"), Title: q.t("quality.unfinished.why"), Tone: "flat"}
	case quality.Nothing:
		return figure{Text: q.t("none"), Tone: "flat"}
	}
	g := figure{Text: q.by(d, d.By.Value), Tone: "flat", Title: q.t("quality.chance", q.by(d, d.By.Low), q.by(d, d.By.High))}
	if side := d.Side(); side != 0 {
		g.Text, g.Title = arrow(side)+" "+g.Text, q.t("quality.certain", q.by(d, d.By.Low), q.by(d, d.By.High))
		g.Tone = tone(side * rise)
	}
	return g
}

func arrow(side int) string {
	if side > 0 {
		return "↑"
	}
	return "↓"
}

func tone(good int) string {
	switch {
	case good > 0:
		return "good"
	case good < 0:
		return "bad"
	}
	return "clear"
}

// bounds is the interval of a change of counts.
func (q *qualityQuery) bounds(c quality.Change) figure {
	if c.State != quality.Known {
		return figure{Text: q.t("none"), Tone: "flat"}
	}
	d := delta{Change: c}
	return figure{Text: q.by(d, c.By.Low) + " – " + q.by(d, c.By.High), Tone: "flat"}
}

// by writes a change: percents of a quotient, many times as such; else the
// difference.
func (q *qualityQuery) by(d delta, x float64) string {
	switch {
	case math.IsInf(x, 1):
		return q.t("quality.unbounded")
	case d.Quotient && x >= 10:
		return "×" + decimal(x)
	case d.Quotient:
		return signed((x-1)*100, 0) + "%"
	}
	return signed(x, 1) + d.unit
}
