package report

import (
	"math"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Measure is how a figure is counted from its filters F0, F1 and so on.
type Measure string

// The measures.
const (
	// Count is the cases of F0, Weekly their mean number a week of the days of F0,
	// and Weeks how many weeks these days are.
	Count  Measure = "count"
	Weekly Measure = "weekly"
	Weeks  Measure = "weeks"
	// Share is F0 as a part of F1, Ratio F0 over the weekly mean of F1, and Lift
	// the share of F0 in F1 over that of F2 in F3.
	Share Measure = "share"
	Ratio Measure = "ratio"
	Lift  Measure = "lift"
	// Median and P90 are of the clock over F0, in minutes.
	Median Measure = "median"
	P90    Measure = "p90"
	// Score is the mean satisfaction of F0, Replies the replies sent in it.
	Score   Measure = "score"
	Replies Measure = "replies"
	// Given was not counted from cases: its link leads to where it comes from.
	Given Measure = "given"
)

// Unit is what a figure is counted in.
type Unit string

// The units.
const (
	Cases     Unit = "cases"
	WeekUnit  Unit = "weeks"
	Part      Unit = "part" // 0..1
	Times     Unit = "times"
	Minutes   Unit = "minutes"
	Points    Unit = "points"
	ReplyUnit Unit = "replies"
	Problems  Unit = "problems"
	Steps     Unit = "steps"
	Campaigns Unit = "campaigns"
	Rate      Unit = "per_10000"
)

// Level is the confidence of an interval that does not name another.
const Level = 0.95

// Figure is one number of a report and where it comes from.
type Figure struct {
	Measure Measure       `json:"measure"`
	Unit    Unit          `json:"unit"`
	Value   float64       `json:"value"`
	Low     *float64      `json:"low,omitempty"` // the interval around Value, nil for none
	High    *float64      `json:"high,omitempty"`
	Level   float64       `json:"level,omitempty"` // of the interval, 0 for that of the report
	Filters []fact.Filter `json:"filters,omitempty"`
	Clock   fact.Clock    `json:"clock,omitempty"`
	Link    string        `json:"link,omitempty"`
}

// Href is the page of the cases behind the figure, or of what it was given by.
func (f *Figure) Href() string {
	if f.Measure == Given || len(f.Filters) == 0 {
		return f.Link
	}
	return "/figures/cases?" + f.Filters[0].Query().Encode()
}

// between returns the figure with an interval.
func (f *Figure) between(low, high float64) *Figure {
	f.Low, f.High = &low, &high
	return f
}

// given makes a figure that does not come from the book.
func given(value float64, unit Unit, link string) *Figure {
	return &Figure{Measure: Given, Unit: unit, Value: value, Link: link}
}

// filtersOf is how many filters a measure needs.
var filtersOf = map[Measure]int{Count: 1, Weekly: 1, Weeks: 1, Share: 2, Ratio: 2, Lift: 4, Median: 1, P90: 1, Score: 1, Replies: 1}

// Recount counts the figure again; ok is false for what was given. A share or
// ratio of nothing is 0.
func (f *Figure) Recount(b *fact.Book) (value float64, ok bool) {
	n := filtersOf[f.Measure]
	if n == 0 || len(f.Filters) != n {
		return 0, false
	}
	count := func(i int) float64 { return float64(b.Total(f.Filters[i]).Cases) }
	switch f.Measure {
	case Count:
		return count(0), true
	case Weekly:
		return over(count(0), weeksOf(f.Filters[0])), true
	case Weeks:
		return weeksOf(f.Filters[0]), true
	case Share:
		return over(count(0), count(1)), true
	case Ratio:
		return over(count(0), over(count(1), weeksOf(f.Filters[1]))), true
	case Lift:
		return over(over(count(0), count(1)), over(count(2), count(3))), true
	case Median:
		return float64(b.Times(f.Filters[0], f.Clock).Median), true
	case P90:
		return float64(b.Times(f.Filters[0], f.Clock).P90), true
	case Score:
		t := b.Total(f.Filters[0])
		return over(t.Scores, float64(t.Scored)), true
	default:
		return float64(b.Total(f.Filters[0]).Replies), true
	}
}

func weeksOf(f fact.Filter) float64 { return float64(f.To-f.From) / 7 }

// over divides; nothing of nothing is 0.
func over(a, b float64) float64 {
	if b == 0 || math.IsNaN(b) {
		return 0
	}
	return a / b
}

// measured counts a new figure.
func measured(b *fact.Book, m Measure, u Unit, filters ...fact.Filter) *Figure {
	f := &Figure{Measure: m, Unit: u, Filters: filters}
	f.Value, _ = f.Recount(b)
	return f
}

// timed counts a new figure of a clock.
func timed(b *fact.Book, m Measure, clock fact.Clock, filter fact.Filter) *Figure {
	f := &Figure{Measure: m, Unit: Minutes, Filters: []fact.Filter{filter}, Clock: clock}
	f.Value, _ = f.Recount(b)
	return f
}
