package cohort

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// maxStarts bounds the beginnings that are tried for one pattern.
const maxStarts = 32

// start is a time from which a pattern may matter; zero is the whole time.
type start struct {
	from   time.Time
	people int     // who have the pattern since then, before their complaint
	score  float64 // their excess less the logarithm of the choices
}

// plain is the score less what a beginning must earn to be worth saying.
func (t *start) plain() float64 {
	if t.from.IsZero() {
		return t.score
	}
	return t.score - threshold
}

// timesOf returns the times of each person's exposures that fit, oldest first.
func timesOf(people []*person, p *pattern) [][]time.Time {
	times := make([][]time.Time, len(people))
	for i, q := range people {
		for j := range q.seen {
			if e := &q.seen[j]; p.fits(e.Kind, e.Key, e.Attrs) {
				times[i] = append(times[i], e.At)
			}
		}
	}
	return times
}

// bestStart looks for the beginning that explains best. Exposures from before
// the trouble are as common among complainants as among all, so leaving them
// out raises the excess; a later beginning costs the logarithm of the number
// of those tried, and must be beyond chance.
func (s *survey) bestStart(p int, people []*person, times [][]time.Time, choices float64) start {
	best := s.tryStart(p, time.Time{}, people, times, choices)
	latest := latestOf(times)
	choices += math.Log(float64(1 + len(latest)))
	for _, from := range latest {
		if t := s.tryStart(p, from, people, times, choices); t.plain() > best.plain() {
			best = t
		}
	}
	return best
}

func (s *survey) tryStart(p int, from time.Time, people []*person, times [][]time.Time, choices float64) start {
	t := start{from: from}
	var expected float64
	for i, q := range people {
		if n := len(times[i]); n > 0 && !times[i][n-1].Before(from) {
			t.people++
		}
		expected += s.share(p, cmp.Or(from, s.since), q.At)
	}
	t.score = excess(float64(t.people), float64(len(people)), expected) - choices
	return t
}

// latestOf returns the last exposure of each person, in order, thinned out
// evenly.
func latestOf(times [][]time.Time) []time.Time {
	var all []time.Time
	for _, list := range times {
		if len(list) > 0 {
			all = append(all, list[len(list)-1])
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	all = slices.CompactFunc(all, time.Time.Equal)
	for len(all) > maxStarts {
		thin := all[:0:0]
		for i := 0; i < len(all); i += 2 {
			thin = append(thin, all[i])
		}
		all = thin
	}
	return all
}
