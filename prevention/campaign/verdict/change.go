package verdict

import "math"

// change is what speaks for a rate that went up at some day.
type change struct {
	// Log is the logarithm of the e-process.
	Log float64
	// At is the likeliest first day of the higher rate, an index of the days.
	At            int
	Before, After Count
}

// findChange looks for the day from which the rate is higher. Every day can be
// that day: nine tenths of half of the weight are spread evenly over horizon
// days, a tenth of that over the next as many and so on; the other half is kept for the days on which
// a segment began, as the rules of the campaign may have changed then, and is
// given out in their order. All weights together are at most 1, so that the
// mixture is an e-process as each part is.
func findChange(counts []Count, marks []int, prior Gamma, horizon int) change {
	all := sum(counts)
	best := change{Log: math.Inf(-1)}
	top := math.Inf(-1)
	terms := make([]float64, 0, len(counts)+len(marks))
	var before Count
	for day, c := range counts {
		if day > 0 && before.AtRisk > 0 {
			weight := 0.5 / float64(horizon) * 0.9 * math.Pow(0.1, float64(day/horizon))
			for j, m := range marks {
				if m == day {
					weight += 0.5 / float64((j+1)*(j+2))
				}
			}
			after := all.minus(before)
			t := math.Log(weight) + worse(before, after, prior)
			terms = append(terms, t)
			if t > top {
				top, best = t, change{At: day, Before: before, After: after}
			}
		}
		before = before.plus(c)
	}
	best.Log = logSum(terms)
	return best
}

// marksOf are the days on which segments began, after the first of them.
func marksOf(h History) []int {
	var marks []int
	first := len(h.Days)
	begins := func(days []Day) int {
		for i, d := range days {
			if d.Reached > 0 {
				return i
			}
		}
		return len(days)
	}
	first = min(first, begins(h.Days))
	for i := range h.Days {
		for _, s := range h.Segments {
			if b := begins(s.Days); b == i && b > first {
				marks = append(marks, i)
				break
			}
		}
	}
	return marks
}

// part is what speaks for one segment being worse than the rest.
type part struct {
	Log        float64
	Name       string
	Rest, This Count
}

// findPart compares each segment with the rest of the campaign; the e-value of
// the j-th to begin has the weight 1/(j(j+1)).
func findPart(h History, d Delay, prior Gamma) part {
	all := sum(d.Counts(h.Days))
	best := part{Log: math.Inf(-1)}
	top := math.Inf(-1)
	var terms []float64
	for j, s := range h.Segments {
		this := sum(d.Counts(s.Days))
		rest := all.minus(this)
		if rest.Complained < 0 {
			continue // the segment has complaints that the campaign does not
		}
		t := worse(rest, this, prior) - math.Log(float64((j+1)*(j+2)))
		terms = append(terms, t)
		if t > top {
			top, best = t, part{Name: s.Name, Rest: rest, This: this}
		}
	}
	best.Log = logSum(terms)
	return best
}
