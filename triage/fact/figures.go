package fact

import (
	"cmp"
	"math/bits"
	"slices"
	"time"
)

// Figures are the counts of some rows.
type Figures struct {
	Cases int
	// With is how many rows have each flag, in the order of the flags; see Count.
	With [FlagCount]int
	// Asked of the customers have given a score; Scores is the sum of the scores
	// and Squares that of their squares; Satisfied scored 80 or more.
	Scored          int
	Scores, Squares float64
	Satisfied       int
	// Responded, Verified and Resolved are rows in which that has happened.
	Responded, Verified, Resolved      int
	HandOvers, FactsNeeded, FactsKnown int
	Replies, Points                    int
}

// satisfiedFrom is the score from which a customer counts as satisfied (S4:
// below it somebody has to act).
const satisfiedFrom = 80

// Count returns how many rows have the one flag.
func (f *Figures) Count(flag Flags) int {
	for i := range FlagCount {
		if flag == 1<<i {
			return f.With[i]
		}
	}
	return 0
}

func (f *Figures) add(in *columns, i int) {
	f.Cases++
	for flags := uint32(in.flags[i]); flags != 0; flags &= flags - 1 {
		f.With[bits.TrailingZeros32(flags)]++
	}
	if s := in.satisfaction[i]; s >= 0 {
		f.Scored++
		f.Scores += float64(s)
		f.Squares += float64(s) * float64(s)
		if s >= satisfiedFrom {
			f.Satisfied++
		}
	}
	f.Responded += happened(in.times[Respond][i])
	f.Verified += happened(in.times[Verify][i])
	f.Resolved += happened(in.times[Resolve][i])
	f.HandOvers += int(in.handOvers[i])
	f.FactsNeeded += int(in.factsNeeded[i])
	f.FactsKnown += int(in.factsKnown[i])
	f.Replies += int(in.replies[i])
	f.Points += int(in.points[i])
}

func happened(minutes int32) int {
	if minutes == None {
		return 0
	}
	return 1
}

// Total counts the rows of the filter. Like every count of a Book it takes one
// pass over the days of the filter.
func (b *Book) Total(f Filter) Figures {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var total Figures
	if !b.eachSum(f, onlyDim(f), func(_ *columns, s *sum) { total.addSum(s) }) {
		b.scan(f, total.add)
	}
	return total
}

// Group is the figures of one value.
type Group struct {
	Value string
	Figures
}

// By counts the rows of the filter by the values of a dimension, the most
// frequent first. Values without a row are left out; "" is a value.
func (b *Book) By(f Filter, d Dim) []Group {
	b.mu.RLock()
	defer b.mu.RUnlock()
	sums := make([]Figures, len(b.words[d].list))
	if !b.eachSum(f, d, func(_ *columns, s *sum) { sums[s.code].addSum(s) }) {
		b.scan(f, func(in *columns, i int) { sums[in.values[d][i]].add(in, i) })
	}
	var groups []Group
	for code := range sums {
		if sums[code].Cases > 0 {
			groups = append(groups, Group{b.words[d].list[code], sums[code]})
		}
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Value, b.Value))
	})
	return groups
}

// Cell is the figures of a pair of values.
type Cell struct {
	A, B string
	Figures
}

// Cross counts the rows of the filter by the pairs of values of two dimensions
// that occur, in no order.
func (b *Book) Cross(f Filter, first, second Dim) []Cell {
	b.mu.RLock()
	defer b.mu.RUnlock()
	wide := len(b.words[second].list)
	if wide*len(b.words[first].list) > dense {
		return b.crossWide(f, first, second)
	}
	at := make([]int32, wide*len(b.words[first].list)) // one more than the place in cells
	var cells []Cell
	b.scan(f, func(in *columns, i int) {
		x, y := in.values[first][i], in.values[second][i]
		n := &at[int(x)*wide+int(y)]
		if *n == 0 {
			cells = append(cells, Cell{A: b.words[first].list[x], B: b.words[second].list[y]})
			*n = int32(len(cells))
		}
		cells[*n-1].add(in, i)
	})
	return cells
}

// crossWide is Cross for dimensions with too many pairs of values for a table.
func (b *Book) crossWide(f Filter, first, second Dim) []Cell {
	at := make(map[[2]uint16]int)
	var cells []Cell
	b.scan(f, func(in *columns, i int) {
		key := [2]uint16{in.values[first][i], in.values[second][i]}
		n, known := at[key]
		if !known {
			n = len(cells)
			at[key] = n
			cells = append(cells, Cell{A: b.words[first].list[key[0]], B: b.words[second].list[key[1]]})
		}
		cells[n].add(in, i)
	})
	return cells
}

// Unit is a length of time in the calendar.
type Unit string

// The units. A week begins on Monday.
const (
	Daily   Unit = "day"
	Weekly  Unit = "week"
	Monthly Unit = "month"
	Yearly  Unit = "year"
)

// Start returns the first day of the unit in which a day lies.
func (u Unit) Start(d Day) Day {
	t := d.Time()
	switch u {
	case Weekly:
		return d - Day((int(t.Weekday())+6)%7)
	case Monthly:
		return Date(t.Year(), t.Month(), 1)
	case Yearly:
		return Date(t.Year(), time.January, 1)
	default:
		return d
	}
}

// Next returns the first day of the unit after the one in which a day lies.
func (u Unit) Next(d Day) Day {
	t := u.Start(d).Time()
	switch u {
	case Weekly:
		return u.Start(d) + 7
	case Monthly:
		return Date(t.Year(), t.Month()+1, 1)
	case Yearly:
		return Date(t.Year()+1, time.January, 1)
	default:
		return d + 1
	}
}

// Point is the figures of one unit of time, from its day on.
type Point struct {
	Day Day
	Figures
}

// Over counts the rows of the filter by units of time, in order, units without
// rows included: all that the bounds of the filter touch or, without bounds,
// those of the book.
func (b *Book) Over(f Filter, unit Unit) []Point {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.days) == 0 {
		return nil
	}
	from, to := f.From, f.To
	if from == 0 {
		from = b.days[0].day
	}
	if to == 0 {
		to = b.days[len(b.days)-1].day + 1
	}
	var points []Point
	for d := unit.Start(from); d < to; d = unit.Next(d) {
		points = append(points, Point{Day: d})
	}
	n := 0
	of := func(in *columns) *Figures {
		for n+1 < len(points) && points[n+1].Day <= in.day {
			n++
		}
		return &points[n].Figures
	}
	f = f.Between(from, to)
	if !b.eachSum(f, onlyDim(f), func(in *columns, s *sum) { of(in).addSum(s) }) {
		b.scanDays(f, func(in *columns, rows []uint32) {
			for sum := of(in); len(rows) > 0; rows = rows[1:] {
				sum.add(in, int(rows[0]))
			}
		})
	}
	return points
}
