package report

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Line is one figure of service with the weeks before. Of a time, Now and Usual
// are medians, and Long and UsualLong what nine in ten stayed within.
type Line struct {
	Key   string  `json:"key"`
	Now   *Figure `json:"now"`
	Usual *Figure `json:"usual,omitempty"`
	Long  *Figure `json:"long,omitempty"`

	UsualLong *Figure `json:"usual_long,omitempty"`
	// Ended is the part of the cases that a time is known of.
	Ended   *Figure `json:"ended,omitempty"`
	Verdict Verdict `json:"verdict"`
}

// leastEnded is the part of the cases for which a clock must have stopped before
// its times are compared: those that still run are the long ones.
const leastEnded = 0.9

// service counts the figures of service. Each is compared by a test of its own
// at the level divided by the number of lines (Bonferroni).
func (m *making) service() []Line {
	if m.book.Total(m.now).Cases == 0 {
		return nil
	}
	var lines []Line
	for clock := range fact.Clocks {
		if m.book.Times(m.now, clock).N > 0 {
			lines = append(lines, m.clockLine(clock))
		}
	}
	for _, part := range []struct {
		key   string
		flags fact.Flags
		any   bool
		clock fact.Clock
		of    bool
	}{
		{key: "late_response", flags: fact.LateResponse, clock: fact.Respond, of: true},
		{key: "late_resolve", flags: fact.LateResolve, clock: fact.Resolve, of: true},
		{key: "repeat", flags: fact.Repeat}, {key: "reopened", flags: fact.Reopened},
		{key: "escalated", flags: fact.Escalated, any: true},
	} {
		having := func(f fact.Filter) (some, whole fact.Filter) {
			if part.of {
				f = stopped(f, part.clock)
			}
			return withFlags(f, part.flags, part.any), f
		}
		lines = append(lines, m.shareLine(part.key, having))
	}
	return slices.DeleteFunc(append(lines, m.scoreLine()), func(l Line) bool { return l.Now == nil })
}

const serviceLines = 9

func withFlags(f fact.Filter, flags fact.Flags, either bool) fact.Filter {
	if either {
		f.Any |= flags
		return f
	}
	return f.Having(flags)
}

// clockLine compares a time: the part of the cases that took longer than usual
// (the median test of A. Mood, 1950).
func (m *making) clockLine(clock fact.Clock) Line {
	l := Line{
		Key: clock.String(), Verdict: Early, Now: timed(m.book, Median, clock, m.now), Long: timed(m.book, P90, clock, m.now),
		Ended: m.ended(m.now, clock),
	}
	if m.weeks < leastWeeks || m.book.Times(m.past, clock).N == 0 {
		return l
	}
	l.Usual, l.UsualLong = timed(m.book, Median, clock, m.past), timed(m.book, P90, clock, m.past)
	if l.Ended.Value < leastEnded {
		return l
	}
	than := int32(l.Usual.Value)
	of := func(f fact.Filter) (slow, all int) {
		return m.book.Total(longer(f, clock, than)).Cases, m.book.Total(stopped(f, clock)).Cases
	}
	a, n := of(m.now)
	b, k := of(m.past)
	l.Verdict = verdictOf(differ(a, n, b, k), over(float64(a), float64(n)) > over(float64(b), float64(k)))
	return l
}

func (m *making) shareLine(key string, having func(fact.Filter) (part, whole fact.Filter)) Line {
	part, whole := having(m.now)
	a, n := m.book.Total(part).Cases, m.book.Total(whole).Cases
	if n == 0 {
		return Line{}
	}
	l := Line{Key: key, Verdict: Early, Now: measured(m.book, Share, Part, part, whole)}
	if m.weeks < leastWeeks {
		return l
	}
	part, whole = having(m.past)
	b, k := m.book.Total(part).Cases, m.book.Total(whole).Cases
	if k > 0 {
		l.Usual = measured(m.book, Share, Part, part, whole)
		l.Verdict = verdictOf(differ(a, n, b, k), l.Now.Value > l.Usual.Value)
	}
	return l
}

func (m *making) scoreLine() Line {
	scored := func(f fact.Filter) fact.Filter { f.Scored = true; return f }
	now := m.book.Total(scored(m.now))
	if now.Scored == 0 {
		return Line{}
	}
	l := Line{Key: "score", Verdict: Early, Now: measured(m.book, Score, Points, scored(m.now)), Ended: measured(m.book, Count, Cases, scored(m.now))}
	if m.weeks < leastWeeks {
		return l
	}
	if past := m.book.Total(scored(m.past)); past.Scored > 0 {
		l.Usual = measured(m.book, Score, Points, scored(m.past))
		l.Verdict = verdictOf(differMeans(now, past), l.Now.Value > l.Usual.Value)
	}
	return l
}

func verdictOf(p float64, up bool) Verdict {
	switch {
	case p >= (1-Level)/serviceLines:
		return Steady
	case up:
		return Up
	}
	return Down
}

// serviceSentences tells every line; its verdict in the words of its kind.
func (m *making) serviceSentences(lines []Line) []Sentence {
	var list []Sentence
	for i := range lines {
		l := &lines[i]
		if l.Now.Value == 0 && l.Usual != nil && l.Usual.Value == 0 {
			continue // nothing happened, as usual: the table says so
		}
		args := []Arg{word("line", "line."+l.Key), fig("now", l.Now)}
		kind := "service.share"
		switch {
		case l.Long != nil:
			kind = "service.time"
			args = append(args, fig("long", l.Long), fig("ended", l.Ended))
		case l.Key == "score":
			kind = "service.score"
			args = append(args, fig("scored", l.Ended))
		}
		if l.Usual == nil {
			list = append(list, say(kind+".early", args...))
			continue
		}
		if l.UsualLong != nil {
			args = append(args, fig("usual_long", l.UsualLong))
		}
		list = append(list, say(kind, append(args, fig("usual", l.Usual), word("verdict", kind+"."+string(l.Verdict)))...))
	}
	return list
}
