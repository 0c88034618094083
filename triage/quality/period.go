package quality

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Period is the days From <= day < To.
type Period struct{ From, To fact.Day }

// Days is how many days the period has, never less than 0.
func (p Period) Days() int { return max(int(p.To-p.From), 0) }

// until returns the part of the period before a day.
func (p Period) until(day fact.Day) Period {
	return Period{p.From, max(min(p.To, day), p.From)}
}

// Base is what a period is compared with.
type Base string

// The bases. Before is the period of the same length directly before (环比), of
// calendar months as many months. YearBefore (同比) is 52 weeks earlier, so that
// the same weekdays meet, but for calendar months the same ones of the year
// before.
const (
	Before     Base = "before"
	YearBefore Base = "year"
)

// Bases lists them.
var Bases = []Base{Before, YearBefore}

// weeksOfYear is 52 weeks: of all whole weeks it comes closest to a year, also
// to a year of 53 weeks.
const weeksOfYear = fact.Day(7 * 52)

// Compared returns the finished part of a period on a day, and the days to
// compare it with. now has no days when none of the period is over. While a
// period runs, then is as long as its finished part; where a month of the base
// is shorter, it ends with that.
func Compared(p Period, base Base, today fact.Day) (now, then Period) {
	now = p.until(today)
	months, whole := p.months()
	if !whole {
		shift := fact.Day(p.Days())
		if base == YearBefore {
			shift = weeksOfYear
		}
		return now, Period{now.From - shift, now.To - shift}
	}
	if base == YearBefore {
		months = 12
	}
	then = Period{addMonths(p.From, -months), addMonths(p.To, -months)}
	if now.To < p.To {
		then = then.until(then.From + (now.To - now.From))
	}
	return now, then
}

// months says how many calendar months the period consists of; whole is false
// when it does not.
func (p Period) months() (n int, whole bool) {
	if p.Days() == 0 {
		return 0, false
	}
	from, to := p.From.Time(), p.To.Time()
	return 12*(to.Year()-from.Year()) + int(to.Month()-from.Month()), from.Day() == 1 && to.Day() == 1
}

// addMonths moves the first day of a month.
func addMonths(d fact.Day, n int) fact.Day {
	t := d.Time()
	return fact.Date(t.Year(), t.Month()+time.Month(n), 1)
}

// Units returns the units of time that a period touches, each cut to the period.
func (p Period) Units(unit fact.Unit) []Period {
	var all []Period
	for d := p.From; d < p.To; d = unit.Next(d) {
		all = append(all, Period{d, min(unit.Next(d), p.To)})
	}
	return all
}
