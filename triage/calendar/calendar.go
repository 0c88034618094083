// Package calendar counts time as an office does: working hours of working
// days, with the public holidays of mainland China and the weekend days that
// are worked instead (调休).
//
// A limit of whole days (24h, 48h, 72h) counts working days: it ends at the
// same time of day on the n-th next working day. A shorter one counts working
// hours. For days, what starts outside working hours starts with the closing
// before, for hours with the next opening. Cases of certain levels of urgency
// run around the clock (see [Config]); for them an hour is an hour. The reasons are in docs/adr/0015-business-calendar.md.
package calendar

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Calendar says which hours are worked. It is immutable and safe for
// concurrent use. Days and hours are those on the clocks of its zone; in a zone
// with summer time, hours are counted by the wall clock.
type Calendar struct {
	zone *time.Location
	// spans are the working hours of a day, from midnight on, in order; length
	// is their sum, more than zero.
	spans  []span
	length time.Duration
	// changes are the days that differ from the week, by number; before[i] is
	// what changes[:i] add to the count of working days.
	changes []change
	before  []int
	years   map[int]bool
	around  map[string]bool
}

// span is a part of a day, from its midnight on.
type span struct{ open, close time.Duration }

// change is a day that is worked although it is a weekend, or the reverse.
type change struct {
	day  int
	work bool
}

// Working says whether the day of t, in the zone of the calendar, is worked.
func (c *Calendar) Working(t time.Time) bool {
	day, _ := c.split(t)
	return c.works(day)
}

// Known says whether the holidays of a year are in the data. In other years
// every Monday to Friday counts as worked.
func (c *Calendar) Known(year int) bool { return c.years[year] }

// Add returns the time at which d of working time has passed since t: the
// closing time, not the next opening, where both would do. It returns t itself
// for d <= 0. Between(t, Add(t, d)) is d.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return t
	}
	p := c.position(t)
	days, rest := int(d/c.length), d%c.length
	p.days += days
	if p.worked += rest; p.worked > c.length {
		p.days++
		p.worked -= c.length
	}
	if p.worked == 0 { // the end of the day before
		p.days--
		p.worked = c.length
	}
	return c.at(c.day(p.days), c.clock(p.worked), t.Location())
}

// Between returns the working time from a to b, negative when b is before a,
// and the largest Duration (some 290 years) when it is longer than that.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	from, to := c.position(a), c.position(b)
	days := to.days - from.days
	if days > int(math.MaxInt64/c.length)-2 {
		return math.MaxInt64
	}
	return time.Duration(days)*c.length + to.worked - from.worked
}

// AddDays returns the same time of day on the n-th next working day, t itself
// for n <= 0. A start outside working hours counts as the closing before it, so
// that what comes in at night is due by the next evening and not a day later.
func (c *Calendar) AddDays(t time.Time, n int) time.Time {
	if n <= 0 {
		return t
	}
	day, clock := c.closing(c.split(t))
	return c.at(c.day(c.workedBefore(day)+n), clock, t.Location())
}

// closing returns the given moment if it is in working hours, else the latest
// closing before it.
func (c *Calendar) closing(day int, clock time.Duration) (int, time.Duration) {
	if c.works(day) {
		for _, s := range slices.Backward(c.spans) {
			if clock >= s.open {
				return day, min(clock, s.close)
			}
		}
	}
	return c.day(c.workedBefore(day) - 1), c.spans[len(c.spans)-1].close
}

// position is a moment as working time: whole working days before its day, and
// what has been worked in it, 0 to length.
type position struct {
	days   int
	worked time.Duration
}

func (c *Calendar) position(t time.Time) position {
	day, clock := c.split(t)
	p := position{days: c.workedBefore(day)}
	if c.works(day) {
		for _, s := range c.spans {
			p.worked += min(max(clock-s.open, 0), s.close-s.open)
		}
	}
	return p
}

// clock returns the time of day at which that much has been worked.
func (c *Calendar) clock(worked time.Duration) time.Duration {
	for _, s := range c.spans {
		if worked <= s.close-s.open {
			return s.open + worked
		}
		worked -= s.close - s.open
	}
	return c.spans[len(c.spans)-1].close
}

// split returns the number of the day of t, 0 for 1970-01-01, and its time of
// day on the clocks of the zone.
func (c *Calendar) split(t time.Time) (day int, clock time.Duration) {
	t = t.In(c.zone)
	y, m, d := t.Date()
	h, minute, s := t.Clock()
	return numberOf(y, m, d), time.Duration(h)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
}

func (c *Calendar) at(day int, clock time.Duration, in *time.Location) time.Time {
	return time.Date(1970, 1, 1+day, 0, 0, int(clock/time.Second), int(clock%time.Second), c.zone).In(in)
}

func numberOf(y int, m time.Month, d int) int {
	return int(math.Floor(float64(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()) / 86400))
}

func (c *Calendar) works(day int) bool {
	i := sort.Search(len(c.changes), func(i int) bool { return c.changes[i].day >= day })
	if i < len(c.changes) && c.changes[i].day == day {
		return c.changes[i].work
	}
	return weekday(day)
}

// weekday says whether a day is a Monday to Friday; day 0 was a Thursday.
func weekday(day int) bool { return mod(day+3, 7) < 5 }

// workedBefore counts the working days before a day since a fixed one.
func (c *Calendar) workedBefore(day int) int {
	i := sort.Search(len(c.changes), func(i int) bool { return c.changes[i].day >= day })
	monday := day + 3 // days since Monday 1969-12-29
	weeks := (monday - mod(monday, 7)) / 7
	return 5*weeks + min(mod(monday, 7), 5) + c.before[i]
}

// day returns the working day that has n working days before it.
func (c *Calendar) day(n int) int {
	// Holidays move a day by their number at most.
	reach := 7*(len(c.changes)/5) + 14
	from := int(math.Floor(float64(n)*7/5)) - reach
	return from + sort.Search(2*reach, func(i int) bool { return c.workedBefore(from+i+1) > n })
}

func mod(a, b int) int { return ((a % b) + b) % b }
