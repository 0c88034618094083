package cluster

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// ID names an issue. Ids grow and are never used twice.
type ID uint64

// Member is a complaint of an issue.
type Member struct {
	ID       triage.ComplaintID
	Customer triage.CustomerID
	At       time.Time
	// Copy marks a near-copy of another customer's text.
	Copy bool
}

// View is an issue as it stands: what is remembered of it.
type View struct {
	ID ID
	// Members are in the order of their arrival.
	Members []Member
	// Customers counts distinct customers; a complaint without one counts as
	// a customer of its own. Copies counts the members that are near-copies.
	Customers, Copies int
	// First and Last are the earliest and latest time of a member.
	First, Last time.Time
	// Dismissed says that a person called it no issue.
	Dismissed bool
}

// centroidTerms bounds the sum of an issue's vectors.
const centroidTerms = 150

// issue is a group of remembered complaints.
type issue struct {
	id       ID
	members  []uint32 // ascending
	sum      vector   // of the members' vectors; nil while there is one member
	norm     float32
	aliases  []ID
	apart    []ID // issues a person parted from this one
	dismissed bool
}

// attach adds a member to the issue.
func (s *Stream) attach(x *issue, seq uint32, v vector) {
	e := s.memory.entry(seq)
	e.issue = x
	if len(x.members) == 1 && x.sum == nil {
		x.sum = s.memory.appendVector(nil, x.members[0])
	}
	if n := len(x.members); n == 0 || x.members[n-1] < seq {
		x.members = append(x.members, seq)
	} else if at, found := slices.BinarySearch(x.members, seq); !found {
		x.members = slices.Insert(x.members, at, seq)
	}
	if len(x.members) > 1 {
		x.sum = trim(addScaled(x.sum, v, 1), centroidTerms)
		x.norm = x.sum.length()
	}
}

// detach takes a member out of its issue.
func (s *Stream) detach(seq uint32) {
	e := s.memory.entry(seq)
	x := e.issue
	e.issue = nil
	at, found := slices.BinarySearch(x.members, seq)
	if !found {
		return
	}
	if at == 0 {
		x.members = x.members[1:]
	} else {
		x.members = slices.Delete(x.members, at, at+1)
	}
	switch len(x.members) {
	case 0, 1:
		x.sum, x.norm = nil, 0
	default:
		x.sum = addScaled(x.sum, s.memory.appendVector(nil, seq), -1)
		x.norm = x.sum.length()
	}
}

// addScaled returns a + k·b, without what is not positive.
func addScaled(a, b vector, k float32) vector {
	sum := make(vector, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		var f feature
		switch {
		case j == len(b) || i < len(a) && a[i].term < b[j].term:
			f = a[i]
			i++
		case i == len(a) || a[i].term > b[j].term:
			f = feature{b[j].term, k * b[j].weight}
			j++
		default:
			f = feature{a[i].term, a[i].weight + k*b[j].weight}
			i++
			j++
		}
		if f.weight > 1e-6 {
			sum = append(sum, f)
		}
	}
	return sum
}

// centroid returns the issue's direction and its length.
func (s *Stream) centroid(x *issue) (vector, float32) {
	if x.sum == nil && len(x.members) == 1 {
		return s.memory.appendVector(nil, x.members[0]), 1
	}
	return x.sum, x.norm
}
