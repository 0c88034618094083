package evidence

import "math"

// Interval is an estimate with its 95 % interval. High may be +Inf, and Value
// with it, where nothing bounds it.
type Interval struct {
	Value, Low, High float64
}

// Side says whether all of the interval lies above a value (1) or below it (-1);
// 0 is that it may be either.
func (i Interval) Side(of float64) int {
	switch {
	case i.Low > of:
		return 1
	case i.High < of:
		return -1
	}
	return 0
}

// Interval returns the share as an interval.
func (s Share) Interval() Interval { return Interval{s.Value, s.Low, s.High} }

// RateRatio returns how many times as high the rate of one count is as that of
// another, each count over its exposure (days, customers reached), with the
// exact interval for two Poisson counts (J. Przyborowski, H. Wilenski,
// "Homogeneity of results in testing samples from Poisson series", Biometrika
// 31, 1940). Two empty counts, and exposures that are not positive, say nothing:
// 1 with an interval from 0 to +Inf.
func RateRatio(count int, exposure float64, base int, baseExposure float64) Interval {
	i, _ := ScatteredRatio(count, exposure, base, baseExposure, 1)
	return i
}

func odds(p float64) float64 { return p / (1 - p) }

// Minus returns the difference of two independent estimates, its interval made
// from theirs (G. Y. Zou, A. Donner, "Construction of confidence limits about
// effect measures: a general approach", Statistics in Medicine 27, 2008; for
// shares that is the tenth method of R. G. Newcombe, 1998).
func Minus(a, b Interval) Interval {
	d := a.Value - b.Value
	return Interval{
		Value: d,
		Low:   d - math.Hypot(a.Value-a.Low, b.High-b.Value),
		High:  d + math.Hypot(a.High-a.Value, b.Value-b.Low),
	}
}

// MeanOf returns the mean of n values of which the sum and the sum of squares
// are known, with the interval of the normal distribution. Of fewer than two
// values the interval is without bounds.
func MeanOf(n int, sum, squares float64) Interval {
	if n < 1 {
		return Interval{Low: math.Inf(-1), High: math.Inf(1)}
	}
	mean := sum / float64(n)
	if n == 1 {
		return Interval{mean, math.Inf(-1), math.Inf(1)}
	}
	variance := max(squares-sum*mean, 0) / float64(n-1)
	half := z95 * math.Sqrt(variance/float64(n))
	return Interval{mean, mean - half, mean + half}
}
