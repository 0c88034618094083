package improve

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// partition says what each week counts as.
func partition(weeks []Week, change, peak Span) []Part {
	parts := make([]Part, len(weeks))
	for i, w := range weeks {
		switch end := w.Day + 7; {
		case w.Day >= change.To:
			parts[i] = PartAfter
		case end > change.From:
			parts[i] = PartChange
		case peak.To > peak.From && w.Day < peak.To && end > peak.From:
			parts[i] = PartPeak
		default:
			parts[i] = PartBefore
		}
	}
	return parts
}

const (
	// peakWeeks is how many weeks just before the start can be a peak that nobody
	// has marked, and peakChance how likely such counts may at most be otherwise.
	peakWeeks  = 4
	peakChance = 0.1
)

// markPeak leaves out the weeks just before the start in which the scope was
// unusually high: an action is often started because of such weeks, and what
// follows them is lower even when nothing is done (regression to the mean). It
// returns whether it left out any.
func markPeak(weeks []Week, parts []Part) bool {
	last := -1
	for i, p := range parts {
		if p == PartBefore {
			last = i
		}
	}
	found := false
	for n := 0; n < peakWeeks && last >= 0 && parts[last] == PartBefore; n++ {
		parts[last] = PartPeak
		rest := total(weeks, parts, PartBefore)
		if rest.weeks < fewestWeeks || !unusual(weeks[last], rest, dispersion(weeks, parts, rest, sums{})) {
			parts[last] = PartBefore
			break
		}
		found = true
		last--
	}
	return found
}

// unusual says whether a week is higher than the rest of the weeks before lets
// expect.
func unusual(w Week, rest sums, dispersion float64) bool {
	if rest.Control == 0 || w.Control == 0 {
		return false
	}
	mean := (float64(rest.Scope) + 0.5) / float64(rest.Control) * float64(w.Control)
	sd := math.Sqrt(dispersion * mean * (1 + float64(w.Control)/float64(rest.Control)))
	nu := float64(max(rest.weeks-1, 1))
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: nu}.Survival((float64(w.Scope)-mean)/sd) < peakChance
}

// dispersion is Pearson's χ² over its degrees of freedom: how much more the
// shares of the scope scatter around those of before and after than binomial
// ones, at least 1. Neighbouring weeks that go together make it larger, by
// (1+r)/(1-r) for a correlation of r (G. E. P. Box, G. M. Jenkins, "Time Series
// Analysis", 1976), at most threefold.
func dispersion(weeks []Week, parts []Part, before, after sums) float64 {
	var squares, products float64
	var last float64
	n, groups := 0, 0
	for _, s := range []sums{before, after} {
		if s.weeks > 0 {
			groups++
		}
	}
	for i, w := range weeks {
		s := before
		if parts[i] == PartAfter {
			s = after
		} else if parts[i] != PartBefore {
			continue
		}
		all := float64(w.Scope + w.Control)
		p := float64(s.Scope) / float64(max(s.Scope+s.Control, 1))
		variance := all * p * (1 - p)
		if variance <= 0 {
			continue
		}
		residual := (float64(w.Scope) - all*p) / math.Sqrt(variance)
		if n > 0 {
			products += residual * last
		}
		squares += residual * residual
		last = residual
		n++
	}
	if n <= groups || squares == 0 {
		return 1
	}
	r := min(max(products/squares, 0), 0.5)
	return max(1, squares/float64(n-groups)*(1+r)/(1-r))
}

// points says of each week what was to be expected without the action.
func points(weeks []Week, parts []Part, before sums, dispersion float64) []Point {
	list := make([]Point, len(weeks))
	for i, w := range weeks {
		p := Point{Week: w, Part: parts[i]}
		if before.Control > 0 && before.weeks > 0 {
			scale := float64(w.Control) / float64(before.Control)
			p.Expected = float64(before.Scope) * scale
			t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(max(before.weeks-1, 1))}.Quantile(0.975)
			half := t * math.Sqrt(dispersion*max(p.Expected, 0.5)*(1+scale))
			p.Low, p.High = max(p.Expected-half, 0), p.Expected+half
		}
		list[i] = p
	}
	return list
}
