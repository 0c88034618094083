package cohort

import (
	"math"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// scorer says how likely a matching customer is affected: the part of the
// complaints of customers like this one that only the trouble explains, the
// attributable fraction among the exposed,
//
//	1 - b/r
//
// where b is the rate of complaints in the cluster among all whom the rule
// does not match, and r that among the matched, times how much more often
// those of the customer's region and those with as many matching exposures
// complain (each a ratio of seen to expected under a Gamma(2, 2) prior), times
// exp(-k) when the exposure is older than any that led to a complaint, k being
// how many complaints should have come from those between: the chance that
// none came although the trouble had begun.
type scorer struct {
	base, rate float64
	region     map[string]float64
	count      [4]float64 // by number of exposures, the last for more
	// times are those of the matching exposures, each of them worth perComplaint
	// complaints; first is the earliest that led to one.
	times        []time.Time
	first        time.Time
	perComplaint float64
}

// unknown is the score while nobody complained who matches.
const unknown = 0.5

func newScorer(found map[triage.CustomerID]*match, complained map[triage.CustomerID]time.Time, customers int) *scorer {
	s := &scorer{region: map[string]float64{}}
	var all, own tally
	for id, m := range found {
		all.add(m)
		s.times = append(s.times, m.exposed)
		if _, ok := complained[id]; ok {
			own.add(m)
			if s.first.IsZero() || m.exposed.Before(s.first) {
				s.first = m.exposed
			}
		}
	}
	slices.SortFunc(s.times, time.Time.Compare)
	c, size := own.people, all.people
	outside := max(float64(customers)-size, size)
	s.base = (float64(len(complained)) - c + 0.5) / (outside + 1)
	s.rate = (c + 0.5) / (size + 1)
	s.perComplaint = c / max(size, 1)
	ratio := func(seen, of float64) float64 { return (seen + 2) / (of*s.perComplaint + 2) }
	for name, n := range all.region {
		s.region[name] = ratio(own.region[name], n)
	}
	for k, n := range all.count {
		s.count[k] = ratio(own.count[k], n)
	}
	return s
}

// tally counts matched customers by what scores them.
type tally struct {
	people float64
	region map[string]float64
	count  [4]float64
}

func (t *tally) add(m *match) {
	if t.region == nil {
		t.region = map[string]float64{}
	}
	t.people++
	t.region[m.file.Region]++
	t.count[min(m.count, len(t.count)-1)]++
}

// score returns 0.01 to 0.99.
func (s *scorer) score(m *match) float64 {
	if s.first.IsZero() {
		return unknown
	}
	rate := s.rate * s.region[m.file.Region] * s.count[min(m.count, len(s.count)-1)]
	if m.exposed.Before(s.first) {
		i, _ := slices.BinarySearchFunc(s.times, m.exposed, time.Time.Compare)
		j, _ := slices.BinarySearchFunc(s.times, s.first, time.Time.Compare)
		rate *= math.Exp(-float64(j-i) * s.perComplaint)
	}
	return min(max(1-s.base/max(rate, 1e-12), 0.01), 0.99)
}
