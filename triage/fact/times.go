package fact

import (
	"cmp"
	"slices"
)

// Clock names a time that is measured from the complaint on.
type Clock uint8

// The clocks.
const (
	Respond Clock = iota // to the first answer
	Verify               // to the end of the check of the facts
	Resolve              // to the closing
	Clocks               // how many there are
)

// clockNames are the names of the clocks in addresses and files.
var clockNames = [Clocks]string{"respond", "verify", "resolve"}

// String returns the name of the clock in addresses and files.
func (c Clock) String() string {
	if c < Clocks {
		return clockNames[c]
	}
	return ""
}

// Times is a distribution of times in minutes: of N times half are Median or
// less, nine in ten P90 or less, each a time that occurred (the nearest rank).
type Times struct {
	N           int
	Median, P90 int32
	Mean        float64
}

// timesOf takes the times apart; it changes their order.
func timesOf(minutes []int32) Times { return spreadOf(minutes).Times }

// TimeGroup is the times of one value.
type TimeGroup struct {
	Value string
	Times
}

// Times returns the distribution of a clock over the rows of the filter.
func (b *Book) Times(f Filter, clock Clock) Times {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var all []int32
	b.scan(f, func(in *columns, i int) {
		if m := in.times[clock][i]; m != None {
			all = append(all, m)
		}
	})
	return timesOf(all)
}

// TimesBy returns the distribution of a clock for each value of a dimension, the
// most frequent first.
func (b *Book) TimesBy(f Filter, clock Clock, d Dim) []TimeGroup {
	b.mu.RLock()
	defer b.mu.RUnlock()
	all := make([][]int32, len(b.words[d].list))
	b.scan(f, func(in *columns, i int) {
		if m := in.times[clock][i]; m != None {
			v := in.values[d][i]
			all[v] = append(all[v], m)
		}
	})
	return b.timeGroups(all, d)
}

func (b *Book) timeGroups(all [][]int32, d Dim) []TimeGroup {
	var groups []TimeGroup
	for code, minutes := range all {
		if len(minutes) > 0 {
			groups = append(groups, TimeGroup{b.words[d].list[code], timesOf(minutes)})
		}
	}
	slices.SortFunc(groups, func(a, b TimeGroup) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return groups
}

// Stays returns how long steps took, of the cases of the filter: by Status (the
// step), Department or Owner (who had the case during it); any other dimension
// has none.
func (b *Book) Stays(f Filter, by Dim) []TimeGroup {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if by != Status && by != Department && by != Owner {
		return nil
	}
	return slices.Clone(Remember(b, "stays "+by.String(), f, func() []TimeGroup { return b.staysOf(f, by) }))
}

func (b *Book) staysOf(f Filter, by Dim) []TimeGroup {
	all := make([][]int32, len(b.words[by].list))
	b.scanDays(f, func(in *columns, rows []uint32) {
		for k := range in.stays { // both are in order
			s := &in.stays[k]
			for len(rows) > 0 && rows[0] < s.row {
				rows = rows[1:]
			}
			if len(rows) > 0 && rows[0] == s.row {
				v := s.of(by)
				all[v] = append(all[v], s.minutes)
			}
		}
	})
	return b.timeGroups(all, by)
}

func (s *stay) of(d Dim) uint16 {
	switch d {
	case Status:
		return s.status
	case Department:
		return s.department
	default:
		return s.owner
	}
}
