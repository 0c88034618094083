package detect

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// windows are the scanned lengths in buckets: 6 and 12 hours, 1, 2, 3, 5, 7,
// 10, 14, 21 and 28 days. Each ends with the current bucket.
var windows = [...]int32{1, 2, 4, 8, 12, 20, 28, 40, 56, 84, longest}

const (
	// effectiveWindows corrects the smallest of the windows' probabilities: as
	// they overlap, they are worth so many independent ones, by simulation
	// (TestPValuesMeanWhatTheySay).
	effectiveWindows = 4.5
	// priorShape is the weight of what is expected before anything is known, in
	// complaints: half of one, so that a new unit is neither impossible nor sure.
	priorShape = 0.5
	// steadiest bounds, in complaints, what the past is worth: the rate of a steady
	// issue drifts, mostly by a half up or down from month to month (the inverse
	// root of this), so a rise must be steeper than that however long the past.
	steadiest = 4
	// leastCount is the smallest count that is judged: two customers and a third
	// who copied one of them.
	leastCount = 2.5
)

// sample is what is known of one unit and window: how many customers came, how
// many were expected for the clock of the window before looking at the unit's
// own past, and both for the past.
type sample struct {
	n, expected         float64
	pastN, pastExpected float64
}

// posterior returns shape and rate of the Gamma distribution of the factor by
// which the unit differs from what was expected.
func (s sample) posterior() (shape, rate float64) {
	shape, rate = priorShape+s.pastN, priorShape+s.pastExpected
	if shape > steadiest {
		shape, rate = steadiest, rate*steadiest/shape
	}
	return shape, rate
}

// mean is the number of customers that the unit's past leads to expect.
func (s sample) mean() float64 {
	shape, rate := s.posterior()
	return s.expected * shape / rate
}

// surprise returns -log10 of the probability of at least n customers when the
// factor is Gamma distributed after its past: the tail of a negative binomial
// (Gelman et al., "Bayesian Data Analysis", 2.6), by the regularised incomplete
// beta function.
func (s sample) surprise() float64 {
	if s.n <= 0 || s.expected <= 0 {
		return 0
	}
	shape, rate := s.posterior()
	p := mathext.RegIncBeta(s.n, shape, s.expected/(rate+s.expected))
	return -math.Log10(max(p, 1e-300))
}

// atMost bounds the surprise from above without a special function: that of the
// single count n under the Poisson distribution of the same mean, whose tail is
// thinner (Stirling's formula).
func (s sample) atMost() float64 {
	m := s.mean()
	if s.n <= m {
		return 0.5
	}
	return (s.n*math.Log(s.n/m) - s.n + m + 0.5*math.Log(2*math.Pi*s.n) + 1/(12*s.n)) / math.Ln10
}

// band returns the 5 % and the 95 % quantile of the number of customers.
func (s sample) band() (low, high float64) {
	shape, rate := s.posterior()
	q := s.expected / (rate + s.expected)
	low = -1
	for k := 0.0; k < 1e6; k++ {
		below := 1 - mathext.RegIncBeta(k+1, shape, q)
		if low < 0 && below >= 0.05 {
			low = k
		}
		if below >= 0.95 {
			return low, k
		}
	}
	return max(low, 0), 1e6
}

// finding is the most surprising window of a unit; Buckets is 0 when no window
// surprised. Score is corrected for the windows tried.
type finding struct {
	sample
	score   float64
	buckets int32
}

// source yields what a unit is expected to have: the clock it runs on, and the
// part of the clock's complaints in a stretch of buckets.
type source struct {
	clock *series
	share func(after, upTo int32) float64
}

func constant(share float64) func(after, upTo int32) float64 {
	return func(int32, int32) float64 { return share }
}

func (s source) expected(after, upTo int32) float64 {
	return s.clock.between(after, upTo) * s.share(after, upTo)
}

// leastPast is how many times as long as a window, on the message clock, the
// known past must be: before, what is steady looks new.
const leastPast = 2

// scan looks at every window that begins after the bucket since. It skips what
// cannot reach least.
func (c counts) scan(from source, now, since int32, least float64) finding {
	var best finding
	total := c.between(now-horizon, now)
	for _, w := range windows {
		after := now - w
		if after < since || from.clock.between(after-memory, after) < leastPast*from.clock.between(after, now) {
			break
		}
		n := c.between(after, now)
		if n < leastCount {
			continue
		}
		s := sample{
			n: n, expected: from.expected(after, now),
			pastN: total - n, pastExpected: from.expected(after-memory, after),
		}
		if floor := max(least, best.score); floor > 0 && s.atMost()-math.Log10(effectiveWindows) < floor {
			continue
		}
		if score := s.surprise() - math.Log10(effectiveWindows); score > best.score {
			best = finding{s, score, w}
		}
	}
	return best
}

// combine returns the score of two independent findings together (Fisher's
// method for two probabilities: P(p1*p2 <= x) = x*(1-ln x)).
func combine(a, b float64) float64 {
	x := max(a, 0) + max(b, 0)
	return x - math.Log10(1+x*math.Ln10)
}
