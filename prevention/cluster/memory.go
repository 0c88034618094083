package cluster

import (
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	shelfDocs = 1024
	// maxWeight stands for the weight 1 in packed features.
	maxWeight = math.MaxUint16
	// nowhere is the seq of no complaint.
	nowhere = math.MaxUint32
)

// entry is one remembered complaint.
type entry struct {
	id       triage.ComplaintID
	customer triage.CustomerID
	at       time.Time
	// arrived is the time of the stream at its arrival, in Unix seconds.
	arrived int64
	issue   *issue
	// head is the beginning of the text, for titles.
	head string
	// features is where those of the complaint begin on its shelf.
	features uint32
	copied   bool
}

// posting is an indexed term of a complaint: a place among its shelf's links,
// of which there are at most shelfDocs × queryTerms.
type posting struct {
	seq uint32
	at  uint16
}

// link is the weight of an indexed term and the posting of the same term
// before it. So all postings of a term form a chain, latest first, that ends
// where memory ends; a step along it is one read.
type link struct {
	before   uint32
	beforeAt uint16
	weight   uint16
}

// shelf holds consecutive complaints, packed.
type shelf struct {
	entries []entry
	terms   []uint32
	weights []uint16
	links   []link
}

// memory is the remembered part of the stream: complaints first <= seq < next.
type memory struct {
	shelves []*shelf
	base    uint32 // seq of the first complaint of shelves[0]
	first   uint32
	next    uint32
	latest  map[uint32]posting // by term
	seqs    map[triage.ComplaintID]uint32
}

func (m *memory) size() int { return int(m.next - m.first) }

func (m *memory) shelf(seq uint32) (s *shelf, i uint32) {
	at := seq - m.base
	return m.shelves[at/shelfDocs], at % shelfDocs
}

func (m *memory) entry(seq uint32) *entry {
	s, i := m.shelf(seq)
	return &s.entries[i]
}

// features returns the packed terms and weights of a complaint.
func (m *memory) features(seq uint32) ([]uint32, []uint16) {
	s, i := m.shelf(seq)
	from, to := s.entries[i].features, uint32(len(s.terms))
	if int(i)+1 < len(s.entries) {
		to = s.entries[i+1].features
	}
	return s.terms[from:to], s.weights[from:to]
}

// vector returns the features of a complaint.
func (m *memory) vector(seq uint32) vector {
	terms, weights := m.features(seq)
	v := make(vector, len(terms))
	for i, t := range terms {
		v[i] = feature{t, float32(weights[i]) / maxWeight}
	}
	return v
}

// add remembers a complaint that can be found by the query terms of v.
func (m *memory) add(e entry, v vector, query []feature) (seq uint32) {
	if (m.next-m.base)%shelfDocs == 0 {
		m.shelves = append(m.shelves, &shelf{entries: make([]entry, 0, shelfDocs)})
	}
	seq = m.next
	m.next++
	s := m.shelves[len(m.shelves)-1]
	e.features = uint32(len(s.terms))
	wanted := make(map[uint32]bool, len(query))
	for _, q := range query {
		wanted[q.term] = true
	}
	for _, f := range v {
		weight := uint16(f.weight*maxWeight + 0.5)
		s.terms = append(s.terms, f.term)
		s.weights = append(s.weights, weight)
		if !wanted[f.term] {
			continue
		}
		before, ok := m.latest[f.term]
		if !ok {
			before.seq = nowhere
		}
		m.latest[f.term] = posting{seq, uint16(len(s.links))}
		s.links = append(s.links, link{before.seq, before.at, weight})
	}
	s.entries = append(s.entries, e)
	m.seqs[e.id] = seq
	return seq
}

// dropFirst forgets the oldest complaint.
func (m *memory) dropFirst() {
	terms, _ := m.features(m.first)
	for _, t := range terms {
		if p, ok := m.latest[t]; ok && p.seq == m.first {
			delete(m.latest, t)
		}
	}
	e := m.entry(m.first)
	delete(m.seqs, e.id)
	e.id, e.customer, e.head, e.issue = "", "", "", nil
	m.first++
	if m.first-m.base == shelfDocs {
		m.shelves[0] = nil
		m.shelves = m.shelves[1:]
		m.base = m.first
	}
}

// cosine is the similarity of a vector of length 1 and a complaint.
func (m *memory) cosine(v vector, seq uint32) float32 {
	terms, weights := m.features(seq)
	var sum float32
	for i, j := 0, 0; i < len(v) && j < len(terms); {
		switch {
		case v[i].term < terms[j]:
			i++
		case v[i].term > terms[j]:
			j++
		default:
			sum += v[i].weight * float32(weights[j])
			i++
			j++
		}
	}
	return sum / maxWeight
}
