package cluster

import (
	"math"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	shelfDocs = 1024
	none      = math.MaxUint32
)

// entry is one remembered complaint.
type entry struct {
	id       triage.ComplaintID
	customer triage.CustomerID
	at       time.Time
	issue    *issue
	head     string // beginning of the text, for titles
	from, to uint32 // its features on the shelf
	copied   bool
	dropped  bool
}

// shelf holds the features of up to shelfDocs consecutive complaints, packed.
// prev leads to the complaint before with the same term, so that all postings
// of a term form a list, latest first, that ends where memory ends.
type shelf struct {
	docs    []entry
	terms   []uint32
	weights []uint16
	prev    []uint32
	place   []uint8 // of the term in the complaint of prev
}

// memory is the remembered part of the stream: complaints first <= seq < next.
type memory struct {
	shelves []*shelf
	base    uint32 // seq of the first complaint of shelves[0]
	first   uint32
	next    uint32
	heads   map[uint32]posting
	seqs    map[triage.ComplaintID]uint32
}

// posting is an occurrence of a term: complaint and place among its features.
type posting struct {
	seq   uint32
	place uint8
}

func (m *memory) shelf(seq uint32) (*shelf, uint32) {
	at := seq - m.base
	return m.shelves[at/shelfDocs], at % shelfDocs
}

func (m *memory) entry(seq uint32) *entry {
	s, i := m.shelf(seq)
	return &s.docs[i]
}

func (m *memory) live(seq uint32) bool { return seq >= m.first && seq < m.next }

// add remembers a complaint; the terms for which index is true can be found.
func (m *memory) add(e entry, v vector, indexed []uint32) uint32 {
	if (m.next-m.base)%shelfDocs == 0 {
		m.shelves = append(m.shelves, &shelf{docs: make([]entry, 0, shelfDocs)})
	}
	seq := m.next
	m.next++
	s := m.shelves[len(m.shelves)-1]
	e.from, e.to = uint32(len(s.terms)), uint32(len(s.terms)+len(v))
	for i, f := range v {
		p := posting{seq: none}
		if slices.Contains(indexed, f.term) {
			if h, ok := m.heads[f.term]; ok {
				p = h
			}
			m.heads[f.term] = posting{seq, uint8(i)}
		}
		s.terms = append(s.terms, f.term)
		s.weights = append(s.weights, uint16(f.weight*math.MaxUint16+0.5))
		s.prev = append(s.prev, p.seq)
		s.place = append(s.place, p.place)
	}
	s.docs = append(s.docs, e)
	m.seqs[e.id] = seq
	return seq
}

// appendVector appends the features of a complaint.
func (m *memory) appendVector(dst vector, seq uint32) vector {
	s, i := m.shelf(seq)
	for k := s.docs[i].from; k < s.docs[i].to; k++ {
		dst = append(dst, feature{s.terms[k], float32(s.weights[k]) / math.MaxUint16})
	}
	return dst
}

// dropFirst forgets the oldest complaint.
func (m *memory) dropFirst() {
	s, i := m.shelf(m.first)
	e := &s.docs[i]
	for k := e.from; k < e.to; k++ {
		if h, ok := m.heads[s.terms[k]]; ok && h.seq == m.first {
			delete(m.heads, s.terms[k])
		}
	}
	delete(m.seqs, e.id)
	*e = entry{}
	m.first++
	if m.first-m.base == shelfDocs {
		m.shelves[0] = nil
		m.shelves = m.shelves[1:]
		m.base = m.first
	}
}
