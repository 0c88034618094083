package campaign

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// The bounds of segments: a fact with more values, or with a longer one, tells
// single exposures apart and not parts of a campaign; of more facts the first by
// name are kept. Which are dropped depends on all exposures together and not on
// their order.
const (
	maxFacts     = 8
	maxValues    = 12
	maxValueSize = 40 // characters
)

// nameFact is the fact of an exposure that is the campaign's name.
const nameFact = "name"

// ReachCounter counts the reach of one campaign.
type ReachCounter struct {
	zone    *time.Location
	seen    Seen
	dropped map[string]bool
	values  map[string]map[string]bool
	reached map[string]map[triage.CustomerID]bool
	days    map[place]*Reach
}

type place struct {
	day     fact.Day
	segment string
}

// NewReachCounter goes on from what was known: seen and the rows that stay as
// they are.
func NewReachCounter(seen Seen, rows []Reach, zone *time.Location) *ReachCounter {
	c := &ReachCounter{
		zone: zone, seen: seen, dropped: map[string]bool{}, values: map[string]map[string]bool{},
		reached: map[string]map[triage.CustomerID]bool{}, days: map[place]*Reach{},
	}
	for _, d := range seen.Dropped {
		c.dropped[d] = true
	}
	for _, r := range rows {
		if name, value, ok := strings.Cut(r.Segment, "="); ok {
			c.note(name, value)
		}
	}
	return c
}

// Before takes in an exposure that was counted before: it makes its customer one
// who is not reached for the first time.
func (c *ReachCounter) Before(e *triage.Exposure) {
	for _, s := range c.segments(e) {
		c.first(s, e.CustomerID)
	}
}

// Add counts an exposure. Of one customer, they come in the order of time.
func (c *ReachCounter) Add(e *triage.Exposure) {
	if c.seen.First.IsZero() || e.At.Before(c.seen.First) {
		c.seen.First = e.At
	}
	if name, ok := e.Attrs[nameFact].(string); ok && strings.TrimSpace(name) != "" {
		c.seen.Name = clip(strings.Join(strings.Fields(name), " "), maxName)
	}
	day := fact.DayOf(e.At, c.zone)
	for _, s := range c.segments(e) {
		at := place{day, s}
		r := c.days[at]
		if r == nil {
			r = &Reach{Day: day, Segment: s}
			c.days[at] = r
		}
		r.Contacts++
		if c.first(s, e.CustomerID) {
			r.Customers++
		}
	}
}

func (c *ReachCounter) first(segment string, id triage.CustomerID) bool {
	set := c.reached[segment]
	if set == nil {
		set = make(map[triage.CustomerID]bool)
		c.reached[segment] = set
	}
	if set[id] {
		return false
	}
	set[id] = true
	return true
}

// segments returns "" and a segment for each fact that is kept.
func (c *ReachCounter) segments(e *triage.Exposure) []string {
	list := append(make([]string, 0, 1+len(e.Attrs)), "")
	for name, v := range e.Attrs {
		if name == nameFact || c.dropped[name] {
			continue
		}
		if value, ok := factValue(v); !ok {
			c.drop(name)
		} else if c.note(name, value) {
			list = append(list, name+"="+value)
		}
	}
	// Taking in one fact may have dropped another one of the same exposure.
	return slices.DeleteFunc(list, func(s string) bool {
		name, _, _ := strings.Cut(s, "=")
		return c.dropped[name]
	})
}

// note takes in a value of a fact and says whether it is a segment.
func (c *ReachCounter) note(name, value string) bool {
	if c.values[name] == nil {
		c.values[name] = map[string]bool{}
	}
	if !c.values[name][value] {
		c.values[name][value] = true
		if len(c.values[name]) > maxValues {
			c.drop(name)
		}
		if len(c.values) > maxFacts {
			c.drop(slices.Max(slices.Collect(maps.Keys(c.values))))
		}
	}
	return !c.dropped[name]
}

// drop forgets a fact for good. Its name goes on counting among the facts.
func (c *ReachCounter) drop(name string) {
	c.dropped[name] = true
	if c.values[name] == nil || len(c.values) <= maxFacts {
		c.values[name] = map[string]bool{}
	} else {
		delete(c.values, name)
	}
	for segment := range c.reached {
		if strings.HasPrefix(segment, name+"=") {
			delete(c.reached, segment)
		}
	}
	maps.DeleteFunc(c.days, func(p place, _ *Reach) bool { return strings.HasPrefix(p.segment, name+"=") })
}

// Seen returns what is known of the campaign by now.
func (c *ReachCounter) Seen() Seen {
	s := c.seen
	s.Dropped = slices.Sorted(maps.Keys(c.dropped))
	return s
}

// Name returns the name that exposures have given by now.
func (c *ReachCounter) Name() string { return c.seen.Name }

// Rows returns what was added, by day and segment.
func (c *ReachCounter) Rows() []Reach {
	list := make([]Reach, 0, len(c.days))
	for _, r := range c.days {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Reach) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Segment, b.Segment)) })
	return list
}

// Segments returns what an exposure with these facts may tell of parts of a
// campaign, by name: which of them are parts, a ReachCounter says.
func Segments(facts map[string]any) []string {
	var list []string
	for name, v := range facts {
		if value, ok := factValue(v); ok && name != nameFact {
			list = append(list, name+"="+value)
		}
	}
	slices.Sort(list)
	return list
}

func factValue(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, utf8.RuneCountInString(v) <= maxValueSize && !personal(v)
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), !personal(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return "", false
}

// personal says whether a value may be the number or the address of a person:
// segments are shown, told and kept for ever, and of a campaign that has reached
// a few customers each of them would be one.
func personal(value string) bool {
	const number = 11 // digits, as a phone has
	digits := 0
	for _, r := range value {
		switch {
		case r == '@':
			return true
		case unicode.IsDigit(r):
			digits++
		case r != ' ' && r != '-':
			digits = 0
		}
		if digits >= number {
			return true
		}
	}
	return false
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes])
	}
	return s
}
