package cluster

import (
	"cmp"
	"slices"
)

const (
	// queryTerms is the number of terms by which a complaint is looked for and
	// found.
	queryTerms = 24
	// postingBudget bounds the postings looked at for one complaint, and with
	// it the cost, however long the history.
	postingBudget = 800
	// candidates is the number of complaints that are compared in full.
	candidates = 40
	// commonShare is the share of all texts above which a term finds nothing.
	commonShare = 0.08
	// commonLeast is the count up to which a term is never too common to find
	// something: a burst in a young stream.
	commonLeast = 500
)

// candidate is a remembered complaint with its cosine to the one looked for.
type candidate struct {
	seq        uint32
	similarity float32
}

func bySimilarity(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.similarity, a.similarity), cmp.Compare(b.seq, a.seq))
}

// finder finds the complaints nearest to a vector. Its memory is reused.
type finder struct {
	found []candidate
	slots [slotCount]uint16 // place in found plus one, by hash of seq
	used  []uint16
}

// slotCount is a power of two above twice the budget.
const slotCount = 1 << 11

// nearest returns at most candidates complaints, most similar first, valid
// until the next call. It goes through the postings of the heaviest terms
// first, latest complaints first, until the budget is spent.
func (f *finder) nearest(m *memory, v vector, query []feature) []candidate {
	f.found = f.found[:0]
	budget := postingBudget
	for _, q := range query {
		p, ok := m.latest[q.term]
		for ok && budget > 0 {
			budget--
			s, _ := m.shelf(p.seq)
			l := s.links[p.at]
			f.add(p.seq, q.weight*float32(l.weight))
			p, ok = posting{l.before, l.beforeAt}, l.before != nowhere && l.before >= m.first
		}
	}
	for _, slot := range f.used {
		f.slots[slot] = 0
	}
	f.used = f.used[:0]
	f.found = best(f.found, candidates)
	for i := range f.found {
		f.found[i].similarity = m.cosine(v, f.found[i].seq)
	}
	slices.SortFunc(f.found, bySimilarity)
	return f.found
}

// best returns the first n of the list, sorted, without sorting the rest.
func best(list []candidate, n int) []candidate {
	top := list[:min(n, len(list))]
	slices.SortFunc(top, bySimilarity)
	for _, c := range list[len(top):] {
		if bySimilarity(c, top[n-1]) < 0 {
			at, _ := slices.BinarySearchFunc(top, c, bySimilarity)
			copy(top[at+1:], top[at:n-1])
			top[at] = c
		}
	}
	return top
}

// add adds to the sum of a complaint.
func (f *finder) add(seq uint32, weight float32) {
	slot := uint16(seq * 2654435769 >> 21)
	for f.slots[slot] != 0 {
		if c := &f.found[f.slots[slot]-1]; c.seq == seq {
			c.similarity += weight
			return
		}
		slot = (slot + 1) % slotCount
	}
	f.found = append(f.found, candidate{seq, weight})
	f.slots[slot] = uint16(len(f.found))
	f.used = append(f.used, slot)
}
