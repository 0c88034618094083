package fact

import (
	"cmp"
	"fmt"
	"slices"
)

// Number is how many cases a value has.
type Number struct {
	Value string
	Cases int
}

// Counts counts the rows of the filter by several dimensions: a list for each of
// them, the most frequent value first, values without a row left out. It is what
// By says, but for the other figures.
func (b *Book) Counts(f Filter, dims ...Dim) [][]Number {
	b.mu.RLock()
	defer b.mu.RUnlock()
	lists := slices.Clone(Remember(b, fmt.Sprintf("counts %d", dims), f, func() [][]Number { return b.numbers(f, dims) }))
	for k := range lists {
		lists[k] = slices.Clone(lists[k])
	}
	return lists
}

// CountsWeekly is Counts of each of the weeks that begin on the days. What it
// returns must not be changed.
func (b *Book) CountsWeekly(f Filter, weeks []Day, dims ...Dim) [][][]Number {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return Remember(b, fmt.Sprintf("weekly %d %d", weeks, dims), f, func() [][][]Number {
		all := make([][][]Number, len(weeks))
		for i, day := range weeks {
			all[i] = b.numbers(f.Between(day, day+7), dims)
		}
		return all
	})
}

func (b *Book) numbers(f Filter, dims []Dim) [][]Number {
	lists := make([][]Number, len(dims))
	for k, sums := range b.counts(f, dims) {
		list := b.words[dims[k]].list
		for code, n := range sums {
			if n > 0 {
				lists[k] = append(lists[k], Number{list[code], n})
			}
		}
		slices.SortFunc(lists[k], func(a, b Number) int {
			return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Value, b.Value))
		})
	}
	return lists
}

// counts is how many rows have each value of each dimension, by its number.
func (b *Book) counts(f Filter, dims []Dim) [][]int {
	all := make([][]int, len(dims))
	var left []int // places of the dimensions that need a look at the rows
	for k, d := range dims {
		sums := make([]int, len(b.words[d].list))
		if all[k] = sums; !b.eachSum(f, d, func(_ *columns, s *sum) { sums[s.code] += int(s.cases) }) {
			left = append(left, k)
		}
	}
	if len(left) == 0 {
		return all
	}
	b.scanDays(f, func(in *columns, rows []uint32) {
		for _, k := range left {
			sums, values := all[k], in.values[dims[k]]
			for _, i := range rows {
				sums[values[i]]++
			}
		}
	})
	return all
}

// Pairs counts the rows of the filter by the pairs of values of two dimensions:
// what Cross says, but for the other figures.
func (b *Book) Pairs(f Filter, first, second Dim) map[[2]string]int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	sums := make(map[[2]uint16]int)
	if wide := len(b.words[second].list); wide*len(b.words[first].list) <= dense {
		all := make([]int, wide*len(b.words[first].list))
		b.scan(f, func(in *columns, i int) { all[int(in.values[first][i])*wide+int(in.values[second][i])]++ })
		for at, n := range all {
			if n > 0 {
				sums[[2]uint16{uint16(at / wide), uint16(at % wide)}] = n
			}
		}
	} else {
		b.scan(f, func(in *columns, i int) { sums[[2]uint16{in.values[first][i], in.values[second][i]}]++ })
	}
	pairs := make(map[[2]string]int, len(sums))
	for key, n := range sums {
		pairs[[2]string{b.words[first].list[key[0]], b.words[second].list[key[1]]}] = n
	}
	return pairs
}

// dense is up to how many pairs a table with a place for each is kept.
const dense = 1 << 20
