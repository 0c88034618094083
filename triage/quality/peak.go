package quality

import (
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Peak is a day with more cases than usual for its weekday.
type Peak struct {
	Day   fact.Day
	Cases int
	// Usual is the median of the same weekday in the weeks around.
	Usual float64
}

const (
	// around is how many weeks before and after a day say what is usual.
	around = 8
	// enough is how many of them must be known.
	enough = 6
	// deviations is how far a peak is above the usual, in standard deviations.
	deviations = 4
	// leastPeak is the smallest count that is a peak.
	leastPeak = 5
)

// Peaks returns the days of a period that stand out: more than 4 standard
// deviations above the median of the same weekday in the 8 weeks before and
// after. The deviation is estimated from the median absolute one, which a few
// peaks do not move, and is at least that of a Poisson count.
func (d Days) Peaks(p Period) []Peak {
	span := d.Span()
	var peaks []Peak
	for day := max(p.From, span.From); day < min(p.To, span.To); day++ {
		n := d.In(Period{day, day + 1})
		if n < leastPeak {
			continue
		}
		usual, deviation, ok := d.usual(day, span)
		if ok && float64(n) > usual+deviations*deviation {
			peaks = append(peaks, Peak{day, n, usual})
		}
	}
	return peaks
}

// usual returns what the weekday of a day usually has.
func (d Days) usual(day fact.Day, span Period) (median, deviation float64, ok bool) {
	var counts []float64
	for w := fact.Day(-around); w <= around; w++ {
		if at := day + 7*w; w != 0 && at >= span.From && at < span.To {
			counts = append(counts, float64(d.In(Period{at, at + 1})))
		}
	}
	if len(counts) < enough {
		return 0, 0, false
	}
	median = medianOf(counts)
	for i := range counts {
		counts[i] = math.Abs(counts[i] - median)
	}
	const normal = 1.4826 // a standard deviation of the normal distribution in median absolute ones
	return median, max(normal*medianOf(counts), math.Sqrt(max(median, 1))), true
}

// medianOf changes the order of the values, of which there is at least one.
func medianOf(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
