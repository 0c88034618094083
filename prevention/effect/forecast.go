package effect

import (
	"math"
	"time"

	"gonum.org/v1/gonum/mathext"

	"github.com/qianyi-dev/qianyi/prevention"
)

// maxPast is how many days before the notice the forecast rests on.
const maxPast = 14

// Forecast compares the whole issue after the notice with what its past lets
// expect. It has no control group: the issue may have ended by itself.
type Forecast struct {
	// PastDays and Days are whole days before and after the day of the notice.
	PastDays int `json:"past_days"`
	Days     int `json:"days"`
	// Seen are distinct customers by day, summed; Expected is the mean of the
	// forecast, Low to High its middle 90 %.
	Seen     int     `json:"seen"`
	Expected float64 `json:"expected"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Verdict  Verdict `json:"verdict"`
	Words    string  `json:"words"`
}

// BeforeAfter forecasts the days of the series after the notice from at most
// 14 whole days before it. The customers of a day are Poisson around a rate
// for each complaint of any kind, so that weekdays, growth and surges of the
// whole service cancel; the rate is Gamma distributed after the past (shape ½
// for nothing known), the sum after the notice therefore negative binomial
// (Gelman et al., Bayesian Data Analysis, 2.6). When the past scatters more
// than Poisson, by Pearson's chi-square for each degree of freedom, both are
// counted in clumps of that size. The day of the notice belongs to neither.
func BeforeAfter(series []prevention.DayCount, told time.Time) Forecast {
	var past, after []prevention.DayCount
	for _, d := range series {
		switch {
		case !d.Day.AddDate(0, 0, 1).After(told):
			past = append(past, d)
		case !d.Day.Before(told):
			after = append(after, d)
		}
	}
	past = past[max(0, len(past)-maxPast):]
	f := Forecast{PastDays: len(past), Days: len(after), Verdict: VerdictNone}
	customers, clock := total(past)
	seen, next := total(after)
	f.Seen = int(seen)
	if clock > 0 && next > 0 {
		clump := scatter(past, customers/clock)
		shape := 0.5 + customers/clump
		f.Expected = clump * shape * next / clock
		f.Low, f.High = clump*quantile(0.05, shape, clock, next), clump*quantile(0.95, shape, clock, next)
		f.Verdict = verdict(seen-f.High, seen-f.Low)
	}
	f.Words = f.words()
	return f
}

func total(days []prevention.DayCount) (customers, clock float64) {
	for _, d := range days {
		customers += float64(d.Customers)
		clock += float64(d.Complaints)
	}
	return customers, clock
}

// scatter is Pearson's chi-square for each degree of freedom, at least 1.
func scatter(days []prevention.DayCount, rate float64) float64 {
	var sum float64
	n := -1
	for _, d := range days {
		if e := rate * float64(d.Complaints); e > 0 {
			sum += (float64(d.Customers) - e) * (float64(d.Customers) - e) / e
			n++
		}
	}
	return max(1, sum/float64(max(n, 1)))
}

// quantile is the least count that a negative binomial, of a Gamma(shape,
// past) rate over next, stays at or below with probability q.
func quantile(q, shape, past, next float64) float64 {
	p := past / (past + next)
	below := func(x float64) bool { return mathext.RegIncBeta(shape, x+1, p) < q }
	lo, hi := -1.0, 1.0
	for below(hi) {
		lo, hi = hi, 2*hi
	}
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); below(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
