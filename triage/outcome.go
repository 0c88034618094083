package triage

import "math"

// Outcome is how content customers were with one way to settle a case.
type Outcome struct {
	// Scores is how many gave a score, Mean the mean of these, 0..100.
	Scores int
	Mean   float64
}

// OutcomeOf is what is known of a standard solution. A library that was
// imported says how often a solution was used, not how many gave a score: then
// every use counts as one.
func OutcomeOf(s *Solution) Outcome {
	if s.Satisfaction == nil {
		return Outcome{}
	}
	n := s.Scores
	if n == 0 {
		n = s.Uses
	}
	return Outcome{Scores: max(n, 0), Mean: *s.Satisfaction}
}

// Add returns the outcome with one more score.
func (o Outcome) Add(score float64) Outcome { return o.Join(Outcome{1, score}) }

// Join returns the outcome of both together.
func (o Outcome) Join(p Outcome) Outcome {
	n := o.Scores + p.Scores
	if n == 0 {
		return Outcome{}
	}
	mean := (o.Mean*float64(o.Scores) + p.Mean*float64(p.Scores)) / float64(n)
	return Outcome{Scores: n, Mean: mean}
}

// Estimate is what can honestly be said of the satisfaction to come, 0..100.
type Estimate struct {
	// Mean is the best guess; Low and High enclose the truth nine times in ten.
	Mean, Low, High float64
	// Cautious is what the truth exceeds three times in four; it ranks.
	Cautious float64
}

// The prior of every solution, before anybody was asked: the 75 that the source
// documents report as usual, with the weight of three customers. The scores of
// single customers spread by 15 around the mean of their solution; a survey of
// 0..100 that is mostly answered from 60 to 100 does so.
const (
	priorSatisfaction = 75.0
	priorWeight       = 3.0
	scoreSpread       = 15.0

	ninetyPercent = 1.645 // quantiles of the normal distribution
	lowerQuartile = 0.674
)

// Estimate is the posterior of the mean under a normal model with a conjugate
// normal prior and known variance (Gelman et al., Bayesian Data Analysis, 3rd
// ed., section 2.5): the scores weigh n, the prior three.
//
// What ranks is the lower quartile, between two rules that serve customers
// badly. The mean alone lets one lucky 100 pass fifty customers at 80. A strict
// bound, such as 5 %, holds every new solution below what is known to be
// mediocre, for ever: it would never be tried, and never be measured. With the
// quartile, a solution that nobody has tried comes before one that fifty
// customers gave 70, and after one they gave 75.
func (o Outcome) Estimate() Estimate {
	n := float64(o.Scores)
	mean := (o.Mean*n + priorSatisfaction*priorWeight) / (n + priorWeight)
	sd := scoreSpread / math.Sqrt(n+priorWeight)
	within := func(v float64) float64 { return min(max(v, 0), 100) }
	return Estimate{
		Mean: mean, Low: within(mean - ninetyPercent*sd), High: within(mean + ninetyPercent*sd),
		Cautious: within(mean - lowerQuartile*sd),
	}
}
