package detect

import (
	"math"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

type fact struct{ field, value string }

// key names a cell: a theme with none, one or two facts.
type key struct {
	name  string
	theme string
	facts []fact
}

func newKey(theme string, facts ...fact) key {
	parts := []string{theme}
	for _, f := range facts {
		parts = append(parts, f.field+"="+f.value)
	}
	return key{name: strings.Join(parts, "\x00"), theme: theme, facts: facts}
}

// covers says whether an event has the theme and all facts of the cell.
func (k key) covers(e Event) bool {
	if e.Theme != k.theme {
		return false
	}
	for _, f := range k.facts {
		if e.Facts[f.field] != f.value {
			return false
		}
	}
	return true
}

// cell remembers the latest complaints one by one and the days before them as
// counts.
type cell struct {
	key  key
	hits []hit // oldest first, at most cellHits
	past counter
}

type hit struct {
	id       triage.ComplaintID
	customer triage.CustomerID
	at       time.Time
}

func (c *cell) add(e Event) {
	c.past.add(e.At)
	oldest := e.At.Add(-time.Duration(windows[len(windows)-1]) * day)
	drop := 0
	for drop < len(c.hits) && (c.hits[drop].at.Before(oldest) || len(c.hits)-drop >= cellHits) {
		drop++
	}
	c.hits = append(c.hits[drop:], hit{e.ID, e.Customer, e.At})
}

// within returns the distinct customers of the days after that of since, and
// all complaints. A complaint without a customer counts as one of its own.
func (c *cell) within(since time.Time) (customers int, members []triage.ComplaintID) {
	after := dayNumber(since)
	seen := map[triage.CustomerID]bool{}
	for _, h := range c.hits {
		if dayNumber(h.at) <= after {
			continue
		}
		members = append(members, h.id)
		if h.customer == "" || !seen[h.customer] {
			customers++
		}
		seen[h.customer] = true
	}
	return customers, members
}

func (c *cell) alarm(now time.Time, score float64, days int, s sample, share float64, members []triage.ComplaintID) *Alarm {
	a := &Alarm{
		At: now, Theme: c.key.theme, Score: score, PValue: math.Pow(10, -score), Days: days,
		Baseline: expected(s, share), Count: len(members), Members: members,
	}
	for _, f := range c.key.facts {
		a.Facts = append(a.Facts, Fact{Field: f.field, Value: f.value, Lift: s.customers / a.Baseline, Share: 1})
	}
	return a
}

// counter counts complaints by day over memory and the longest window; older
// days are forgotten.
type counter struct {
	days  map[int64]float64
	last  time.Time
	kept  float64 // in days
	total float64 // ever
}

// add counts one complaint and returns its time, moved up to the latest one
// when it comes late.
func (c *counter) add(at time.Time) time.Time {
	if at.Before(c.last) {
		at = c.last
	}
	if c.days == nil {
		c.days = map[int64]float64{}
	}
	today := dayNumber(at)
	if today != dayNumber(c.last) {
		oldest := dayNumber(at.Add(-memory)) - int64(windows[len(windows)-1]) - 1
		for d := range c.days {
			if d < oldest {
				c.kept -= c.days[d]
				delete(c.days, d)
			}
		}
	}
	c.last = at
	c.days[today]++
	c.kept++
	c.total++
	return at
}

// since counts the days after the day of from.
func (c *counter) since(from time.Time) float64 {
	var n float64
	for d := dayNumber(from) + 1; d <= dayNumber(c.last); d++ {
		n += c.days[d]
	}
	return n
}

// before counts the remembered days up to and with the day of to.
func (c *counter) before(to time.Time) float64 { return c.kept - c.since(to) }

func dayNumber(t time.Time) int64 { return t.Unix() / int64(day/time.Second) }
