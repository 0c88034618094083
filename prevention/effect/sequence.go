package effect

import "math"

const (
	// alpha is the chance that an interval ever misses the truth.
	alpha = 0.05
	// mixture is the variance of U at which boundaries are tightest, about the
	// number of complaints at which a plan is usually judged.
	mixture = 8
)

// boundary is what a martingale with variance v exceeds at any time with a
// chance of at most alpha, either way: the normal mixture of Robbins (1970,
// "Statistical methods related to the law of the iterated logarithm"),
//
//	sqrt((v+k) ln((v+k)/(k alpha^2)))
//
// where k is the variance at which it is tightest.
func boundary(v, k float64) float64 {
	return math.Sqrt((v + k) * math.Log((v+k)/(k*alpha*alpha)))
}
