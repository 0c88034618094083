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
	for _, p := range shareLines {
		lines = append(lines, m.shareLine(p))
	}
	return slices.DeleteFunc(append(lines, m.scoreLine()), func(l Line) bool { return l.Now == nil })
}

const serviceLines = 9

// shareLine is a line that is a share of all cases, or of those for which a clock
// has stopped. A later one may still come to a case of any age: it is not
// compared, as fresh cases have had less time for it.
type shareLine struct {
	key   string
	flags fact.Flags
	any   bool
	clock fact.Clock
	of    bool
	later bool
}

var shareLines = []shareLine{
	{key: "late_response", flags: fact.LateResponse, clock: fact.Respond, of: true},
	{key: "late_resolve", flags: fact.LateResolve, clock: fact.Resolve, of: true},
	{key: "repeat", flags: fact.Repeat}, {key: "reopened", flags: fact.Reopened, later: true},
	{key: "escalated", flags: fact.Escalated, any: true},
}

func (s *shareLine) having(f fact.Filter) (some, whole fact.Filter) {
	if s.of {
		f = stopped(f, s.clock)
	}
	return withFlags(f, s.flags, s.any), f
}

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
	of := func(f fact.Filter) known {
		return known{m.book.Total(longer(f, clock, than)).Cases, m.book.Total(stopped(f, clock)).Cases, m.running(f, clock)}
	}
	l.Verdict = of(m.now).verdict(of(m.past))
	return l
}

// running is the cases that a clock still runs for: what is closed or taken back
// without a time will never have one.
func (m *making) running(f fact.Filter, clock fact.Clock) int {
	f.Not |= fact.Ended | fact.Withdrawn
	return m.book.Total(f).Cases - m.book.Total(stopped(f, clock)).Cases
}

// known is a share, part of whole, beside cases of which nobody knows yet whether
// they belong to the part.
type known struct{ part, whole, open int }

// verdict compares the share with that of the weeks before. More of a fresh week
// are open, and those are the slow ones: a rise is one only if there is one even
// though none of its open cases count, a fall only if all of them do.
func (n known) verdict(past known) Verdict {
	of := func(k known, counted int) (part, whole int) { return k.part + counted, k.whole + k.open }
	a, b := of(n, 0)
	c, d := of(past, past.open)
	if over(float64(a), float64(b)) > over(float64(c), float64(d)) {
		return verdictOf(differ(a, b, c, d), true)
	}
	a, _ = of(n, n.open)
	c, _ = of(past, 0)
	if over(float64(a), float64(b)) < over(float64(c), float64(d)) {
		return verdictOf(differ(a, b, c, d), false)
	}
	return Steady
}

func (m *making) shareLine(s shareLine) Line {
	part, whole := s.having(m.now)
	if m.book.Total(whole).Cases == 0 {
		return Line{}
	}
	l := Line{Key: s.key, Verdict: Early, Now: measured(m.book, Share, Part, part, whole)}
	if m.weeks < leastWeeks || s.later {
		return l
	}
	of := func(f fact.Filter) (k known) {
		some, all := s.having(f)
		k = known{part: m.book.Total(some).Cases, whole: m.book.Total(all).Cases}
		if s.of {
			k.open = m.running(f, s.clock)
		}
		return k
	}
	now, past := of(m.now), of(m.past)
	if past.whole == 0 {
		return l
	}
	part, whole = s.having(m.past)
	l.Usual = measured(m.book, Share, Part, part, whole)
	if !s.of || m.ended(m.now, s.clock).Value >= leastEnded {
		l.Verdict = now.verdict(past)
	}
	return l
}

func (m *making) scoreLine() Line {
	scored := func(f fact.Filter) fact.Filter { f.Scored = true; return f }
	if m.book.Total(scored(m.now)).Scored == 0 {
		return Line{}
	}
	l := Line{Key: "score", Verdict: Early, Now: measured(m.book, Score, Points, scored(m.now)), Ended: measured(m.book, Count, Cases, scored(m.now))}
	if m.weeks < leastWeeks {
		return l
	}
	if m.book.Total(scored(m.past)).Scored > 0 {
		l.Usual = measured(m.book, Score, Points, scored(m.past))
		l.Verdict = m.scoreVerdict(l.Now.Value > l.Usual.Value)
	}
	return l
}

// scoreVerdict compares the scores of the week with those that the weeks before
// had at the same age: what is closed soon is scored higher, so that the early
// scores of a week are no sample of it. Where the two disagree with the figures
// that are shown, nothing is claimed.
func (m *making) scoreVerdict(up bool) Verdict {
	now, past := m.scoresAtAge(m.now), m.scoresAtAge(m.past)
	if now.Scored == 0 || past.Scored == 0 {
		return Steady
	}
	if over(now.Scores, float64(now.Scored)) > over(past.Scores, float64(past.Scored)) != up {
		return Steady
	}
	return verdictOf(differMeans(now, past), up)
}

// scoresAtAge sums the scores of the cases that were closed, in their own week,
// by the weekday and hour at which this report is made of its own.
func (m *making) scoresAtAge(f fact.Filter) (sum fact.Figures) {
	f.Scored = true
	const day = 24 * 60
	m.book.Each(f, func(r *fact.Row) {
		back := int64(m.now.From-fact.Weekly.Start(r.Day)) * day
		if r.Resolve != fact.None && int64(r.Day)*day+int64(r.Minute)+int64(r.Resolve) > m.made-back {
			return
		}
		score := float64(r.Satisfaction)
		sum.Scored++
		sum.Scores += score
		sum.Squares += score * score
	})
	return sum
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
