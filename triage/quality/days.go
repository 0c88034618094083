package quality

import "github.com/qianyi-dev/qianyi/triage/fact"

// Days is how many cases each day had.
type Days struct {
	from fact.Day
	sums []int // sums[i] are the cases of the first i days
}

// DaysOf takes the counts of consecutive days.
func DaysOf(from fact.Day, counts []int) Days {
	d := Days{from, make([]int, len(counts)+1)}
	for i, n := range counts {
		d.sums[i+1] = d.sums[i] + n
	}
	return d
}

// In returns the cases of a period.
func (d Days) In(p Period) int {
	at := func(day fact.Day) int { return d.sums[min(max(int(day-d.from), 0), len(d.sums)-1)] }
	if p.Days() == 0 || len(d.sums) == 0 {
		return 0
	}
	return at(p.To) - at(p.From)
}

// Span is from the first day with counts to the last.
func (d Days) Span() Period {
	return Period{d.from, d.from + fact.Day(max(len(d.sums)-1, 0))}
}

// Volume is the cases of one unit of time.
type Volume struct {
	Period
	// Whole is false for a unit that the period asked for cuts.
	Whole bool
	Cases int
	// PerDay is over the days that have come.
	PerDay     float64
	Before     Change // a unit that is cut is not compared
	YearBefore Change
}

// Volumes returns the cases of a period by units of time. first is the first day
// of the book, which may be earlier than that of the days.
func (d Days) Volumes(p Period, unit fact.Unit, first, today fact.Day) []Volume {
	units := p.Units(unit)
	all := make([]Volume, len(units))
	for i, u := range units {
		v := Volume{Period: u, Cases: d.In(u), Whole: u.From == unit.Start(u.From) && u.To == unit.Next(u.From)}
		if n := u.until(today + 1).Days(); n > 0 {
			v.PerDay = float64(v.Cases) / float64(n)
		}
		v.Before, v.YearBefore = Change{State: Nothing, Quotient: true}, Change{State: Nothing, Quotient: true}
		if v.Whole {
			v.Before, v.YearBefore = d.change(u, Before, first, today), d.change(u, YearBefore, first, today)
		}
		all[i] = v
	}
	return all
}

func (d Days) change(p Period, base Base, first, today fact.Day) Change {
	return d.Compare(Compare(p, base, first, today))
}

// Compare compares the counts of the two sides.
func (d Days) Compare(c Comparison) Change {
	return c.OfCounts(d.In(c.Now), d.In(c.Then), d.Scatter(c.Now))
}
