package desk

import (
	"context"
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// Point is one day of a cluster's chart: the distinct customers, what was
// expected of that day, and the band of 90 % around it.
type Point struct {
	Day                 time.Time
	Customers           int
	Complaints          int // all complaints of the service
	Expected, Low, High float64
}

const (
	// seriesBefore is how many days before the alarm's window a chart shows, and
	// how many after the last complaint.
	seriesBefore = 28
	// maxPoints bounds a chart; the latest days stay.
	maxPoints = 120
)

// series returns the chart of a cluster, up to today.
func (s *Service) series(ctx context.Context, c *prevention.Cluster) ([]Point, error) {
	from, to := c.FirstAt, s.d.Now()
	if start := c.Alarm.At.AddDate(0, 0, -c.Alarm.Days); !c.Alarm.At.IsZero() && start.Before(from) {
		from = start
	}
	from = from.AddDate(0, 0, -seriesBefore)
	if last := c.LastAt.AddDate(0, 0, seriesBefore); !c.LastAt.IsZero() && last.Before(to) {
		to = last
	}
	if oldest := to.AddDate(0, 0, 1-maxPoints); from.Before(oldest) {
		from = oldest
	}
	days, err := s.daily(ctx, c.ID, from, to)
	if err != nil {
		return nil, err
	}
	rate, err := s.rate(ctx, c)
	if err != nil {
		return nil, err
	}
	return band(days, rate), nil
}

// daily counts the local days from that of from to that of to, both included.
func (s *Service) daily(ctx context.Context, id prevention.ClusterID, from, to time.Time) ([]prevention.DayCount, error) {
	return s.d.Members.Daily(ctx, id, from, to.Add(time.Millisecond), s.d.Zone)
}

// rate is the baseline of the alarm for each complaint of any kind in the days
// of its window. Spread over other days it rises with weekdays, growth and
// general surges, as the baseline did. It is 0 for a cluster without a baseline.
func (s *Service) rate(ctx context.Context, c *prevention.Cluster) (float64, error) {
	a := &c.Alarm
	if a.Baseline <= 0 || a.At.IsZero() {
		return 0, nil
	}
	days, err := s.daily(ctx, c.ID, a.At.AddDate(0, 0, 1-max(a.Days, 1)), a.At)
	if err != nil {
		return 0, err
	}
	complaints := 0
	for _, d := range days {
		complaints += d.Complaints
	}
	if complaints == 0 {
		return 0, nil
	}
	return a.Baseline / float64(complaints), nil
}

// band adds to the days what the rate lets expect: the mean, and the central
// 90 % of a Poisson distribution with it.
func band(days []prevention.DayCount, rate float64) []Point {
	points := make([]Point, len(days))
	for i, d := range days {
		mean := rate * float64(d.Complaints)
		points[i] = Point{
			Day: d.Day, Customers: d.Customers, Complaints: d.Complaints,
			Expected: mean, Low: poissonQuantile(mean, 0.05), High: poissonQuantile(mean, 0.95),
		}
	}
	return points
}

// poissonQuantile returns the smallest k whose distribution function reaches p,
// 0 < p < 1. Above a mean of 500 it is the normal approximation, within 1 of it.
func poissonQuantile(mean, p float64) float64 {
	if mean > 500 {
		return math.Round(mean + math.Sqrt2*math.Erfinv(2*p-1)*math.Sqrt(mean))
	}
	term := math.Exp(-mean)
	k, sum := 0.0, term
	for sum < p {
		k++
		term *= mean / k
		sum += term
	}
	return k
}
