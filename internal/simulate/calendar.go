package simulate

import (
	"math"
	"math/rand/v2"
	"time"
)

// hours are running totals of the weight of each hour of a day: quiet nights,
// a busy morning, a second peak after supper.
var hours = cumulate([]float64{6, 4, 3, 2, 2, 4, 12, 30, 60, 95, 100, 85, 55, 55, 75, 85, 80, 65, 60, 75, 85, 70, 40, 16})

// moment draws a time on day n of the scenario.
func (g *generator) moment(r *rand.Rand, n int) time.Time {
	hour := time.Duration(weighted(r, hours)) * time.Hour
	return g.begin.AddDate(0, 0, n).Add(hour + time.Duration(r.IntN(3600))*time.Second)
}

// delaySigma is the standard deviation of the logarithm of the delay of a
// complaint.
const delaySigma = .8

// later draws when somebody complains of what happened at a time. Nobody does
// within ten minutes, and few at night: then it waits for the morning.
func later(r *rand.Rand, at time.Time, medianDays float64) time.Time {
	delay := medianDays * math.Exp(delaySigma*r.NormFloat64())
	t := at.Add(10*time.Minute + time.Duration(min(delay, 365)*float64(day))).Truncate(time.Second)
	if h := t.Hour(); h < 7 && r.Float64() < .9 {
		t = t.Add(time.Duration(7-h)*time.Hour + time.Duration(r.IntN(3*3600))*time.Second)
	}
	return t
}

// volume is the mean number of background complaints of day n.
func (g *generator) volume(n int) float64 {
	v := g.PerDay * (1 + g.Background.Growth*float64(n)/float64(g.Days))
	if w := g.Background.Weekday; len(w) == 7 {
		total := 0.
		for _, x := range w {
			total += x
		}
		monday := (int(g.begin.AddDate(0, 0, n).Weekday()) + 6) % 7
		v *= 7 * w[monday] / total
	}
	for _, d := range g.Disturbances {
		if d.Kind == Surge && n >= d.From && n < d.To {
			v *= d.Factor
		}
	}
	return v
}
