package quality

import (
	"slices"
	"sync"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Kind says what a key figure is.
type Kind string

// The kinds.
const (
	Count   Kind = "count"
	Share   Kind = "share"   // 0 to 1
	Mean    Kind = "mean"    // of scores, 0 to 100
	Minutes Kind = "minutes" // median
)

// Key is one of the key figures.
type Key struct {
	Name string
	Kind Kind
	// Of is how many cases the figure is made from; without any it has no Value.
	// A share is that of Cases among them.
	Of    int
	Value float64
	// Interval is around a share or a mean (95 %).
	Interval evidence.Interval
	// P90 belongs to Minutes.
	P90 int32
	// Filter chooses the cases behind the figure, and Cases is how many.
	Filter fact.Filter
	Cases  int
	// Other chooses the cases that people look for beside it, such as those that
	// came too late.
	Other      *fact.Filter
	OtherCases int
	// Change of a time, of what was kept in time and of a score is that of the
	// cases that had ended at the same age on both sides.
	Change Change
}

// Summary is the key figures of a period.
type Summary struct {
	Comparison Comparison
	Keys       []Key
}

// sides is the surveys that key figures are made from.
type sides struct {
	filter         fact.Filter
	all, now, then fact.Survey
	c              Comparison
	// scatter is that of the counts of cases.
	scatter float64
}

// freshDays is how many days after a period its cases are mostly ended.
const freshDays = 92

// fresh says whether many cases of the finished part may not have ended yet.
func (c *Comparison) fresh() bool { return c.State == Known && c.today <= c.Now.To+freshDays }

// side is one side of a comparison as it was on a day.
type side struct {
	of     *fact.Survey
	filter fact.Filter
	asOf   fact.Day
}

// atAge is both sides at the same age. Of a fresh period only the quick cases have
// ended, and those that were quick are scored higher: it would always seem better
// than the one before.
func (s *sides) atAge() []side {
	if !s.c.fresh() {
		return nil
	}
	of := func(v *fact.Survey, p Period, asOf fact.Day) side {
		return side{v, s.filter.Between(p.From, p.To), asOf}
	}
	return []side{of(&s.now, s.c.Now, s.c.today), of(&s.then, s.c.Then, s.c.today-(s.c.Now.From-s.c.Then.From))}
}

// age replaces the times, and with scores the scores, by those known at that age.
func (s *sides) age(book *fact.Book, times, scores bool) {
	var wg sync.WaitGroup
	for _, at := range s.atAge() {
		if times {
			for k := range fact.Clocks {
				wg.Go(func() { at.of.Clocks[k], at.of.Late[k] = book.TimingAsOf(at.filter, k, at.asOf) })
			}
		}
		if scores {
			wg.Go(func() {
				sum := book.ScoresAsOf(at.filter, at.asOf)
				at.of.Scored, at.of.Scores, at.of.Squares, at.of.Satisfied = sum.Scored, sum.Scores, sum.Squares, sum.Satisfied
			})
		}
	}
	wg.Wait()
}

// survey counts what is needed of some rows.
type survey func(fact.Filter) fact.Survey

func newSides(count survey, f fact.Filter, c Comparison) sides {
	s := sides{filter: f, c: c, all: count(f)}
	if c.State == Known {
		s.now = s.all
		if c.Now.To != f.To {
			s.now = count(f.Between(c.Now.From, c.Now.To))
		}
		s.then = count(f.Between(c.Then.From, c.Then.To))
	}
	return s
}

// Summarise makes the key figures of a filter whose bounds are those of the
// comparison's period.
func Summarise(book *fact.Book, f fact.Filter, c Comparison) Summary {
	s := newSides(book.Survey, f, c)
	s.age(book, true, true)
	s.scatter = ScatterOf(book, f, c)
	return Summary{Comparison: c, Keys: slices.Concat([]Key{
		s.count("complaints", func(v *fact.Survey) int { return v.Cases }),
		s.count("customers", func(v *fact.Survey) int { return v.Customers }),
	}, s.timed(), s.repeated(), s.scored())}
}

// Clocks makes the key figures of times and limits, without counting anything
// else.
func Clocks(book *fact.Book, f fact.Filter, c Comparison) []Key {
	s := newSides(func(f fact.Filter) (v fact.Survey) {
		for k := range fact.Clocks {
			v.Clocks[k], v.Late[k] = book.Timing(f, k)
		}
		return v
	}, f, c)
	s.age(book, true, false)
	return s.timed()
}

// Repeats makes the key figures of repeats, re-opened cases and escalations, at
// a fraction of the price of all.
func Repeats(book *fact.Book, f fact.Filter, c Comparison) []Key {
	s := newSides(book.Outcome, f, c)
	return s.repeated()
}

// Scores makes the key figures of satisfaction, at a fraction of the price of
// all.
func Scores(book *fact.Book, f fact.Filter, c Comparison) []Key {
	s := newSides(book.Outcome, f, c)
	s.age(book, false, true)
	return s.scored()
}

func (s *sides) timed() []Key {
	return []Key{
		s.clock("respond", fact.Respond), s.clock("verify", fact.Verify), s.clock("resolve", fact.Resolve),
		s.kept("respond_kept", fact.Respond, fact.LateResponse), s.kept("verify_kept", fact.Verify, fact.LateVerify), s.kept("resolve_kept", fact.Resolve, fact.LateResolve),
	}
}

func (s *sides) repeated() []Key {
	keys := []Key{
		s.flagged("repeats", s.filter.Having(fact.Repeat), func(v *fact.Survey) int { return v.Count(fact.Repeat) }),
		s.flagged("reopened", s.filter.Having(fact.Reopened), func(v *fact.Survey) int { return v.Count(fact.Reopened) }),
		s.flagged("escalated", escalated(s.filter), func(v *fact.Survey) int { return v.Escalated }),
	}
	if s.c.fresh() { // fresh cases have had less time to be taken up again
		keys[1].Change = Change{State: Nothing}
	}
	return keys
}

func (s *sides) scored() []Key { return []Key{s.satisfaction(), s.satisfied()} }

func escalated(f fact.Filter) fact.Filter {
	f.Any = fact.Escalated
	return f
}

func (s *sides) count(name string, of func(*fact.Survey) int) Key {
	n := of(&s.all)
	return Key{
		Name: name, Kind: Count, Of: s.all.Cases, Value: float64(n), Filter: s.filter, Cases: s.all.Cases,
		Change: s.c.OfCounts(of(&s.now), of(&s.then), s.scatter),
	}
}

func (s *sides) clock(name string, k fact.Clock) Key {
	t := s.all.Clocks[k]
	return Key{
		Name: name, Kind: Minutes, Of: t.N, Value: float64(t.Median), P90: t.P90, Filter: HasEnded(s.filter, k), Cases: t.N,
		Interval: evidence.Interval{Value: float64(t.Median), Low: float64(t.Low), High: float64(t.High)},
		Change:   s.c.OfMedians(s.now.Clocks[k], s.then.Clocks[k]),
	}
}

// HasEnded returns the filter for rows in which a clock has ended.
func HasEnded(f fact.Filter, k fact.Clock) fact.Filter {
	f.Longer = append(slices.Clip(f.Longer), fact.Longer{Clock: k, Than: fact.None})
	return f
}

func (s *sides) kept(name string, k fact.Clock, late fact.Flags) Key {
	of := func(v *fact.Survey) evidence.Share { return evidence.ShareOf(v.Clocks[k].N-v.Late[k], v.Clocks[k].N) }
	in, missed := HasEnded(s.filter, k), HasEnded(s.filter, k).Having(late)
	in.Not |= late
	key := s.share(name, in, of)
	key.Other, key.OtherCases = &missed, key.Of-key.Cases
	return key
}

func (s *sides) flagged(name string, f fact.Filter, count func(*fact.Survey) int) Key {
	return s.share(name, f, func(v *fact.Survey) evidence.Share { return evidence.ShareOf(count(v), v.Cases) })
}

func (s *sides) share(name string, f fact.Filter, of func(*fact.Survey) evidence.Share) Key {
	all := of(&s.all)
	return Key{
		Name: name, Kind: Share, Of: all.Of, Value: all.Value, Interval: all.Interval(), Filter: f, Cases: all.Right,
		Change: s.c.OfShares(of(&s.now), of(&s.then)),
	}
}

// satisfied has the cases of all scores behind it: what a filter can choose among
// them are those who are not.
func (s *sides) satisfied() Key {
	in, below := s.filter, s.filter
	in.Scored, below.Scored, below.Below = true, true, SatisfiedFrom
	key := s.share("satisfied", in, func(v *fact.Survey) evidence.Share { return evidence.ShareOf(v.Satisfied, v.Scored) })
	key.Other, key.OtherCases = &below, key.Of-key.Cases
	key.Cases = key.Of
	return key
}

// SatisfiedFrom is the score from which a customer counts as satisfied.
const SatisfiedFrom = 80

// fewestScores are compared: fewer may be all alike by chance, and their interval
// would be too narrow.
const fewestScores = 10

func (s *sides) satisfaction() Key {
	of := func(v *fact.Survey) evidence.Interval { return evidence.MeanOf(v.Scored, v.Scores, v.Squares) }
	in := s.filter
	in.Scored = true
	mean := of(&s.all)
	change := s.c.OfMeans(of(&s.now), of(&s.then))
	if change.State == Known && min(s.now.Scored, s.then.Scored) < fewestScores {
		change = Change{State: Nothing}
	}
	return Key{
		Name: "satisfaction", Kind: Mean, Of: s.all.Scored, Value: mean.Value, Interval: mean, Filter: in, Cases: s.all.Scored,
		Change: change,
	}
}
