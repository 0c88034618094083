package customer

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Cadence is how often customers are contacted: once in each of its periods,
// which follow the calendar.
type Cadence string

// The cadences. The quarter of TwiceAQuarter is parted after the first half of
// its second month.
const (
	Monthly       Cadence = "monthly"
	TwiceAQuarter Cadence = "twice_a_quarter"
	Quarterly     Cadence = "quarterly"
	Never         Cadence = "never"
)

var cadences = []Cadence{Monthly, TwiceAQuarter, Quarterly, Never}

// end returns the first moment after the period that t is in, by the clock of
// the zone; zero for Never.
func (c Cadence) end(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	quarter := (m-1)/3*3 + 1
	day := func(m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, zone) }
	switch {
	case c == Monthly:
		return day(m+1, 1)
	case c == TwiceAQuarter && (m == quarter || m == quarter+1 && d < 16):
		return day(quarter+1, 16)
	case c == TwiceAQuarter, c == Quarterly:
		return day(quarter+3, 1)
	}
	return time.Time{}
}

// cadence of a tier; one that is not known counts as ordinary.
func (p *Policy) cadence(tier triage.Tier) Cadence {
	c, known := p.Contacts[tier]
	if !known {
		c, known = p.Contacts[triage.TierOrdinary]
	}
	if !known {
		return Never
	}
	return c
}

// due is when a customer who was contacted last, or never (zero), must have
// been contacted again: by the end of the period after that of the last
// contact; without one by the end of the period that now is in.
func (p *Policy) due(tier triage.Tier, last, now time.Time, zone *time.Location) time.Time {
	c := p.cadence(tier)
	if c == Never {
		return time.Time{}
	}
	if last.IsZero() {
		return c.end(now, zone)
	}
	return c.end(c.end(last, zone), zone)
}
