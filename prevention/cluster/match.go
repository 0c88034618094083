package cluster

import (
	"cmp"
	"slices"
)

const (
	// topMembers is the number of nearest members that speak for an issue.
	topMembers = 3
	// copyCosine is the likeness from which a text counts as a near-copy,
	// copyTerms the number of terms below which texts are alike by chance.
	copyCosine = 0.95
	copyTerms  = 12
)

// match is an issue with its similarity to a complaint, 0..1.
type match struct {
	issue *issue
	score float32
}

// matches scores the issues of the candidates, best first: half the mean of
// their nearest members, which finds one way of telling it, half their
// centroid, which keeps chains of likeness short.
func (s *Stream) matches(v vector, found []candidate) []match {
	type top struct {
		sum float32
		n   int
	}
	tops := make(map[*issue]*top, len(found))
	matches := make([]match, 0, len(found))
	for _, c := range found {
		x := s.memory.entry(c.seq).issue
		t := tops[x]
		if t == nil {
			t = &top{}
			tops[x] = t
			matches = append(matches, match{issue: x})
		}
		if t.n < topMembers {
			t.sum += c.similarity
			t.n++
		}
	}
	for i := range matches {
		x := matches[i].issue
		nearest := tops[x].sum / float32(min(topMembers, len(x.members)))
		centre := nearest
		if x.sum != nil {
			centre = dot(v, x.sum) / x.length
		}
		matches[i].score = (nearest + centre) / 2
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.issue.id, b.issue.id))
	})
	return matches
}

// isCopy says whether another customer has sent nearly the same text.
func (s *Stream) isCopy(d *Doc, v vector, found []candidate) bool {
	if len(v) < copyTerms {
		return false
	}
	for _, f := range found {
		if f.similarity < copyCosine {
			break
		}
		if c := s.memory.entry(f.seq).customer; c == "" || c != d.Customer {
			return true
		}
	}
	return false
}
