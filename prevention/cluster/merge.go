package cluster

import "slices"

const (
	// mergeShare of Options.Tau is the likeness to a new complaint that makes
	// two issues candidates for a merger.
	mergeShare = 0.7
	// An issue of at most smallIssue members is merged when the centroids are
	// as like as mergeSmall: it came before the issue had a centre to judge
	// by. Bigger ones need mergeLarge, and two issues of more than
	// mergeMembers each are left to people.
	smallIssue   = 2
	mergeSmall   = 0.2
	mergeLarge   = 0.35
	mergeMembers = 200
)

// mergeLike merges x with those of the others that are like the complaint just
// placed and like x itself. It returns the issue that is left and the ids that
// were absorbed.
func (s *Stream) mergeLike(x *issue, others []match) (left *issue, merged []ID) {
	for _, m := range others {
		if m.score < mergeShare*float32(s.options.Tau) {
			break
		}
		if !s.mayMerge(x, m.issue) {
			continue
		}
		into, from := x, m.issue
		if len(from.members) > len(into.members) || len(from.members) == len(into.members) && from.id < into.id {
			into, from = from, into
		}
		merged = append(merged, from.id)
		s.absorb(into, from)
		x = into
	}
	return x, merged
}

func (s *Stream) mayMerge(a, b *issue) bool {
	if a == b || a.dismissed || b.dismissed || slices.Contains(a.apart, b.id) {
		return false
	}
	if s.options.Apart != nil && s.options.Apart(a.id, b.id) {
		return false
	}
	need := float32(mergeSmall)
	switch smaller := min(len(a.members), len(b.members)); {
	case smaller > mergeMembers:
		return false
	case smaller > smallIssue:
		need = mergeLarge
	}
	return dot(s.centroid(a), s.centroid(b)) >= need
}

// absorb moves the members of b into a; b's id stays as another name of a.
func (s *Stream) absorb(a, b *issue) {
	mass := max(a.mass, 1) + max(b.mass, 1)
	ca, cb := a.sum, b.sum
	if ca == nil {
		ca = s.centroid(a)
	}
	if cb == nil {
		cb = s.centroid(b)
	}
	for _, seq := range b.members {
		e := s.memory.entry(seq)
		if !s.knows(a, e.customer) {
			a.distinct++
		}
		a.insert(seq)
		s.countCustomer(a, e.customer)
		e.issue = a
	}
	a.setSum(addScaled(ca, cb, 1), mass)
	a.saw(b.first)
	a.saw(b.last)
	a.total += b.total
	s.rename(a, b)
	for _, id := range b.apart {
		other := s.issues[id]
		other.reunite(b.id)
		part(a, other)
	}
	delete(s.issues, b.id)
}

// rename lets a answer to the names of b.
func (s *Stream) rename(a, b *issue) {
	a.aliases = append(append(a.aliases, b.aliases...), b.id)
	if over := len(a.aliases) - maxAliases; over > 0 {
		for _, id := range a.aliases[:over] {
			delete(s.alias, id)
		}
		a.aliases = slices.Clone(a.aliases[over:])
	}
	for _, id := range a.aliases {
		s.alias[id] = a.id
	}
}

// find returns the issue that answers to an id, nil when there is none.
func (s *Stream) find(id ID) *issue {
	if x := s.issues[id]; x != nil {
		return x
	}
	return s.issues[s.alias[id]]
}

// part forbids the machine to merge two issues.
func part(a, b *issue) {
	if a != b && !slices.Contains(a.apart, b.id) {
		a.apart = append(a.apart, b.id)
		b.apart = append(b.apart, a.id)
	}
}

func (x *issue) reunite(id ID) {
	x.apart = slices.DeleteFunc(x.apart, func(i ID) bool { return i == id })
}

// evict forgets complaints that are too old or too many, and issues of which
// nothing is left.
func (s *Stream) evict() (gone []ID) {
	oldest := s.clock.now().AddDate(0, 0, -s.options.MemoryDays).Unix()
	m := &s.memory
	for m.size() > 1 && (m.size() > s.options.MaxDocs || m.entry(m.first).arrived < oldest) {
		x := m.entry(m.first).issue
		s.expire(m.first)
		m.dropFirst()
		if len(x.members) == 0 {
			gone = append(gone, x.id)
			s.past.keep(x)
			s.forget(x)
		}
	}
	return gone
}

func (s *Stream) forget(x *issue) {
	delete(s.issues, x.id)
	for _, id := range x.aliases {
		delete(s.alias, id)
	}
	for _, id := range x.apart {
		s.issues[id].reunite(x.id)
	}
}
