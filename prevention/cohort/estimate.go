package cohort

import (
	"math"

	"github.com/qianyi-dev/qianyi/prevention"
)

const (
	// silentPer is how many affected customers stay silent for each who complains
	// (the rule of thumb of the trade, TARP 1986: one in 25 speaks up).
	silentPer = 24
	// silentSpread is the standard deviation of the logarithm of that one in 25:
	// nine in ten problems lie between one in 7 and one in 93.
	silentSpread = 0.8
	// z90 bounds the middle 90 % of a normal distribution.
	z90 = 1.6449
	// leastBoth is the overlap below which channels say nothing.
	leastBoth = 3
)

// Estimate is how many of the customers whom the cohort's rule matches are
// affected: matched times p, the share affected. Seen are Explained complaints
// from matched customers, a Poisson number with mean matched p r, where r, the
// part of the affected who complain, is log-normal around one in 25. With a
// Beta(2, 1) prior on p, for a rule that explains the complainants mostly hits
// the affected, the posterior is summed over a grid; its median and its middle
// 90 % are returned. Affected is never below the complainants who match.
func Estimate(c prevention.Cohort) prevention.Estimate {
	const grid = 200
	seen := float64(c.Explained)
	weights := make([]float64, grid)
	var sum float64
	for i := range weights {
		p := (float64(i) + 0.5) / grid
		for j := -20; j <= 20; j++ {
			z := float64(j) / 5
			mean := float64(c.Matched) * p * math.Exp(z*silentSpread) / (silentPer + 1)
			gamma, _ := math.Lgamma(seen + 1)
			weights[i] += p * math.Exp(-z*z/2+seen*math.Log(max(mean, 1e-300))-mean-gamma)
		}
		sum += weights[i]
	}
	at := func(q float64) int {
		var below float64
		for i, w := range weights {
			if below += w; below >= q*sum {
				return max(c.Explained, int(math.Round(float64(c.Matched)*(float64(i)+0.5)/grid)))
			}
		}
		return c.Matched
	}
	return prevention.Estimate{Affected: at(0.5), Low: at(0.05), High: at(0.95), Basis: prevention.BasisExposure}
}

// Recapture estimates the affected from two channels of which each was used
// by some and both by a few, with Chapman's estimator and its variance (Seber
// 1982, 3.1), and a log-normal interval over those not seen. It is false when
// the overlap is below three, or more than one of the channels.
func Recapture(first, second, both int) (prevention.Estimate, bool) {
	if both < leastBoth || both > min(first, second) {
		return prevention.Estimate{}, false
	}
	a, b, m := float64(first), float64(second), float64(both)
	n := (a+1)*(b+1)/(m+1) - 1
	variance := (a + 1) * (b + 1) * (a - m) * (b - m) / ((m + 1) * (m + 1) * (m + 2))
	seen := a + b - m
	unseen := max(n-seen, 0)
	factor := 1.0
	if unseen > 0 {
		factor = math.Exp(z90 * math.Sqrt(math.Log(1+variance/(unseen*unseen))))
	}
	return prevention.Estimate{
		Affected: int(math.Round(seen + unseen)), Low: int(math.Round(seen + unseen/factor)), High: int(math.Round(seen + unseen*factor)),
		Basis: prevention.BasisRecapture,
	}, true
}

// RuleOfThumb is one complainant for 24 who stay silent, within a factor of
// 3.7 either way: for want of anything better.
func RuleOfThumb(complainants int) prevention.Estimate {
	n := float64(complainants * (silentPer + 1))
	factor := math.Exp(z90 * silentSpread)
	return prevention.Estimate{
		Affected: int(n), Low: max(complainants, int(math.Round(n/factor))), High: int(math.Round(n * factor)),
		Basis: prevention.BasisRule,
	}
}
