package detect

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// concentration is a fact in which a group of complaints concentrates.
type concentration struct {
	fact  uint32
	with  int // of the known complaints have it
	known int // have any fact of the field
	share float64
	lift  float64
	// score is -log10 of the binomial probability of so many, corrected for the
	// number of facts that were looked at.
	score float64
}

// populationWeight is what the share of all customers counts beside the latest
// complaints, in complaints, when a share is estimated.
const populationWeight = 100

// concentrations lists the facts that are more common among the complaints than
// among all of the latest 28 days, most surprising first, and how many of the
// complaints have any fact known.
func (s *scanner) concentrations(seqs []uint32) (list []concentration, known int) {
	with := map[uint32]int{}
	fields := map[string]int{}
	for _, q := range seqs {
		r := s.journal.record(q)
		if len(r.own)+len(r.held) > 0 {
			known++
		}
		for field := range s.fieldsOf(r) {
			fields[field]++
		}
		for _, f := range r.own {
			with[f]++
		}
		for _, f := range r.held {
			with[f]++
		}
	}
	for f, n := range with {
		if n < 2 {
			continue
		}
		c := concentration{fact: f, with: n, known: max(fields[s.fieldOf(f)], n)}
		c.share = s.shareOf(f, n, c.known)
		c.lift = float64(n) / float64(c.known) / c.share
		p := math.Pow(c.share, float64(n))
		if n < c.known {
			p = mathext.RegIncBeta(float64(n), float64(c.known-n+1), c.share)
		}
		c.score = -math.Log10(max(p, 1e-300)) - math.Log10(float64(len(with)))
		if c.lift > 1 && c.score > 0 {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, byScore)
	return list, known
}

// byScore puts the most surprising first.
func byScore(a, b concentration) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.lift, a.lift), cmp.Compare(a.fact, b.fact))
}

// shareOf is the part of ordinary complaints that have a fact, of those that
// have any fact of its field: from the latest 28 days without the n of known
// complaints that are being judged, and for what customers had to do with also
// from the share of all customers.
func (s *scanner) shareOf(f uint32, n, known int) float64 {
	fact := s.facts.values[f]
	after := s.now - longest
	have := s.byFact[f].between(after, s.now) - float64(n)
	all := s.known[s.fieldOf(f)].between(after, s.now) - float64(known)
	prior, weight := 0.05, 10.0
	if s.held[f] {
		if p := s.sharer.Share(fact, timeOf(s.now)); p > 0 {
			prior, weight = p, populationWeight
		}
	}
	return min(max((max(have, 0)+prior*weight)/(max(all, 0)+weight), 1e-5), 1)
}
