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
// complaints, pastWeight what both count beside the issue's own past, in
// complaints.
const (
	populationWeight = 20
	pastWeight       = 2
)

// tally counts complaints by fact and by field.
type tally struct {
	with   map[uint32]int
	fields map[string]int
	known  int // complaints with any fact
}

func (s *scanner) tally(seqs []uint32) tally {
	t := tally{with: map[uint32]int{}, fields: map[string]int{}}
	for _, q := range seqs {
		r := s.journal.record(q)
		if len(r.own)+len(r.held) > 0 {
			t.known++
		}
		for field := range s.fieldsOf(r) {
			t.fields[field]++
		}
		for _, f := range r.own {
			t.with[f]++
		}
		for _, f := range r.held {
			t.with[f]++
		}
	}
	return t
}

// concentrations lists the facts that are more common among the complaints than
// among all of the latest 28 days and, where they are the latest of an issue,
// than in its own past: most surprising first. It also returns how many of the
// complaints have any fact known.
func (s *scanner) concentrations(seqs, past []uint32) (list []concentration, known int) {
	now, before := s.tally(seqs), s.tally(past)
	for f, n := range now.with {
		if n < 2 {
			continue
		}
		field := s.fieldOf(f)
		c := concentration{fact: f, with: n, known: max(now.fields[field], n)}
		c.share = s.shareOf(f, n, c.known)
		own := (float64(before.with[f]) + pastWeight*c.share) / float64(before.fields[field]+pastWeight)
		c.share = min(max(c.share, own), 1)
		c.lift = float64(n) / float64(c.known) / c.share
		p := math.Pow(c.share, float64(n))
		if n < c.known {
			p = mathext.RegIncBeta(float64(n), float64(c.known-n+1), c.share)
		}
		c.score = -math.Log10(max(p, 1e-300)) - math.Log10(float64(len(now.with)))
		if c.lift > 1 && c.score > 0 {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, byScore)
	return list, now.known
}

// byScore puts the most surprising first.
func byScore(a, b concentration) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.lift, a.lift), cmp.Compare(a.fact, b.fact))
}

// shareOf is the part of ordinary complaints that have a fact, of those that
// have any fact of its field, from the latest 28 days without the n of known
// complaints that are being judged. For what customers had to do with it is never
// less than the share of all customers.
func (s *scanner) shareOf(f uint32, n, known int) float64 {
	after := s.now - longest
	have := max(s.byFact[f].between(after, s.now)-float64(n), 0)
	all := max(s.known[s.fieldOf(f)].between(after, s.now)-float64(known), 0)
	if !s.held[f] {
		return min(max((have+0.5)/(all+10), 1e-5), 1)
	}
	p := s.sharer.Share(s.facts.values[f], timeOf(s.now))
	return min(max(p, (have+populationWeight*p)/(all+populationWeight), 1e-5), 1)
}
