package verdict

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Past is a past campaign and how like the one in question it is, 0 to 1.
type Past struct {
	Count
	Likeness float64
}

// Prior is what campaigns alike say of the rate before anything is known of the
// campaign itself.
type Prior struct {
	Gamma
	// Campaigns is how many it comes from; 0 when it is the general rate.
	Campaigns int
	// Pool is their counts by likeness.
	Pool Gamma
	// Upper is the rate that one in forty campaigns of the kind exceeds, as far as
	// a few past ones can tell: the less they are the higher it is.
	Upper float64
}

const (
	// loneShape is the shape of a prior that no past campaign supports: rates
	// from a hundredth to a few times the mean are plausible.
	loneShape = 0.5
	// leastLike is the likeness from which a past campaign counts, leastRisk the
	// customers at risk.
	leastLike, leastRisk = 0.15, 50.0
)

// Fit fits the prior to past campaigns: it maximises their marginal likelihood,
// that of negative binomial counts, each by its likeness, and a weak preference
// for a shape near 1 that decides while there are only a few. general is the
// rate of all customers; without past campaigns it is the mean.
func Fit(past []Past, general Count) Prior {
	var pool Count
	weight, n := 0.0, 0
	var used []Past
	for _, p := range past {
		if p.Likeness < leastLike || p.AtRisk < leastRisk {
			continue
		}
		used = append(used, p)
		n++
		weight += p.Likeness * float64(p.Complained)
		pool.AtRisk += p.Likeness * p.AtRisk
	}
	if n == 0 {
		mean := ofCount(general).Mean()
		if general.AtRisk <= 0 {
			mean = unknownRate
		}
		return Prior{Gamma: Gamma{loneShape, loneShape / mean}}
	}
	center := (weight + 0.5) / pool.AtRisk
	grid := likely(used, center)
	best := grid[0]
	for _, g := range grid {
		if g.log > best.log {
			best = g
		}
	}
	return Prior{Gamma: best.Gamma, Campaigns: n, Pool: Gamma{weight + 0.5, pool.AtRisk}, Upper: upper(grid, best.log)}
}

// candidate is a prior with the logarithm of its likelihood.
type candidate struct {
	Gamma
	log float64
}

// likely returns priors of all plausible shapes and means, the means around
// center.
func likely(past []Past, center float64) []candidate {
	var grid []candidate
	for i := range 18 {
		// Up to 4.4: however alike past campaigns were, a prior counts for no more
		// complaints than that, and gives way to a campaign unlike them.
		shape := 0.2 * math.Pow(1.2, float64(i))
		for j := range 41 {
			mean := center * math.Pow(1.12, float64(j-20)) // a tenth to ten times
			g := Gamma{shape, shape / mean}
			grid = append(grid, candidate{g, marginal(past, g)})
		}
	}
	return grid
}

// upper is the 97.5 % quantile of the rate of another campaign, over all priors
// by their likelihood.
func upper(grid []candidate, top float64) float64 {
	const negligible = 6.0
	total := 0.0
	var kept []candidate
	for _, g := range grid {
		if top-g.log < negligible {
			kept = append(kept, g)
			total += math.Exp(g.log - top)
		}
	}
	over := func(rate float64) float64 {
		p := 0.0
		for _, g := range kept {
			p += math.Exp(g.log-top) * distuv.Gamma{Alpha: g.Shape, Beta: g.Scale}.Survival(rate)
		}
		return p / total
	}
	low, high := 1e-7, 1.0
	for high/low > 1.02 {
		middle := math.Sqrt(low * high)
		if over(middle) > 0.025 {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// unknownRate is the rate when nothing at all is known: ten per 10 000.
const unknownRate = 0.001

// marginal is the logarithm of the likelihood of the counts when their rates
// come from g, by likeness, with that of the shape, which is taken to be
// log-normal around 1.
func marginal(past []Past, g Gamma) float64 {
	l := -0.5 * math.Log(g.Shape) * math.Log(g.Shape)
	for _, p := range past {
		y := float64(p.Complained)
		l += p.Likeness * (lgamma(g.Shape+y) - lgamma(g.Shape) + g.Shape*math.Log(g.Scale/(g.Scale+p.AtRisk)) - y*math.Log(g.Scale+p.AtRisk))
	}
	return l
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
