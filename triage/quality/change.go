package quality

import (
	"math"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// State says whether a comparison could be made.
type State string

// The states.
const (
	Known      State = "known"      // it could
	NoData     State = "no_data"    // the book begins later than the days to compare with
	Unfinished State = "unfinished" // none of the days is over yet
	Nothing    State = "nothing"    // there is nothing to measure on one of the sides
)

// Comparison is the two sides of a comparison of periods.
type Comparison struct {
	Base  Base
	State State
	// Now is the finished part of the period, Then what it is compared with.
	Now, Then Period
	today     fact.Day
}

// Compare prepares the comparison of a period on the day of today, for a book
// whose first day is first.
func Compare(p Period, base Base, first, today fact.Day) Comparison {
	c := Comparison{Base: base, State: Known, today: today}
	c.Now, c.Then = Compared(p, base, today)
	switch {
	case c.Now.Days() == 0:
		c.State = Unfinished
	case c.Then.From < first:
		c.State = NoData
	}
	return c
}

// Change is how a figure differs from that of the base. For counts and times By
// is the quotient of the figures, 1 being no change, and for counts of the means
// per day; for shares and means it is the difference.
type Change struct {
	State State
	// Then is the figure of the base.
	Then float64
	By   evidence.Interval
	// Quotient tells the two apart.
	Quotient bool
	// chance is the p-value of a change of counts.
	chance float64
}

// Side is 1 for a rise and -1 for a fall that chance does not explain (95 %),
// else 0.
func (c Change) Side() int {
	if c.State != Known {
		return 0
	}
	if c.Quotient {
		return c.By.Side(1)
	}
	return c.By.Side(0)
}

// OfCounts compares the counts of the two sides, of which scatter says how much
// more they scatter than Poisson ones: see [ScatterOf].
func (c Comparison) OfCounts(now, then int, scatter float64) Change {
	change := Change{State: c.State, Quotient: true}
	if c.State != Known {
		return change
	}
	change.Then = float64(then)
	change.By, change.chance = evidence.ScatteredRatio(now, float64(c.Now.Days()), then, float64(c.Then.Days()), scatter)
	if now+then == 0 {
		change.State = Nothing
	}
	return change
}

// OfShares compares shares.
func (c Comparison) OfShares(now, then evidence.Share) Change {
	return c.difference(now.Interval(), then.Interval(), now.Of > 0 && then.Of > 0)
}

// OfMeans compares means.
func (c Comparison) OfMeans(now, then evidence.Interval) Change {
	return c.difference(now, then, !math.IsInf(now.Low, -1) && !math.IsInf(then.Low, -1))
}

func (c Comparison) difference(now, then evidence.Interval, both bool) Change {
	switch {
	case c.State != Known:
		return Change{State: c.State}
	case !both:
		return Change{State: Nothing}
	}
	return Change{State: Known, Then: then.Value, By: evidence.Minus(now, then)}
}

// OfMedians compares medians by their quotient. Its interval is that of the
// difference of their logarithms; a minute is added to each time, as a time can
// be none.
func (c Comparison) OfMedians(now, then fact.Spread) Change {
	switch {
	case c.State != Known:
		return Change{State: c.State, Quotient: true}
	case now.N == 0 || then.N == 0:
		return Change{State: Nothing, Quotient: true}
	}
	d := evidence.Minus(logarithm(now), logarithm(then))
	by := evidence.Interval{Value: math.Exp(d.Value), Low: math.Exp(d.Low), High: math.Exp(d.High)}
	return Change{State: Known, Quotient: true, Then: float64(then.Median), By: by}
}

func logarithm(s fact.Spread) evidence.Interval {
	of := func(minutes int32) float64 { return math.Log(float64(max(minutes, 0)) + 1) }
	return evidence.Interval{Value: of(s.Median), Low: of(s.Low), High: of(s.High)}
}
