package verdict

import (
	"gonum.org/v1/gonum/stat/distuv"
)

// Gamma is a distribution of a rate per customer: of mean Shape/Scale.
type Gamma struct{ Shape, Scale float64 }

// Mean returns the mean rate per customer.
func (g Gamma) Mean() float64 { return g.Shape / g.Scale }

// Given returns the distribution once a count is known.
func (g Gamma) Given(c Count) Gamma {
	return Gamma{g.Shape + float64(c.Complained), g.Scale + c.AtRisk}
}

// quantile is the rate that is not exceeded with a probability.
func (g Gamma) quantile(p float64) float64 {
	return distuv.Gamma{Alpha: g.Shape, Beta: g.Scale}.Quantile(p)
}

// Rate is complaining customers per 10 000 reached, with the interval that holds
// it with a probability of 90 %.
type Rate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

const perTenThousand = 10_000

// Rate returns the rate of the distribution.
func (g Gamma) Rate() Rate {
	return Rate{perTenThousand * g.Mean(), perTenThousand * g.quantile(0.05), perTenThousand * g.quantile(0.95)}
}

// Ratio is one rate by another, with its 90 % interval.
type Ratio struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// over compares two independent rates. Of Gamma variables X and Y of scale 1,
// X/(X+Y) is Beta (N. L. Johnson et al., "Continuous Univariate Distributions",
// vol. 2, 25.2); Value is the median.
func (g Gamma) over(o Gamma) Ratio {
	at := func(p float64) float64 {
		x := distuv.Beta{Alpha: g.Shape, Beta: o.Shape}.Quantile(p)
		return x / max(1-x, 1e-12) * o.Scale / g.Scale
	}
	return Ratio{at(0.5), at(0.05), at(0.95)}
}

// ofCount is the rate of a count about which nothing else is known: Jeffreys'
// prior for a Poisson rate.
func ofCount(c Count) Gamma { return Gamma{0.5 + float64(c.Complained), max(c.AtRisk, 1e-9)} }
