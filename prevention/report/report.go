package report

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Report is what is told about one week. It can be kept as JSON.
type Report struct {
	Week Week `json:"week"`
	// Department is whose cases are told of, "" for the whole house.
	Department string    `json:"department,omitempty"`
	MadeAt     time.Time `json:"made_at"`
	Headline   Sentence  `json:"headline"`
	Sections   []Section `json:"sections"`
	// Trend is the last weeks up to this one, Changes the types and all that has
	// surely changed.
	Trend   []Bar    `json:"trend"`
	Changes []Change `json:"changes"`
	Service []Line   `json:"service"`
}

// Section is a part of the report.
type Section struct {
	Key       string     `json:"key"`
	Sentences []Sentence `json:"sentences"`
}

// The sections, in their order.
const (
	SectionChanges   = "changes"
	SectionWhy       = "why"
	SectionDone      = "done"
	SectionService   = "service"
	SectionCampaigns = "campaigns"
	SectionNext      = "next"
)

// Bar is one week of the trend.
type Bar struct {
	Week  Week    `json:"week"`
	Cases *Figure `json:"cases"`
}

// Scope is what a report is about.
type Scope struct {
	Week       Week
	Department string // "" for the whole house
}

// filter chooses the cases of the scope, of all time.
func (s Scope) filter() fact.Filter {
	if s.Department == "" {
		return fact.Filter{}
	}
	return fact.Filter{}.With(fact.Department, s.Department)
}

// trendWeeks is how many weeks the trend has.
const trendWeeks = 13

// making is a report in the making.
type making struct {
	book     *fact.Book
	evidence Evidence
	// base chooses the cases of the scope, now those of its week, past those of
	// the weeks to compare with, and year those of the same week a year ago; past
	// and year are zero where the book does not reach back so far.
	base, now, past, year fact.Filter
	weeks                 int
	week                  Week
	end                   time.Time
	made                  int64 // minutes of local time since 1970
}

// Build makes the report of a scope from the book and the evidence, which is of
// the same scope. now is when it is made. The same input gives the same report.
func Build(book *fact.Book, s Scope, e Evidence, now time.Time, zone *time.Location) Report {
	m := newMaking(book, s, e, zone)
	local := now.In(zone)
	m.made = int64(fact.DayOf(now, zone))*24*60 + int64(local.Hour()*60+local.Minute())
	r := Report{Week: s.Week, Department: s.Department, MadeAt: now.UTC(), Trend: m.trend()}
	r.Changes = m.changesOf()
	r.Headline = m.headline(r.Changes)
	r.Service = m.service()
	for _, section := range []Section{
		{SectionChanges, m.changeSentences(r.Changes)},
		{SectionWhy, m.why(r.Changes)},
		{SectionDone, m.done()},
		{SectionService, m.serviceSentences(r.Service)},
		{SectionCampaigns, m.campaigns()},
		{SectionNext, m.next()},
	} {
		if len(section.Sentences) > 0 {
			r.Sections = append(r.Sections, section)
		}
	}
	return r
}

func newMaking(book *fact.Book, s Scope, e Evidence, zone *time.Location) *making {
	from, to := s.Week.Days()
	m := &making{book: book, evidence: e, base: s.filter(), week: s.Week, end: to.In(zone)}
	m.now = m.base.Between(from, to)
	first, _, ok := book.Days()
	if !ok {
		return m
	}
	m.weeks = min(max(int(from-first)/7, 0), mostWeeks)
	if m.weeks > 0 {
		m.past = m.base.Between(from-fact.Day(7*m.weeks), from)
	}
	if first <= from-7*yearWeeks {
		m.year = m.base.Between(from-7*yearWeeks, to-7*yearWeeks)
	}
	return m
}

func (m *making) count(f fact.Filter) *Figure { return measured(m.book, Count, Cases, f) }

func (m *making) trend() []Bar {
	bars := make([]Bar, 0, trendWeeks)
	first, _, ok := m.book.Days()
	for n := range trendWeeks {
		w := m.week.Add(n + 1 - trendWeeks)
		from, to := w.Days()
		if to > first && ok || w == m.week {
			bars = append(bars, Bar{w, m.count(m.base.Between(from, to))})
		}
	}
	return bars
}

// headline says how many cases there were and what stands out.
func (m *making) headline(changes []Change) Sentence {
	args := []Arg{fig("count", m.count(m.now))}
	key := "headline.early"
	if m.weeks >= leastWeeks {
		total := m.total()
		key = "headline." + string(total.Verdict)
		args = append(args, fig("weeks", measured(m.book, Weeks, WeekUnit, m.past)), fig("usual", total.Usual))
		if total.Ratio != nil {
			args = append(args, fig("ratio", total.Ratio))
		} else {
			key = "headline.first"
		}
	}
	if lead, ok := leading(changes); ok {
		key += ".lead"
		args = append(args, named("lead", lead.dim, lead.Value), fig("lead_count", lead.Count), fig("lead_usual", lead.Usual))
	}
	return say(key, args...)
}

// total compares all cases of the week with the weeks before.
func (m *making) total() Change {
	s := &series{now: m.book.Total(m.now).Cases, past: make([]int, m.weeks)}
	for i, p := range m.book.Over(m.past, fact.Weekly) {
		s.past[i] = p.Cases
	}
	c := Change{
		Verdict: Steady, Count: m.count(m.now), Usual: measured(m.book, Weekly, Cases, m.past),
	}
	ratio, p := s.test(s.own(1))
	if s.total() > 0 {
		c.Ratio = measured(m.book, Ratio, Times, m.now, m.past).between(ratio.Low, ratio.High)
	}
	if p < 1-Level {
		c.Verdict = Down
		if c.Count.Value > c.Usual.Value {
			c.Verdict = Up
		}
	}
	return c
}

// leading is the surest rise of a type, or of anything else.
func leading(changes []Change) (Change, bool) {
	i := slices.IndexFunc(changes, func(c Change) bool { return c.Verdict == Up && c.dim == fact.Type })
	if i < 0 {
		i = slices.IndexFunc(changes, func(c Change) bool { return c.Verdict == Up })
	}
	if i < 0 {
		return Change{}, false
	}
	return changes[i], true
}
