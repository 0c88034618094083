package verdict

import "math"

// lifts are the factors by which a rate may have grown, all alike likely.
var lifts = []float64{2, 4, 8, 20, 40}

// worse is the logarithm of an e-value against "both counts have the same rate":
// the likelihood of a rate that is higher in the second, averaged over lifts and
// a prior of the first, by the largest likelihood of one common rate. As that is
// no less than the likelihood of the true one, its mean is at most 1 whatever
// the common rate is (L. Wasserman, A. Ramdas and S. Balakrishnan, "Universal
// inference", PNAS 117, 2020). Counts that grow with time make it an e-process.
func worse(before, after Count, prior Gamma) float64 {
	all := before.plus(after)
	y := float64(all.Complained)
	if y == 0 || before.AtRisk <= 0 || after.AtRisk <= 0 {
		return 0
	}
	same := y*math.Log(y/all.AtRisk) - y
	// Half of the weight is on a wide prior, for a campaign unlike all others.
	wide := Gamma{loneShape, loneShape / prior.Mean()}
	terms := make([]float64, 0, 2*len(lifts))
	for _, g := range []Gamma{prior, wide} {
		base := g.Shape*math.Log(g.Scale) - lgamma(g.Shape) + lgamma(g.Shape+y) - same
		for _, f := range lifts {
			terms = append(terms, base+float64(after.Complained)*math.Log(f)-(g.Shape+y)*math.Log(g.Scale+before.AtRisk+f*after.AtRisk))
		}
	}
	return logSum(terms) - math.Log(float64(len(terms)))
}

// exceeds is the logarithm of an e-process against "the rate is at most limit
// per customer": the mean of likelihood ratios of higher rates.
func exceeds(c Count, limit float64) float64 {
	above := []float64{1.25, 1.5, 2, 3, 5, 10}
	terms := make([]float64, len(above))
	for i, f := range above {
		terms[i] = float64(c.Complained)*math.Log(f) - limit*c.AtRisk*(f-1)
	}
	return logSum(terms) - math.Log(float64(len(above)))
}

// often is the logarithm of an e-process against "at most a share of limit": the
// mean of binomial likelihood ratios of larger shares.
func often(n, of int, limit float64) float64 {
	if of == 0 || limit <= 0 || limit >= 1 {
		return 0
	}
	const steps = 8
	terms := make([]float64, steps)
	for i := range terms {
		p := limit + (1-limit)*float64(i+1)/(steps+1)
		terms[i] = float64(n)*math.Log(p/limit) + float64(of-n)*math.Log((1-p)/(1-limit))
	}
	return logSum(terms) - math.Log(steps)
}

// logSum is the logarithm of the sum of exponentials.
func logSum(terms []float64) float64 {
	top := math.Inf(-1)
	for _, t := range terms {
		top = max(top, t)
	}
	if math.IsInf(top, -1) {
		return top
	}
	s := 0.0
	for _, t := range terms {
		s += math.Exp(t - top)
	}
	return top + math.Log(s)
}
