package cluster

import (
	"cmp"
	"math"
	"slices"
)

const (
	queryTerms   = 32
	postingLimit = 3000
	candidates   = 60
)

// candidate is a remembered complaint that shares terms with the new one.
type candidate struct {
	seq        uint32
	similarity float32
}

// finder finds the complaints nearest to a vector.
type finder struct {
	sums  map[uint32]float32
	found []candidate
	query []feature
}

// nearest returns at most candidates complaints, most similar first. It looks
// at no more than postingLimit postings: those of the heaviest terms, latest
// complaints first.
func (f *finder) nearest(m *memory, v vector, query []feature) []candidate {
	clear(f.sums)
	budget := postingLimit
	for _, q := range query {
		h, ok := m.heads[q.term]
		for ok && budget > 0 {
			s, i := m.shelf(h.seq)
			k := s.docs[i].from + uint32(h.place)
			f.sums[h.seq] += q.weight * float32(s.weights[k]) / math.MaxUint16
			budget--
			h = posting{s.prev[k], s.place[k]}
			ok = h.seq != none && m.live(h.seq)
		}
	}
	f.found = f.found[:0]
	for seq, sum := range f.sums {
		f.found = append(f.found, candidate{seq, sum})
	}
	slices.SortFunc(f.found, bySimilarity)
	f.found = f.found[:min(len(f.found), candidates)]
	for i := range f.found {
		f.found[i].similarity = m.cosine(v, f.found[i].seq)
	}
	slices.SortFunc(f.found, bySimilarity)
	return f.found
}

func bySimilarity(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.similarity, a.similarity), cmp.Compare(b.seq, a.seq))
}

// cosine is the similarity of a vector and a remembered complaint.
func (m *memory) cosine(v vector, seq uint32) float32 {
	s, i := m.shelf(seq)
	var sum float32
	at := 0
	for k := s.docs[i].from; k < s.docs[i].to && at < len(v); k++ {
		for at < len(v) && v[at].term < s.terms[k] {
			at++
		}
		if at < len(v) && v[at].term == s.terms[k] {
			sum += v[at].weight * float32(s.weights[k])
		}
	}
	return sum / math.MaxUint16
}
