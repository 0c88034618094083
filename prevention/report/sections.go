package report

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// told is how many changes of one direction become sentences; the table has all.
const told = 8

func (m *making) changeSentences(changes []Change) []Sentence {
	if m.weeks < leastWeeks {
		weeks := given(float64(m.weeks), WeekUnit, "")
		if m.weeks > 0 {
			weeks = measured(m.book, Weeks, WeekUnit, m.past)
		}
		return []Sentence{say("changes.early", fig("count", m.count(m.now)), fig("weeks", weeks))}
	}
	var list []Sentence
	for _, v := range []Verdict{Up, Down} {
		n := 0
		for i := range changes {
			if c := &changes[i]; c.Verdict == v && n < told {
				list = append(list, m.changeSentence(c))
				n++
			}
		}
	}
	if len(list) == 0 {
		list = append(list, say("changes.none", fig("count", m.count(m.now)), fig("weeks", measured(m.book, Weeks, WeekUnit, m.past)),
			fig("usual", measured(m.book, Weekly, Cases, m.past))))
	}
	if m.year.From != 0 {
		list = append(list, say("changes.year", fig("count", m.count(m.now)), fig("year", m.count(m.year))))
	}
	return list
}

func (m *making) changeSentence(c *Change) Sentence {
	key := "changes." + string(c.Verdict)
	args := []Arg{word("dim", c.Dim), named("name", c.dim, c.Value), fig("count", c.Count), fig("usual", c.Usual)}
	if c.Ratio == nil {
		key += ".first"
	} else {
		args = append(args, fig("ratio", c.Ratio))
	}
	if c.LastYear != nil {
		key += ".year"
		args = append(args, fig("year", c.LastYear))
	}
	return say(key, args...)
}

func (m *making) why(changes []Change) []Sentence {
	var list []Sentence
	n := 0
	for i := range changes {
		if c := &changes[i]; c.Verdict == Up && n < explained {
			list = append(list, m.explain(c)...)
			n++
		}
	}
	return list
}

// done says what was done about complaints, and whether it worked.
func (m *making) done() []Sentence {
	list := []Sentence{say("done.replies", fig("replies", measured(m.book, Replies, ReplyUnit, m.now)), fig("count", m.count(m.now)))}
	if ks := m.evidence.Clusters; ks != nil {
		list = append(list, say("done.clusters",
			fig("new", tallied(ks, Problems, "/clusters", func(k Cluster) bool { return k.New })),
			fig("closed", tallied(ks, Problems, "/clusters", func(k Cluster) bool { return k.Closed }))))
	}
	if e := m.evidence.Outreach; e != nil {
		list = append(list, say("done.outreach"+early(e), fig("prevented", prevented(e))))
	}
	if as := m.evidence.Actions; as != nil {
		from, to := m.now.From, m.now.To
		zone := m.end.Location()
		inWeek := func(a Action) bool {
			return !a.DoneAt.IsZero() && !a.DoneAt.Before(from.In(zone)) && a.DoneAt.Before(to.In(zone))
		}
		list = append(list, say("done.actions", fig("done", tallied(as, Steps, "/improvements", inWeek)),
			fig("open", tallied(as, Steps, "/improvements", func(a Action) bool { return a.DoneAt.IsZero() || !a.DoneAt.Before(m.end) }))))
		for _, a := range as {
			if a.Effect != nil && !a.DoneAt.IsZero() {
				list = append(list, say("done.effect"+early(a.Effect), titled("title", a.Title, a.Link), fig("prevented", prevented(a.Effect))))
			}
		}
	}
	return list
}

func early(e *Effect) string {
	if e.Early || e.Low <= 0 && e.High >= 0 {
		return ".early"
	}
	if e.High < 0 {
		return ".worse"
	}
	return ""
}

func prevented(e *Effect) *Figure {
	value, low, high := e.Prevented, e.Low, e.High
	if e.High < 0 {
		value, low, high = -value, -high, -low
	}
	return given(value, Cases, e.Link).between(low, high)
}

func tallied[T any](list []T, unit Unit, link string, is func(T) bool) *Figure {
	n := 0
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return given(float64(n), unit, link)
}

// campaigns names those that should be stopped or adjusted.
func (m *making) campaigns() []Sentence {
	if m.evidence.Campaigns == nil {
		return nil
	}
	var list []Sentence
	for i := range m.evidence.Campaigns {
		s := &m.evidence.Campaigns[i]
		if s.Advice == "stop" || s.Advice == "adjust" {
			list = append(list, s.sentence())
		}
	}
	if list == nil {
		list = append(list, say("campaigns.none", fig("count", given(float64(len(m.evidence.Campaigns)), Campaigns, "/campaigns"))))
	}
	return list
}

// sentence says what is advised and the figures that it rests on.
func (s *Signal) sentence() Sentence {
	key, title := "campaigns."+s.Advice, titled("title", s.Title, s.Link)
	if s.Why != "" {
		return say(key+"."+s.Why, title, fig("share", given(s.Share, Part, s.Link)))
	}
	rate := given(s.Rate, Rate, s.Link).between(s.Low, s.High)
	rate.Level = SignalLevel
	if s.Usual <= 0 {
		return say(key+".alone", title, fig("rate", rate))
	}
	return say(key, title, fig("rate", rate), fig("usual", given(s.Usual, Rate, s.Link)))
}

// next says what is open at the end of the week.
func (m *making) next() []Sentence {
	var list []Sentence
	if ks := m.evidence.Clusters; ks != nil {
		open := func(k Cluster) bool { return k.Open }
		list = append(list, say("next.clusters", fig("open", tallied(ks, Problems, "/clusters", open))))
		for _, k := range slices.SortedStableFunc(slices.Values(ks), func(a, b Cluster) int { return b.Cases - a.Cases }) {
			if k.Open && len(list) <= told {
				list = append(list, say("next.cluster", titled("title", k.Title, k.Link), fig("count", given(float64(k.Cases), Cases, k.Link))))
			}
		}
	}
	if as := m.evidence.Actions; as != nil {
		late := func(a Action) bool { return a.DoneAt.IsZero() && !a.DueAt.IsZero() && a.DueAt.Before(m.end) }
		list = append(list, say("next.overdue", fig("overdue", tallied(as, Steps, "/improvements", late))))
	}
	if rest := m.unresolved(); rest != nil {
		list = append(list, say("next.open", fig("resolved", rest), fig("count", m.count(m.now))))
	}
	return list
}

// unresolved is the part of the week's cases that has been closed, nil when that
// is all of them or there are none.
func (m *making) unresolved() *Figure {
	f := m.ended(m.now, fact.Resolve)
	if f.Value == 1 || m.book.Total(m.now).Cases == 0 {
		return nil
	}
	return f
}

// ended is the part of the cases for which a clock has stopped.
func (m *making) ended(f fact.Filter, clock fact.Clock) *Figure {
	return measured(m.book, Share, Part, stopped(f, clock), f)
}

// stopped chooses the cases for which a clock has stopped.
func stopped(f fact.Filter, clock fact.Clock) fact.Filter { return longer(f, clock, fact.None) }

// longer chooses the cases for which a clock took more than so many minutes.
func longer(f fact.Filter, clock fact.Clock, minutes int32) fact.Filter {
	f.Longer = append(slices.Clip(f.Longer), fact.Longer{Clock: clock, Than: minutes})
	return f
}
