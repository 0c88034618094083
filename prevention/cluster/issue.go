package cluster

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// ID names an issue. Ids grow and are never used twice.
type ID uint64

const (
	// centroidTerms bounds the sum of an issue's vectors.
	centroidTerms = 100
	// fewMembers is the size up to which customers are counted by looking at
	// the members.
	fewMembers = 8
	// maxAliases bounds the former ids an issue answers to, latest kept.
	maxAliases = 1024
)

// issue is a group of remembered complaints.
type issue struct {
	id      ID
	members []uint32 // ascending
	// sum adds up the members' vectors and mass counts them; nil for an issue
	// that never had a second member.
	sum          vector
	length, mass float32
	// customers counts the members of each customer, nil up to fewMembers.
	customers   map[triage.CustomerID]int
	distinct    int
	total       int // members ever
	first, last time.Time
	aliases     []ID
	apart       []ID // live issues a person parted from this one
	dismissed   bool
}

// attach adds a remembered complaint, with its vector, to the issue.
func (s *Stream) attach(x *issue, seq uint32, v vector) {
	e := s.memory.entry(seq)
	e.issue = x
	if len(x.members) > 0 && x.sum == nil {
		x.sum, x.mass = s.memory.vector(x.members[0]), 1
	}
	if !s.knows(x, e.customer) {
		x.distinct++
	}
	x.insert(seq)
	s.countCustomer(x, e.customer)
	x.total++
	x.saw(e.at)
	if x.sum != nil {
		x.setSum(addScaled(x.sum, v, 1), x.mass+1)
	}
}

func (x *issue) setSum(sum vector, mass float32) {
	x.sum, x.mass = trim(sum, centroidTerms), mass
	x.length = max(x.sum.length(), 1e-9)
}

// knows says whether one of the members is of the customer; nobody is known.
func (s *Stream) knows(x *issue, c triage.CustomerID) bool {
	if c == "" {
		return false
	}
	if x.customers != nil {
		return x.customers[c] > 0
	}
	return slices.ContainsFunc(x.members, func(seq uint32) bool { return s.memory.entry(seq).customer == c })
}

// countCustomer counts a member just added.
func (s *Stream) countCustomer(x *issue, c triage.CustomerID) {
	switch {
	case x.customers != nil:
		x.customers[c]++
	case len(x.members) > fewMembers:
		x.customers = make(map[triage.CustomerID]int, 2*fewMembers)
		for _, seq := range x.members {
			x.customers[s.memory.entry(seq).customer]++
		}
	}
}

// remove takes a member out of the counts, not out of the centroid.
func (s *Stream) remove(x *issue, seq uint32) {
	at, found := slices.BinarySearch(x.members, seq)
	if !found {
		return
	}
	if at == 0 {
		x.members = x.members[1:]
	} else {
		x.members = slices.Delete(x.members, at, at+1)
	}
	c := s.memory.entry(seq).customer
	if x.customers != nil {
		if x.customers[c]--; x.customers[c] == 0 {
			delete(x.customers, c)
		}
	}
	if !s.knows(x, c) {
		x.distinct--
	}
}

// detach takes a member out of its issue as if it had never been there.
func (s *Stream) detach(seq uint32) {
	x := s.memory.entry(seq).issue
	s.remove(x, seq)
	s.memory.entry(seq).issue = nil
	x.total--
	if len(x.members) < 2 {
		x.sum, x.length, x.mass = nil, 0, 0
	} else {
		x.setSum(addScaled(x.sum, s.memory.vector(seq), -1), x.mass-1)
	}
	x.first, x.last = time.Time{}, time.Time{}
	for _, m := range x.members {
		x.saw(s.memory.entry(m).at)
	}
}

// expire takes out a member that is about to be forgotten. The centroid keeps
// what it brought, so that a quiet issue is still known by its words, but
// never weighs more than twice the members that are left.
func (s *Stream) expire(seq uint32) {
	x := s.memory.entry(seq).issue
	s.remove(x, seq)
	if most := float32(2*len(x.members) + 2); x.mass > most {
		x.sum.scale(most / x.mass)
		x.length *= most / x.mass
		x.mass = most
	}
}

// insert keeps the members ascending.
func (x *issue) insert(seq uint32) {
	at, found := slices.BinarySearch(x.members, seq)
	if !found {
		x.members = slices.Insert(x.members, at, seq)
	}
}

func (x *issue) saw(at time.Time) {
	if x.first.IsZero() || at.Before(x.first) {
		x.first = at
	}
	if at.After(x.last) {
		x.last = at
	}
}

// centroid returns the issue's direction, of length 1.
func (s *Stream) centroid(x *issue) vector {
	if x.sum == nil {
		if len(x.members) == 0 {
			return nil
		}
		return s.memory.vector(x.members[0])
	}
	c := slices.Clone(x.sum)
	c.scale(1 / x.length)
	return c
}
