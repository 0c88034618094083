package demo

import (
	"math/rand/v2"
	"time"
)

const (
	day = 24 * time.Hour
	// history is how far back the complaints reach.
	history = 120 * day
	// The anniversary sale runs in the second month before now.
	saleStart = 46 * day
	saleEnd   = 40 * day
)

// weekdayWeight and hourWeight shape when people complain: most on Mondays, in
// the office hours and after supper. The heaviest weight is 1.
var (
	weekdayWeight = [7]float64{time.Sunday: .58, time.Monday: 1, time.Tuesday: .9, time.Wednesday: .85,
		time.Thursday: .82, time.Friday: .8, time.Saturday: .65}
	hourWeight = [24]float64{.06, .04, .03, .02, .02, .04, .12, .3, .6, .95, 1, .85,
		.55, .55, .75, .85, .8, .65, .6, .75, .85, .7, .4, .16}
)

// growth is the share of today's volume that the oldest day had.
const growth = 0.45

// moment draws a time of complaint within the history. During the sale
// complaints are peak times (at least 1) as likely.
func (f *founder) moment(r *rand.Rand, peak float64) time.Time {
	for {
		age := between(r, time.Minute, history)
		t := f.now.Add(-age).Truncate(time.Second)
		w := 1 - (1-growth)*float64(age)/float64(history)
		w *= weekdayWeight[t.Weekday()] * hourWeight[t.Hour()]
		if age < saleStart && age >= saleEnd-2*day {
			w *= peak
		}
		if r.Float64()*peak < w {
			return t
		}
	}
}
