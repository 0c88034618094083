package evidence

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// leastMean is the mean from which counts tell how much they scatter.
const leastMean = 1

// Pearson returns Pearson's χ² of counts of equal exposure around their mean,
// and its degrees of freedom. The sum of several χ² over that of their freedoms
// estimates by how much the variance of such counts is above that of Poisson
// ones (P. McCullagh, J. A. Nelder, "Generalized Linear Models", 1989, 4.5).
// Counts with a mean below 1 say nothing: both are 0.
func Pearson(counts []int) (chi2, freedom float64) {
	total := 0
	for _, n := range counts {
		total += n
	}
	mean := float64(total) / float64(max(len(counts), 1))
	if mean < leastMean {
		return 0, 0
	}
	for _, n := range counts {
		chi2 += (float64(n) - mean) * (float64(n) - mean) / mean
	}
	return chi2, float64(len(counts) - 1)
}

// ScatteredRatio is [RateRatio] of counts whose variance is scatter times that of
// Poisson counts: both are divided by it first. p is the two-sided probability of
// a ratio at least as far from 1 by chance. A scatter below 1 is taken for 1.
func ScatteredRatio(count int, exposure float64, base int, baseExposure, scatter float64) (i Interval, p float64) {
	if count < 0 || base < 0 || count+base == 0 || !(exposure > 0) || !(baseExposure > 0) {
		return Interval{Value: 1, High: math.Inf(1)}, 1
	}
	scatter = max(scatter, 1)
	x, y, scale := float64(count)/scatter, float64(base)/scatter, baseExposure/exposure
	i = Interval{Value: x / y * scale, High: math.Inf(1)}
	part, atLeast, atMost := 1/(1+scale), 1.0, 1.0
	if count > 0 {
		i.Low = odds(mathext.InvRegIncBeta(x, y+1, 0.025)) * scale
		atLeast = mathext.RegIncBeta(x, y+1, part)
	}
	if base > 0 {
		i.High = odds(mathext.InvRegIncBeta(x+1, y, 0.975)) * scale
		atMost = 1 - mathext.RegIncBeta(x+1, y, part)
	}
	return i, min(1, 2*min(atLeast, atMost))
}

// Discoveries says which of several p-values are no chance, so that of those on
// average at most the given share is (Y. Benjamini, Y. Hochberg, "Controlling the
// false discovery rate", Journal of the Royal Statistical Society B 57, 1995).
func Discoveries(p []float64, share float64) []bool {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	sure := 0
	for i, k := range order {
		if p[k] <= share*float64(i+1)/float64(len(p)) {
			sure = i + 1
		}
	}
	found := make([]bool, len(p))
	for _, k := range order[:sure] {
		found[k] = true
	}
	return found
}
