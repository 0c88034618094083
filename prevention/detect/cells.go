package detect

import (
	"cmp"
	"slices"
	"time"
)

// cellKey names a cell: a type or sub-type with one or two facts (second 0).
type cellKey struct{ theme, first, second uint32 }

// cell counts the distinct customers of one combination.
type cell struct {
	counts counts
	// judged is the count at which the cell was last found to be explained by
	// clusters that are known.
	judged float64
}

const (
	// ownFacts and heldFacts bound the facts of one complaint that are scanned.
	ownFacts  = 8
	heldFacts = 16
)

// cellsOf lists the cells a complaint touches: every fact, and every pair of facts
// of the record, within its type and its sub-type. What customers had to do with
// is not paired with regions: most of it is local, so the product of the shares
// would be far too small.
func (r *record) cellsOf(dst []cellKey) []cellKey {
	own, held := r.own[:min(len(r.own), ownFacts)], r.held[:min(len(r.held), heldFacts)]
	for _, theme := range r.themes() {
		for i, f := range own {
			dst = append(dst, cellKey{theme, f, 0})
			for _, g := range own[i+1:] {
				dst = append(dst, cellKey{theme, f, g})
			}
		}
		for _, g := range held {
			dst = append(dst, cellKey{theme, g, 0})
		}
	}
	return dst
}

// covers says whether a complaint belongs to the cell.
func (k cellKey) covers(r *record) bool {
	if r.kind != k.theme && r.subkind != k.theme {
		return false
	}
	return r.has(k.first) && (k.second == 0 || r.has(k.second))
}

func (r *record) has(f uint32) bool { return slices.Contains(r.own, f) || slices.Contains(r.held, f) }

// cellFinding is a cell that surprises.
type cellFinding struct {
	finding
	key  cellKey
	cell *cell
}

// cross counts a complaint in its cells and returns those that surprise by at
// least least, most first. Of the cells one in part is looked at, always the same.
func (s *scanner) cross(seq uint32, least float64, part uint32) []cellFinding {
	r := s.journal.record(seq)
	var found []cellFinding
	for _, k := range r.cellsOf(nil) {
		if (k.theme+k.first)%part != 0 {
			continue
		}
		c := s.cells[k]
		if c == nil {
			c = &cell{}
			s.cells[k] = c
		}
		c.counts = c.counts.fold(s.now)
		if len(c.counts) > 0 {
			before, repeated := s.journal.earlier(seq, k.covers)
			if repeated && (before == nil || before.bucket > r.bucket) {
				continue
			}
			if repeated {
				c.counts = c.counts.add(before.bucket, -before.weight(), s.now)
			}
		}
		c.counts = c.counts.add(r.bucket, r.weight(), s.now)
		if c.counts.between(s.now-longest, s.now) < leastCount {
			continue
		}
		if f := c.counts.scan(s.sourceOf(r, k), s.now, 0, least); f.buckets > 0 && f.score >= least {
			found = append(found, cellFinding{f, k, c})
		}
	}
	slices.SortFunc(found, func(a, b cellFinding) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.key.theme, b.key.theme),
			cmp.Compare(a.key.first, b.key.first), cmp.Compare(a.key.second, b.key.second))
	})
	return found
}

// sourceOf is what a cell is expected to have of the complaints of its type, on
// the type's own clock so that a rise of the whole type cancels: the product of
// the shares of its facts, and of the sub-type in the type.
func (s *scanner) sourceOf(r *record, k cellKey) source {
	clock := s.byKind[r.kind]
	part := 1.0
	if k.theme != r.kind {
		after := s.now - horizon
		part = min((s.byKind[k.theme].between(after, s.now)+0.5)/(clock.between(after, s.now)+1), 1)
	}
	first, second := s.usual(k.first), constant(1)
	if k.second != 0 {
		second = s.usual(k.second)
	}
	return source{clock: clock, share: func(after, upTo int32) float64 {
		return max(part*first(after, upTo)*second(after, upTo), 1e-6)
	}}
}

// usual is the part of complaints that have a fact: of what customers had to do
// with, the mean share of all customers over the stretch; of the record's facts
// that of all complaints.
func (s *scanner) usual(f uint32) func(after, upTo int32) float64 {
	if s.held[f] {
		shares := s.sharesOf(f)
		return func(after, upTo int32) float64 {
			return shares.between(after, upTo) / float64(max(upTo-max(after, shares.base-1), 1))
		}
	}
	all := s.total.between(s.now-horizon, s.now)
	return constant((s.byFact[f].between(s.now-horizon, s.now) + 0.5) / (all + 10))
}

// sharesOf is the running sum of a fact's daily share of all customers, brought
// up to now.
func (s *scanner) sharesOf(f uint32) *series {
	x := s.shares[f]
	if x == nil {
		x = &series{}
		s.shares[f] = x
		x.add(s.now-longest, 0)
	}
	for b := x.last() + 1; b <= s.now; b++ {
		x.add(b, s.sharer.Share(s.facts.values[f], timeOf(b)))
	}
	return x
}

// timeOf is the end of a bucket.
func timeOf(b int32) time.Time { return time.Unix((int64(b)+1)*int64(grain/time.Second), 0) }

// gather lists the complaints of a cell after a bucket, one for each customer,
// the latest.
func (s *scanner) gather(k cellKey, after int32) []uint32 {
	var list []uint32
	seen := map[any]bool{}
	for i := len(s.journal.records) - 1; i >= 0; i-- {
		r := &s.journal.records[i]
		if r.bucket <= after-4*perDay { // late records may stand among earlier ones
			break
		}
		if r.bucket <= after || !k.covers(r) || r.customer != "" && seen[r.customer] {
			continue
		}
		seen[r.customer] = true
		list = append(list, s.journal.first+uint32(i))
	}
	slices.Reverse(list)
	return list
}
