package cluster

import (
	"cmp"
	"slices"
	"time"
)

const (
	// pastIssues bounds how many forgotten issues are still known by their
	// words, at most pastTerms each.
	pastIssues = 4096
	pastTerms  = 48
	// pastMembers is the number of members that makes a forgotten issue worth
	// knowing.
	pastMembers = 3
)

// Neighbour is another issue with its likeness, 0..1, by the cosine of the
// centroids.
type Neighbour struct {
	Issue       ID
	Similarity  float64
	First, Last time.Time
	// Forgotten says that its complaints are no longer remembered here.
	Forgotten bool
}

// portrait is what is left of a forgotten issue.
type portrait struct {
	id          ID
	words       vector
	first, last time.Time
}

// past holds the latest forgotten issues in a ring.
type past struct {
	portraits []portrait
	next      int
}

func (p *past) keep(x *issue) {
	if x.total < pastMembers || x.dismissed {
		return
	}
	words := trim(slices.Clone(x.sum), pastTerms)
	words.normalise()
	kept := portrait{x.id, slices.Clone(words), x.first, x.last}
	if len(p.portraits) < pastIssues {
		p.portraits = append(p.portraits, kept)
		return
	}
	p.portraits[p.next] = kept
	p.next = (p.next + 1) % pastIssues
}

// Neighbours returns the issues most like this one, at most n, most alike
// first; up to 4096 whose complaints are long forgotten are among them.
func (s *Stream) Neighbours(id ID, n int) []Neighbour {
	x := s.find(id)
	if x == nil || n <= 0 {
		return nil
	}
	c := s.centroid(x)
	var list []Neighbour
	for _, p := range s.past.portraits {
		if like := dot(c, p.words); like > 0 {
			list = append(list, Neighbour{p.id, min(float64(like), 1), p.first, p.last, true})
		}
	}
	seen := map[*issue]bool{x: true}
	for _, f := range s.finder.nearest(&s.memory, c, heaviest(c, queryTerms)) {
		y := s.memory.entry(f.seq).issue
		if seen[y] {
			continue
		}
		seen[y] = true
		list = append(list, Neighbour{y.id, min(float64(dot(c, s.centroid(y))), 1), y.first, y.last, false})
	}
	slices.SortFunc(list, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Issue, b.Issue))
	})
	return list[:min(n, len(list))]
}
