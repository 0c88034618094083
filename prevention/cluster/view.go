package cluster

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

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
	// First and Last are the earliest and latest time of a member, forgotten
	// ones included.
	First, Last time.Time
	// Dismissed says that a person called it no issue.
	Dismissed bool
}

// Issue returns an issue by its id or by that of an issue it absorbed. The cost
// grows with its members.
func (s *Stream) Issue(id ID) (View, bool) {
	x := s.find(id)
	if x == nil {
		return View{}, false
	}
	v := View{
		ID: x.id, Members: make([]Member, len(x.members)),
		Customers: x.distinct, First: x.first, Last: x.last, Dismissed: x.dismissed,
	}
	for i, seq := range x.members {
		e := s.memory.entry(seq)
		v.Members[i] = Member{e.id, e.customer, e.at, e.copied}
		if e.copied {
			v.Copies++
		}
	}
	return v, true
}

// IssueOf returns the issue of a remembered complaint.
func (s *Stream) IssueOf(doc triage.ComplaintID) (ID, bool) {
	seq, ok := s.memory.seqs[doc]
	if !ok {
		return 0, false
	}
	return s.memory.entry(seq).issue.id, true
}
