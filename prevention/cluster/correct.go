package cluster

import (
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// ErrUnknown says that a complaint or an issue is not remembered (any more).
var ErrUnknown = errors.New("cluster: not remembered")

// Move puts a complaint into another issue, or with to 0 into a new one, and
// returns that issue. The machine never merges the two issues.
func (s *Stream) Move(doc triage.ComplaintID, to ID) (ID, error) {
	seq, ok := s.memory.seqs[doc]
	if !ok {
		return 0, fmt.Errorf("%w: complaint %s", ErrUnknown, doc)
	}
	from := s.memory.entry(seq).issue
	x := s.find(to)
	switch {
	case to == 0:
		x = s.start(s.last + 1)
	case x == nil:
		return 0, fmt.Errorf("%w: issue %d", ErrUnknown, to)
	case x == from:
		return x.id, nil
	}
	s.transfer(seq, x)
	part(from, x)
	s.sweep(from)
	return x.id, nil
}

// Split takes complaints out of an issue into a new one and returns that one.
// The machine never merges the two. Nothing changes on an error.
func (s *Stream) Split(from ID, docs []triage.ComplaintID) (ID, error) {
	x := s.find(from)
	if x == nil {
		return 0, fmt.Errorf("%w: issue %d", ErrUnknown, from)
	}
	if len(docs) == 0 {
		return 0, fmt.Errorf("cluster: split of issue %d: name the complaints to take out", x.id)
	}
	for _, d := range docs {
		if seq, ok := s.memory.seqs[d]; !ok || s.memory.entry(seq).issue != x {
			return 0, fmt.Errorf("%w: complaint %s in issue %d", ErrUnknown, d, x.id)
		}
	}
	y := s.start(s.last + 1)
	for _, d := range docs {
		if seq := s.memory.seqs[d]; s.memory.entry(seq).issue == x { // not named twice
			s.transfer(seq, y)
		}
	}
	part(x, y)
	s.sweep(x)
	return y.id, nil
}

// Merge joins two issues under the id into; from stays as another name of it.
// It overrules an earlier parting of the two.
func (s *Stream) Merge(into, from ID) error {
	a, b, err := s.two(into, from)
	if err != nil || a == b {
		return err
	}
	a.reunite(b.id)
	b.reunite(a.id)
	s.absorb(a, b)
	return nil
}

// Part forbids the machine to merge two issues. Move and Split do so by
// themselves; after a restart the caller repeats it.
func (s *Stream) Part(one, other ID) error {
	a, b, err := s.two(one, other)
	if err != nil {
		return err
	}
	part(a, b)
	return nil
}

func (s *Stream) two(one, other ID) (a, b *issue, err error) {
	if a = s.find(one); a == nil {
		return nil, nil, fmt.Errorf("%w: issue %d", ErrUnknown, one)
	}
	if b = s.find(other); b == nil {
		return nil, nil, fmt.Errorf("%w: issue %d", ErrUnknown, other)
	}
	return a, b, nil
}

// Dismiss marks an issue as none. It goes on absorbing what belongs to it, so
// that the same complaints do not come up again under another id, and the
// machine merges nothing with it.
func (s *Stream) Dismiss(id ID) error {
	x := s.find(id)
	if x == nil {
		return fmt.Errorf("%w: issue %d", ErrUnknown, id)
	}
	x.dismissed = true
	return nil
}

// Recall takes a dismissal back.
func (s *Stream) Recall(id ID) error {
	x := s.find(id)
	if x == nil {
		return fmt.Errorf("%w: issue %d", ErrUnknown, id)
	}
	x.dismissed = false
	return nil
}

// Restore takes in a complaint whose issue was decided before, by this stream
// in an earlier run or by another instance; 0 is a new issue. It neither
// chooses nor merges. A complaint that is already remembered stays where it is.
func (s *Stream) Restore(d Doc, to ID) Placement {
	if seq, ok := s.memory.seqs[d.ID]; ok {
		x := s.memory.entry(seq).issue
		return Placement{Issue: x.id, Members: len(x.members), Customers: x.distinct}
	}
	if to == 0 {
		to = s.last + 1
	}
	v, query := s.understand(&d)
	copied := s.isCopy(&d, v, s.finder.nearest(&s.memory, v, query))
	x := s.find(to)
	if x == nil {
		x = s.start(to)
	}
	p := Placement{Issue: x.id, New: len(x.members) == 0, Copy: copied, Repeat: s.knows(x, d.Customer)}
	s.attach(x, s.remember(&d, v, query, copied), v)
	p.Evicted = s.evict()
	p.Members, p.Customers = len(x.members), x.distinct
	return p
}

func (s *Stream) transfer(seq uint32, to *issue) {
	s.detach(seq)
	s.attach(to, seq, s.memory.vector(seq))
}

// sweep removes an issue that a person emptied.
func (s *Stream) sweep(x *issue) {
	if len(x.members) == 0 {
		s.forget(x)
	}
}
