package fact

import (
	"math"
	"slices"
)

// Spread is a distribution of times with the 95 % interval of its median: the
// times at the ranks (n ± 1.96·√n)/2 (W. J. Conover, "Practical Nonparametric
// Statistics", 1999, 3.2). Of few times the interval is all of them.
type Spread struct {
	Times
	Low, High int32
}

// The ranks of a Spread, in the order of ranksOf.
const (
	rankLow = iota
	rankMedian
	rankP90
	rankHigh
	ranks // how many there are
)

// ranksOf are the ranks among n times, from 0 on.
func ranksOf(n int) [ranks]int {
	place := func(rank float64) int { return min(max(int(rank), 1), n) - 1 }
	half := 1.959963984540054 * math.Sqrt(float64(n))
	return [ranks]int{
		rankLow: place(math.Floor((float64(n) - half) / 2)), rankMedian: (n+1)/2 - 1,
		rankP90: (9*n+9)/10 - 1, rankHigh: place(math.Ceil((float64(n)+half)/2) + 1),
	}
}

// newSpread is of n times with a sum and with the times at the ranks.
func newSpread(n int, sum int64, at [ranks]int32) Spread {
	return Spread{
		Times: Times{N: n, Median: at[rankMedian], P90: at[rankP90], Mean: float64(sum) / float64(n)},
		Low:   at[rankLow], High: at[rankHigh],
	}
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
	wanted := ranksOf(n)
	settle(minutes, 0, slices.Sorted(slices.Values(wanted[:])))
	var at [ranks]int32
	for r, rank := range wanted {
		at[r] = minutes[rank]
	}
	return newSpread(n, sum, at)
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
