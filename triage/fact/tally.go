package fact

import (
	"math/bits"
	"slices"
)

// tally finds the distributions of clocks for each value of a dimension in
// two passes over the rows and without keeping all times: the first counts times
// in buckets, the second keeps only those of the buckets in which a wanted rank
// lies. It is exact, and for one goroutine.
type tally struct {
	clocks []Clock
	counts [Clocks][]uint32 // by group and bucket
	totals [Clocks][]total  // by group
	kept   [Clocks][][]int32
	// none is what values are when all rows are one group.
	none []uint16
}

// total is what the first pass knows of a group.
type total struct {
	n, late int
	sum     int64
}

// Times up to 32 minutes have a bucket each, longer ones 32 for each doubling.
const (
	fineBits = 5
	buckets  = (32 - fineBits) << fineBits
)

// bucketOf grows with the time.
func bucketOf(minutes int32) int {
	m := uint32(minutes)
	e := max(bits.Len32(m)-fineBits-1, 0)
	return e<<fineBits + int(m>>e)
}

// maxTallied bounds how many groups are tallied, 3 × 3.5 kB each.
const maxTallied = 4096

func newTally(groups int, clocks []Clock) *tally {
	t := &tally{clocks: clocks}
	for _, k := range clocks {
		t.counts[k], t.totals[k] = make([]uint32, groups*buckets), make([]total, groups)
	}
	return t
}

// groupsOf are the values of the dimension; with Dims all rows are one group.
func (t *tally) groupsOf(in *columns, d Dim) []uint16 {
	if d < Dims {
		return in.values[d]
	}
	if n := len(in.seq); n > len(t.none) {
		t.none = make([]uint16, n)
	}
	return t.none
}

// count is the first pass.
func (t *tally) count(in *columns, rows []uint32, d Dim) {
	groups := t.groupsOf(in, d)
	for _, k := range t.clocks {
		times, flags, counts, totals := in.times[k], in.flags, t.counts[k], t.totals[k]
		late := bits.TrailingZeros32(uint32(lateFlags[k]))
		for _, i := range rows {
			m, g := times[i], int(groups[i])
			if m == None {
				continue
			}
			counts[g*buckets+bucketOf(m)]++
			to := &totals[g]
			to.n++
			to.sum += int64(m)
			to.late += int(flags[i] >> late & 1)
		}
	}
}

// skip marks a bucket whose times are not kept.
const skip = 0

// place is where the time of a rank is kept.
type place struct{ list, at int }

// choose turns the counts of a group into the number of the list (from 1 on)
// that keeps the times of a bucket, and returns the places of the ranks.
func (t *tally) choose(k Clock, group int) (places [ranks]place) {
	counts := t.counts[k][group*buckets : (group+1)*buckets]
	wanted := ranksOf(t.totals[k][group].n)
	end := 0
	for b, n := range counts {
		begin := end
		end += int(n)
		counts[b] = skip
		for r, rank := range wanted {
			if rank < begin || rank >= end {
				continue
			}
			if counts[b] == skip {
				t.kept[k] = append(t.kept[k], make([]int32, 0, n))
				counts[b] = uint32(len(t.kept[k]))
			}
			places[r] = place{len(t.kept[k]) - 1, rank - begin}
		}
	}
	return places
}

// keep is the second pass.
func (t *tally) keep(in *columns, rows []uint32, d Dim) {
	groups := t.groupsOf(in, d)
	for _, k := range t.clocks {
		times, lists, kept := in.times[k], t.counts[k], t.kept[k]
		for _, i := range rows {
			m := times[i]
			if m == None {
				continue
			}
			if list := lists[int(groups[i])*buckets+bucketOf(m)]; list != skip {
				kept[list-1] = append(kept[list-1], m)
			}
		}
	}
}

// tallied calls do for each group and clock that has times with their
// distribution and how many of them were late. The caller holds the lock.
func (b *Book) tallied(f Filter, d Dim, clocks []Clock, do func(k Clock, group int, s Spread, late int)) {
	groups := 1
	if d < Dims {
		groups = len(b.words[d].list)
	}
	t := newTally(groups, clocks)
	b.scanDays(f, func(in *columns, rows []uint32) { t.count(in, rows, d) })
	var places [Clocks][][ranks]place
	for _, k := range clocks {
		places[k] = make([][ranks]place, groups)
		for g := range groups {
			places[k][g] = t.choose(k, g)
		}
	}
	b.scanDays(f, func(in *columns, rows []uint32) { t.keep(in, rows, d) })
	for _, k := range clocks {
		for _, list := range t.kept[k] {
			slices.Sort(list)
		}
		for g, n := range t.totals[k] {
			if n.n == 0 {
				continue
			}
			var at [ranks]int32
			for r, p := range places[k][g] {
				at[r] = t.kept[k][p.list][p.at]
			}
			do(k, g, newSpread(n.n, n.sum, at), n.late)
		}
	}
}
