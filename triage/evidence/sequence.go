package evidence

import "math"

// Spend is the part of a level that the k-th of any number of looks, from 1, may
// use up: 6/(π²k²) of it. The parts of all looks add up to the level, so that by
// Boole's inequality the chance that any look is below its part by chance alone
// is at most the level, however the looks depend on each other. Spending a level
// over looks is due to K. K. G. Lan and D. L. DeMets, "Discrete sequential
// boundaries for clinical trials", Biometrika 70, 1983.
func Spend(level float64, k int) float64 {
	looks := float64(max(k, 1))
	return level * 6 / (math.Pi * math.Pi * looks * looks)
}

// AtAnyTime is ByChance for counts that are looked at again and again as they
// grow: of two equally good judges, the chance that it is ever at or below α is
// at most α, whenever one looks and stops. It is the reciprocal of a mixture of
// likelihood ratios of winning with a probability p, evenly over 1/2 < p < 1,
// against 1/2,
//
//	∫ 2 p^won (1-p)^lost 2^(won+lost) dp = Σ C(n+1,j), j=0..won, / ((n+1) C(n,won)), n = won+lost,
//
// which is a martingale of mean 1 (H. Robbins, "Statistical methods related to
// the law of the iterated logarithm", Annals of Mathematical Statistics 41,
// 1970) and so, by J. Ville's inequality of 1939, reaches 1/α with a probability
// of α at most. The price is power: it is larger than ByChance.
func AtAnyTime(won, lost int) float64 {
	won, lost = max(won, 0), max(lost, 0)
	n := won + lost
	of := func(n, k int) float64 { // log C(n,k)
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	scale := math.Log(float64(n+1)) + of(n, won)
	var ratio float64
	for j := range won + 1 {
		ratio += math.Exp(of(n+1, j) - scale)
	}
	return min(1, 1/ratio)
}
