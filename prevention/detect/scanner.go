package detect

import (
	"iter"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/cluster"
)

// scanner counts a stream in units and judges the units that a complaint
// touches. It knows no alarms, so that decoys run through the same code.
type scanner struct {
	journal journal
	kinds   numbers[string]
	facts   numbers[Fact]
	sharer  Exposures // nil without exposures

	now     int32 // latest bucket
	total   series
	byKind  map[uint32]*series
	byFact  map[uint32]counts // of complaints, whatever their type
	known   map[string]counts // complaints with any fact of the field
	groups  map[cluster.ID]*group
	cells   map[cellKey]*cell
	held    map[uint32]bool    // facts that come from exposures
	shares  map[uint32]*series // running sums of their share of all customers
	touched int
}

// group is what is counted of one issue.
type group struct {
	counts counts
	recent []uint32 // latest complaint of each customer, at most groupRecent
}

// groupRecent bounds the members of a group that are looked at for common facts.
const groupRecent = 256

func newScanner(kinds numbers[string], facts numbers[Fact], sharer Exposures) *scanner {
	return &scanner{
		journal: newJournal(), kinds: kinds, facts: facts, sharer: sharer,
		byKind: map[uint32]*series{}, byFact: map[uint32]counts{}, known: map[string]counts{},
		groups: map[cluster.ID]*group{}, cells: map[cellKey]*cell{}, held: map[uint32]bool{}, shares: map[uint32]*series{},
	}
}

// take counts a complaint on every clock and remembers it.
func (s *scanner) take(r record, most int) uint32 {
	s.now = max(s.now, r.bucket)
	s.total.add(r.bucket, 1)
	for _, k := range r.themes() {
		s.clock(k).add(r.bucket, 1)
	}
	for _, list := range [2][]uint32{r.own, r.held} {
		for _, f := range list {
			s.byFact[f] = s.byFact[f].add(r.bucket, 1, s.now).fold(s.now)
		}
	}
	for field := range s.fieldsOf(&r) {
		s.known[field] = s.known[field].add(r.bucket, 1, s.now).fold(s.now)
	}
	seq := s.journal.add(r)
	s.journal.trim(s.now-horizon, most, func(*record) {})
	if s.touched++; s.touched%sweepEvery == 0 {
		s.sweep()
	}
	return seq
}

// clock counts all complaints of a type or sub-type.
func (s *scanner) clock(theme uint32) *series {
	c := s.byKind[theme]
	if c == nil {
		c = &series{}
		s.byKind[theme] = c
	}
	return c
}

// heldField stands for all that customers had to do with: who has no exposure at
// all is unknown, who has none of a kind simply does not have it.
const heldField = ""

// fieldsOf yields the fields of which the complaint has a fact.
func (s *scanner) fieldsOf(r *record) iter.Seq[string] {
	return func(yield func(string) bool) {
		last := ""
		for _, f := range r.own {
			if field := s.facts.values[f].Field; field != last {
				if last = field; !yield(field) {
					return
				}
			}
		}
		if len(r.held) > 0 {
			yield(heldField)
		}
	}
}

func (s *scanner) fieldOf(f uint32) string {
	if s.held[f] {
		return heldField
	}
	return s.facts.values[f].Field
}

// themes lists the numbers of type and sub-type, without repetition.
func (r *record) themes() []uint32 {
	if r.subkind == 0 || r.subkind == r.kind {
		return []uint32{r.kind}
	}
	return []uint32{r.kind, r.subkind}
}

// join counts a complaint in the group of its issue: the latest complaint of
// each customer in 28 days counts, the earlier ones do not.
func (s *scanner) join(seq uint32) {
	r := s.journal.record(seq)
	g := s.groups[r.issue]
	if g == nil {
		g = &group{}
		s.groups[r.issue] = g
	}
	g.counts = g.counts.fold(s.now)
	before, repeated := s.journal.earlier(seq, func(x *record) bool { return x.issue == r.issue })
	switch {
	case repeated && (before == nil || before.bucket > r.bucket):
		return
	case repeated:
		g.counts = g.counts.add(before.bucket, -before.weight(), s.now)
		g.recent = slices.DeleteFunc(g.recent, func(q uint32) bool { return s.journal.record(q) == before })
	}
	g.counts = g.counts.add(r.bucket, r.weight(), s.now)
	g.recent = append(g.recent, seq)
	if len(g.recent) > groupRecent {
		g.recent = append(g.recent[:0], g.recent[len(g.recent)-groupRecent:]...)
	}
}

// merge counts the complaints of an issue with those of another.
func (s *scanner) merge(into, from cluster.ID) {
	b := s.groups[from]
	if b == nil {
		return
	}
	delete(s.groups, from)
	a := s.groups[into]
	if a == nil {
		s.groups[into] = b
		a = &group{}
	} else {
		for _, c := range b.counts {
			a.counts = a.counts.add(c.bucket, c.n, s.now)
		}
		a.recent = append(a.recent, b.recent...)
		slices.Sort(a.recent)
		s.distinct(a)
	}
	for i := range s.journal.records {
		if s.journal.records[i].issue == from {
			s.journal.records[i].issue = into
		}
	}
}

// distinct takes out of a merged group what one customer said in both parts.
func (s *scanner) distinct(g *group) {
	latest := map[any]uint32{}
	for _, q := range g.recent {
		if r := s.journal.record(q); r != nil && r.customer != "" {
			latest[r.customer] = q
		}
	}
	g.recent = slices.DeleteFunc(g.recent, func(q uint32) bool {
		r := s.journal.record(q)
		if r == nil || r.customer == "" || latest[r.customer] == q {
			return r == nil
		}
		g.counts = g.counts.add(r.bucket, -r.weight(), s.now)
		return true
	})
}

// verdict is what a scan says of a group: words and facts, alone and together.
type verdict struct {
	finding
	words   float64 // score of the count alone
	common  []concentration
	score   float64
	members []uint32 // inside the window
	rising  []uint32 // what makes up the rise: all of 28 days when few were expected
}

// judge scans the group of an issue over the windows that begin after since.
func (s *scanner) judge(issue cluster.ID, since int32, least float64) verdict {
	g := s.groups[issue]
	if g == nil {
		return verdict{}
	}
	v := verdict{finding: g.counts.scan(s.usualIssue(g), s.now, since, 0)}
	v.words, v.score = v.finding.score, v.finding.score
	if v.buckets == 0 || v.words < least/3 {
		return v
	}
	var known int
	v.members = s.within(g, s.now-v.buckets)
	v.rising = v.members
	if all := s.within(g, s.now-longest); v.mean()*float64(longest/v.buckets) < float64(len(all))/6 {
		v.rising = all
	}
	past := slices.DeleteFunc(slices.Clone(g.recent), func(q uint32) bool {
		r := s.journal.record(q)
		return r == nil || r.bucket > s.now-v.buckets
	})
	v.common, known = s.concentrations(v.members, past)
	if known > 0 {
		facts := 0.0
		if len(v.common) > 0 {
			facts = v.common[0].score
		}
		v.score = combine(v.words, facts)
	}
	return v
}

// newIssue is how common an issue is before anything is known of it: one in so
// many complaints. With priorShape this weighs as much as half as many complaints
// without the issue, little beside the past of a service, so that in its first
// weeks what is steady is soon known to be.
const newIssue = 200

// leastSurge is the number of complaints of a type that stands for what the type
// has anyway, so that few complaints make no surge.
const leastSurge = 10

// usualIssue is what is expected of an issue on the message clock. Where the
// other complaints of its type rise more than the clock, as in a promotion of one
// product, more is expected of the issue, too.
func (s *scanner) usualIssue(g *group) source {
	const rate = 1.0 / newIssue
	var kind *series
	if n := len(g.recent); n > 0 {
		if r := s.journal.record(g.recent[n-1]); r != nil {
			kind = s.byKind[r.kind]
		}
	}
	total := g.counts.between(s.now-horizon, s.now)
	return source{clock: &s.total, share: func(after, upTo int32) float64 {
		if kind == nil || upTo < s.now {
			return rate
		}
		before := after - memory
		n := g.counts.between(after, upTo)
		past := kind.between(before, after) - (total - n)
		usual := max(past, 0) / max(s.total.between(before, after), 1) * s.total.between(after, upTo)
		return rate * max(1, (kind.between(after, upTo)-n+leastSurge)/(usual+leastSurge))
	}}
}

// within lists the group's complaints after a bucket.
func (s *scanner) within(g *group, after int32) []uint32 {
	var list []uint32
	for _, q := range g.recent {
		if r := s.journal.record(q); r != nil && r.bucket > after {
			list = append(list, q)
		}
	}
	return list
}

const (
	sweepEvery = 4096
	// mostCells bounds the cells; those with the fewest complaints go first.
	mostCells = 1 << 20
)

// sweep forgets units that are empty, and small old ones when there are too many.
func (s *scanner) sweep() {
	for id, g := range s.groups {
		if g.counts = g.counts.fold(s.now); len(g.counts) == 0 {
			delete(s.groups, id)
		}
	}
	for f, c := range s.byFact {
		if s.byFact[f] = c.fold(s.now); len(s.byFact[f]) == 0 {
			delete(s.byFact, f)
		}
	}
	old := s.now - memory
	for {
		for k, c := range s.cells {
			if c.counts = c.counts.fold(s.now); len(c.counts) == 0 || c.counts[len(c.counts)-1].bucket < old {
				delete(s.cells, k)
			}
		}
		if len(s.cells) < mostCells || old > s.now {
			return
		}
		old = old + (s.now-old)/2 + 1
	}
}
