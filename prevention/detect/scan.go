package detect

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// sample is what one window knows of a cell: customers who complained in it,
// all complaints in it (the message clock, which cancels weekday, growth and
// general surges), and both for the time before.
type sample struct {
	customers, clock         float64
	pastComplaints, pastTime float64
}

// priorShape is the weight of the prior in imaginary complaints: half of one,
// so that a new cell is neither impossible nor certain.
const priorShape = 0.5

// surprise returns -log10 of the probability of at least as many customers,
// when the cell's rate per complaint of any kind is Gamma distributed after
// its past: the tail of a negative binomial (Gelman et al., "Bayesian Data
// Analysis", 2.6), by the regularised incomplete beta function. share is what
// the cell is expected to have of all complaints before anything is known.
func surprise(s sample, share float64) float64 {
	if s.customers <= 0 || s.clock <= 0 {
		return 0
	}
	rate := priorShape/share + s.pastTime
	p := mathext.RegIncBeta(s.customers, priorShape+s.pastComplaints, s.clock/(rate+s.clock))
	return -math.Log10(max(p, math.SmallestNonzeroFloat64))
}

// expected is the mean of the same distribution.
func expected(s sample, share float64) float64 {
	return s.clock * (priorShape + s.pastComplaints) / (priorShape/share + s.pastTime)
}
