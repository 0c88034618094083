package fact

import (
	"math"
	"math/bits"
	"slices"
)

// Spread is a distribution of times with the 95 % interval of its median: the
// times at the ranks (n ± 1.96·√n)/2 (W. J. Conover, "Practical Nonparametric
// Statistics", 1999, 3.2). Of few times the interval is all of them.
type Spread struct {
	Times
	Low, High int32
}

// spreadOf takes the times apart; it changes their order.
func spreadOf(minutes []int32) Spread {
	n := len(minutes)
	if n == 0 {
		return Spread{}
	}
	var sum int64
	for _, m := range minutes {
		sum += int64(m)
	}
	place := func(rank float64) int { return min(max(int(rank), 1), n) - 1 }
	half := 1.959963984540054 * math.Sqrt(float64(n))
	low, high := place(math.Floor((float64(n)-half)/2)), place(math.Ceil((float64(n)+half)/2)+1)
	median, p90 := (n+1)/2-1, (9*n+9)/10-1
	settle(minutes, 0, []int{low, median, min(high, p90), max(high, p90)})
	return Spread{
		Times: Times{N: n, Median: minutes[median], P90: minutes[p90], Mean: float64(sum) / float64(n)},
		Low:   minutes[low], High: minutes[high],
	}
}

// few is up to how many times sorting is as fast as anything.
const few = 48

// settle moves the values of some places, in order, to where a sort would have
// put them. minutes begins at the place from (C. A. R. Hoare, "Algorithm 65:
// Find", 1961, for several places at once).
func settle(minutes []int32, from int, places []int) {
	for len(places) > 0 {
		if len(minutes) <= few {
			slices.Sort(minutes)
			return
		}
		low, high := split(minutes)
		below, _ := slices.BinarySearch(places, from+low)
		above, _ := slices.BinarySearch(places, from+high)
		settle(minutes[:low], from, places[:below])
		minutes, from, places = minutes[high:], from+high, places[above:]
	}
}

// split orders the times into those below a pivot, [0,low), equal to it, and
// above it, [high,n).
func split(minutes []int32) (low, high int) {
	n := len(minutes)
	pivot := middle(
		middle(minutes[0], minutes[n/8], minutes[n/4]), middle(minutes[3*n/8], minutes[n/2], minutes[5*n/8]),
		middle(minutes[3*n/4], minutes[7*n/8], minutes[n-1]),
	)
	high = n
	for i := 0; i < high; {
		switch m := minutes[i]; {
		case m < pivot:
			minutes[i], minutes[low] = minutes[low], m
			low++
			i++
		case m > pivot:
			high--
			minutes[i], minutes[high] = minutes[high], m
		default:
			i++
		}
	}
	return low, high
}

func middle(a, b, c int32) int32 { return max(min(a, b), min(max(a, b), c)) }

// customers counts different ids in a table with open places, which takes a
// fifth of the time of a map.
type customers struct {
	table []uint64
	used  int // places of the table
	count int
}

func (s *customers) add(id uint64) {
	if id == 0 {
		s.count++
		return
	}
	if 2*(s.used+1) > len(s.table) {
		s.grow()
	}
	if s.put(id) {
		s.used++
		s.count++
	}
}

// put says whether the id was new.
func (s *customers) put(id uint64) bool {
	shift := 64 - bits.TrailingZeros(uint(len(s.table)))
	for at := id * 0x9e3779b97f4a7c15 >> shift; ; at = (at + 1) & uint64(len(s.table)-1) {
		switch s.table[at] {
		case id:
			return false
		case 0:
			s.table[at] = id
			return true
		}
	}
}

func (s *customers) grow() {
	old := s.table
	s.table = make([]uint64, max(1<<10, 4*len(old)))
	for _, id := range old {
		if id != 0 {
			s.put(id)
		}
	}
}
