package cohort

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// excess is the log-likelihood ratio that c of n have what e of n are expected
// to have, 0 when there are not more than expected. exp(-excess) bounds the
// chance of c or more from above (Chernoff; Hoeffding 1963, theorem 1), also
// when the n have different chances that add up to e.
func excess(c, n, e float64) float64 {
	if c <= e || n <= 0 {
		return 0
	}
	e = max(e, 1e-9)
	ratio := c * math.Log(c/e)
	if c < n {
		ratio += (n - c) * math.Log((n-c)/(n-e))
	}
	return ratio
}

// tail is the probability of c or more of n at a share each.
func tail(c, n int, share float64) float64 {
	switch {
	case c <= 0:
		return 1
	case share <= 0:
		return 0
	case share >= 1:
		return 1
	}
	return mathext.RegIncBeta(float64(c), float64(n-c+1), share)
}

// lnChoose is the logarithm of the number of ways to take k of n.
func lnChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
