package cohort

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// surelyOver is minus the logarithm of the chance that none of the
	// complaints came from exposures after the last one explained, below which
	// the trouble counts as over: one in 8000, for it is asked every day.
	surelyOver = 9.0
	// slow stretches the delays seen so far, of which nine in ten count: while
	// trouble goes on, quick complaints are seen first.
	slow = 2.0
	day  = 24 * time.Hour
)

// edges widens the beginning of a lead and finds its end. The first of c
// exposures that led to a complaint comes later than the beginning by a c-th
// of all on average, so that the beginning moves back over as many as one
// complaint stands for, or to a sharp rise within three times that. The end is
// open unless exposures after it should have brought complaints and did not.
func (s *survey) edges(p int, from time.Time, people []*person, times [][]time.Time, now time.Time) (time.Time, time.Time) {
	var at []time.Time
	var delays []time.Duration
	for i, list := range times {
		if n := len(list); n > 0 && !list[n-1].Before(from) {
			at = append(at, list[n-1])
			delays = append(delays, people[i].At.Sub(list[n-1]))
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	slices.Sort(delays)
	last := at[len(at)-1].Add(step)
	if !from.IsZero() {
		each := s.exposures(p, from, last) / float64(len(at))
		before := s.at(p, from)
		far, near := s.when(p, before-3*each), s.when(p, before-each)
		from = cmp.Or(s.jump(p, far, from, last.Sub(from), 1), near)
		from = from.Truncate(step)
	}
	return from, s.end(p, cmp.Or(from, s.since), last, delays, now)
}

// jump returns the hour from lo to hi at which the rate of exposures rises
// (sign 1) or falls (sign -1) most between two spans of whole days around it,
// zero when no change is beyond chance.
func (s *survey) jump(p int, lo, hi time.Time, span time.Duration, sign float64) time.Time {
	span = max(day, span.Round(day))
	best, least := time.Time{}, math.Log(1000)
	for t := lo; !t.After(hi); t = t.Add(step) {
		a, b := s.exposures(p, t.Add(-span), t), s.exposures(p, t, t.Add(span))
		if (b-a)*sign <= 0 {
			continue
		}
		if g := excess(max(a, b), a+b, (a+b)/2); g > least {
			best, least = t, g
		}
	}
	return best
}

// end returns when the trouble was over, zero while that is not sure: only
// exposures old enough to have brought their complaints count.
func (s *survey) end(p int, from, last time.Time, delays []time.Duration, now time.Time) time.Time {
	patience := time.Duration(slow * float64(delays[len(delays)*9/10]))
	before := s.at(p, last)
	inside, outside := before-s.at(p, from), s.exposures(p, last, now.Add(-patience))
	if float64(len(delays))*math.Log1p(outside/max(inside, 1)) < surelyOver {
		return time.Time{}
	}
	each := inside / float64(len(delays))
	near, far := s.when(p, before+each), s.when(p, before+3*each)
	return cmp.Or(s.jump(p, last, far, last.Sub(from), -1), near)
}
