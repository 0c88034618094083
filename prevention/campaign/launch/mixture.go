package launch

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// weighted is y complaints of n customers that count with the weight w.
type weighted struct{ y, n, w float64 }

// mixture is the predictive distribution of a number of complaints: negative
// binomials, one for each mean rate and shape that the past allows.
type mixture struct {
	parts []part
}

// part is a negative binomial of shape a and mean a(1-p)/p.
type part struct{ weight, a, p float64 }

const (
	rateSteps  = 41
	shapeSteps = 25
	// Shapes from 0.2 (a few campaigns have nearly all complaints) to 200 (all
	// are alike); shapes around 2.5 are the likeliest before anything is seen.
	leastShape, mostShape = 0.2, 200.0
	likelyShape           = 2.5
	shapeSpread           = 1.0 // standard deviation of the logarithm
	// rateRange is how far, as a factor, mean rates reach around that of all.
	rateRange = 30.0
	// negligible is the weight, against the best one, of a part that is left out.
	negligible = 1e-4
	// leastWeight is that of a campaign which says nothing.
	leastWeight = 1e-3
)

// newMixture weighs every mean rate and shape by how well it explains the past
// and predicts the complaints of reach customers.
func newMixture(past []weighted, reach float64) mixture {
	past = slices.DeleteFunc(past, func(p weighted) bool { return p.w < leastWeight })
	complaints, reached := 0.5, 0.0 // half a complaint, as the rate of none is not 0
	for _, p := range past {
		complaints, reached = complaints+p.w*p.y, reached+p.w*p.n
	}
	centre := math.Log(complaints / reached)
	type point struct{ a, mean, log float64 }
	var grid []point
	best := math.Inf(-1)
	for j := range shapeSteps {
		a := leastShape * math.Pow(mostShape/leastShape, float64(j)/(shapeSteps-1))
		shape := logShape(past, a)
		for i := range rateSteps {
			mean := math.Exp(centre + math.Log(rateRange)*(2*float64(i)/(rateSteps-1)-1))
			l := shape
			for _, p := range past {
				q := p.n * mean / (a + p.n*mean)
				l += p.w * (a*math.Log1p(-q) + p.y*math.Log(q))
			}
			grid = append(grid, point{a, mean, l})
			best = max(best, l)
		}
	}
	var m mixture
	total := 0.0
	for _, g := range grid {
		if w := math.Exp(g.log - best); w > negligible {
			m.parts = append(m.parts, part{w, g.a, g.a / (g.a + reach*g.mean)})
			total += w
		}
	}
	for i := range m.parts {
		m.parts[i].weight /= total
	}
	return m
}

// logShape is what of the logarithm of prior and likelihood depends on the
// shape alone; what depends on neither shape nor rate is left out.
func logShape(past []weighted, a float64) float64 {
	z := math.Log(a/likelyShape) / shapeSpread
	l := -z * z / 2
	la, _ := math.Lgamma(a)
	for _, p := range past {
		ya, _ := math.Lgamma(p.y + a)
		l += p.w * (ya - la)
	}
	return l
}

// mean is the expected number. The tail of rates far above the past, which few
// campaigns do not exclude, is in it.
func (m mixture) mean() float64 {
	sum := 0.0
	for _, p := range m.parts {
		sum += p.weight * p.a * (1 - p.p) / p.p
	}
	return sum
}

// atMost is the probability of k or fewer: for one negative binomial the
// regularised incomplete beta function of p at a and k+1.
func (m mixture) atMost(k int) float64 {
	sum := 0.0
	for _, p := range m.parts {
		sum += p.weight * mathext.RegIncBeta(p.a, float64(k)+1, p.p)
	}
	return sum
}

// quantile is the least number that is not exceeded with probability q.
func (m mixture) quantile(q float64) int {
	high := 1
	for m.atMost(high) < q && high < math.MaxInt32 {
		high *= 2
	}
	low := 0
	for low < high {
		middle := (low + high) / 2
		if m.atMost(middle) >= q {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
