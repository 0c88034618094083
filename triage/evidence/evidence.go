// Package evidence says how far counts can be trusted: shares with intervals,
// two judges compared on the same cases, distributions compared over time.
package evidence

import "math"

// z95 is the two-sided 95 % quantile of the normal distribution.
const z95 = 1.959963984540054

// Share is how many of so many, with the 95 % interval of E. B. Wilson,
// "Probable Inference, the Law of Succession, and Statistical Inference", JASA
// 22, 1927. Of nothing, the share is 0 and the interval 0 to 1.
type Share struct {
	Right int     `json:"right"`
	Of    int     `json:"of"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// ShareOf returns right out of of.
func ShareOf(right, of int) Share {
	if of <= 0 {
		return Share{High: 1}
	}
	n := float64(of)
	p := float64(right) / n
	centre := p + z95*z95/(2*n)
	half := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	scale := 1 + z95*z95/n
	return Share{
		Right: right, Of: of, Value: p,
		Low: max(0, (centre-half)/scale), High: min(1, (centre+half)/scale),
	}
}

// ByChance is the probability that of two equally good judges one wins so many
// or more of the cases on which exactly one of them is right: the exact
// one-sided test of Q. McNemar, "Note on the sampling error of the difference
// between correlated proportions or percentages", Psychometrika 12, 1947.
func ByChance(won, lost int) float64 {
	n := won + lost
	if n <= 0 {
		return 1
	}
	total, _ := math.Lgamma(float64(n + 1))
	var p float64
	for k := max(won, 0); k <= n; k++ {
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(n - k + 1))
		p += math.Exp(total - a - b - float64(n)*math.Ln2)
	}
	return min(p, 1)
}

// Shift is how far a distribution has moved.
type Shift struct {
	// PSI is the population stability index, the sum of (q-p)·ln(q/p).
	PSI float64 `json:"psi"`
	// Limit is what it stays below in 95 of 100 cases when nothing has changed.
	Limit float64 `json:"limit"`
	// Unusual is set when PSI is above Limit and above 0.1, from which N.
	// Siddiqi, "Credit Risk Scorecards", 2006, calls a change worth looking at.
	Unusual bool `json:"unusual"`
}

// noticeable is the index from which a change matters, however certain it is.
const noticeable = 0.1

// ShiftBetween compares counts of the same categories. Half a case is added to
// each category, so that none is empty. Without change the index is
// (1/n+1/m)·χ² with one degree less than there are categories (B. Yurdakul, J.
// Naranjo, "Statistical properties of the population stability index", Journal
// of Risk Model Validation 14, 2020).
func ShiftBetween(before, after []int) Shift {
	var n, m float64
	for i := range before {
		n += float64(before[i])
		m += float64(after[i])
	}
	if n == 0 || m == 0 || len(before) < 2 {
		return Shift{}
	}
	var s Shift
	half := float64(len(before)) / 2
	for i := range before {
		p := (float64(before[i]) + 0.5) / (n + half)
		q := (float64(after[i]) + 0.5) / (m + half)
		s.PSI += (q - p) * math.Log(q/p)
	}
	s.Limit = (1/n + 1/m) * chiSquare95(float64(len(before)-1))
	s.Unusual = s.PSI > max(s.Limit, noticeable)
	return s
}

// chiSquare95 approximates the 95 % quantile of χ² (Wilson and Hilferty, "The
// Distribution of Chi-Square", PNAS 17, 1931).
func chiSquare95(degrees float64) float64 {
	const z = 1.6448536269514722
	c := 2 / (9 * degrees)
	return degrees * math.Pow(1-c+z*math.Sqrt(c), 3)
}
