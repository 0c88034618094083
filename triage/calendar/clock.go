package calendar

import (
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
)

// wholeDay is the unit of the limits that count working days.
const wholeDay = 24 * time.Hour

// Clock counts the time of cases of one urgency.
type Clock struct {
	office *Calendar // nil runs around the clock
}

// Clock returns the clock of a level of urgency.
func (c *Calendar) Clock(level nlp.UrgencyLevel) Clock {
	if c.around[string(level)] {
		return Clock{}
	}
	return Clock{office: c}
}

// Limit returns the end of a time limit that starts at t. Whole days count
// working days, the rest working hours, but never beyond the next whole day: a
// longer limit never ends earlier.
func (c *Calendar) Limit(level nlp.UrgencyLevel, t time.Time, limit time.Duration) time.Time {
	if c.around[string(level)] {
		return t.Add(limit)
	}
	n, rest := int(limit/wholeDay), limit%wholeDay
	end := t
	if n > 0 {
		end = c.AddDays(t, n)
	}
	if rest > 0 {
		end = earlier(c.Add(end, rest), c.AddDays(t, n+1))
	}
	return end
}

// Add returns the time at which d has passed since t, t itself for d <= 0.
func (k Clock) Add(t time.Time, d time.Duration) time.Time {
	if k.office != nil {
		return k.office.Add(t, d)
	}
	return t.Add(max(d, 0))
}

// Between returns the time from a to b, negative when b is before a.
func (k Clock) Between(a, b time.Time) time.Duration {
	if k.office != nil {
		return k.office.Between(a, b)
	}
	return b.Sub(a)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
