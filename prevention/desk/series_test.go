package desk_test

import (
	"math"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
)

const oneDay = 24 * time.Hour

// Points of the Poisson distribution as R's qpois gives them.
func TestBandIsThatOfPoisson(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ mean, low, high float64 }{
		{0, 0, 0}, {0.05, 0, 0}, {0.5, 0, 2}, {1, 0, 3}, {5, 2, 9}, {10, 5, 15}, {50, 39, 62}, {100, 84, 117}, {400, 367, 433}, {1000, 948, 1052},
	} {
		o := newOffice(t)
		o.record(prevention.Cluster{ID: "K1", Title: "t", Alarm: prevention.Alarm{At: start, Days: 1, Baseline: tt.mean}})
		o.complain("K1", "a", start, 1)
		p := last(o.series("K1"))
		if p.Expected != tt.mean || p.Low != tt.low || p.High != tt.high {
			t.Errorf("mean %v: got %v from %v to %v, want it from %v to %v", tt.mean, p.Expected, p.Low, p.High, tt.low, tt.high)
		}
	}
}

func (o *office) series(id prevention.ClusterID) []desk.Point {
	o.t.Helper()
	view, err := o.View(o.t.Context(), id)
	o.must(err)
	return view.Series
}

func last(points []desk.Point) desk.Point { return points[len(points)-1] }

// The baseline of two days with 6 complaints in all is 3 customers; a day of
// 12 complaints therefore lets expect 6.
func TestExpectationFollowsTheVolumeOfTheService(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	alarm := start.Add(-3 * oneDay)
	o.record(prevention.Cluster{ID: "K1", Title: "t", Alarm: prevention.Alarm{At: alarm, Days: 2, Baseline: 3}})
	o.complain("K1", "a", alarm, 4)
	o.complain("", "b", alarm.Add(-oneDay), 2)
	o.complain("", "c", alarm.Add(-2*oneDay), 50) // before the window
	o.complain("", "d", start, 12)
	points := o.series("K1")
	expected := map[string]float64{}
	for _, p := range points {
		expected[p.Day.Format(time.DateOnly)] = p.Expected
	}
	for day, want := range map[string]float64{"2026-03-06": 2, "2026-03-05": 1, "2026-03-04": 25, "2026-03-08": 0, "2026-03-09": 6} {
		if math.Abs(expected[day]-want) > 1e-9 {
			t.Errorf("%s: expected %v, want %v", day, expected[day], want)
		}
	}
}

func TestChart(t *testing.T) {
	t.Parallel()
	day := func(points []desk.Point, i int) string { return points[i].Day.Format(time.DateOnly) }
	for _, tt := range []struct {
		name        string
		zone        *time.Location
		cluster     prevention.Cluster
		complaintAt time.Time
		now         time.Time
		first, last string
		on          string // the day that has the customers
	}{
		{
			name: "before midnight in Shanghai", zone: shanghai, complaintAt: start, now: start.Add(time.Minute),
			first: "2026-02-09", last: "2026-03-09", on: "2026-03-09",
		},
		{
			name: "after midnight in Shanghai", zone: shanghai, complaintAt: start.Add(20 * time.Minute), now: start.Add(time.Hour),
			first: "2026-02-10", last: "2026-03-10", on: "2026-03-10",
		},
		{
			name: "the same in UTC", zone: time.UTC, complaintAt: start.Add(20 * time.Minute), now: start.Add(time.Hour),
			first: "2026-02-09", last: "2026-03-09", on: "2026-03-09",
		},
		{
			name: "at midnight itself", zone: shanghai, complaintAt: start.Add(15 * time.Minute), now: start.Add(15 * time.Minute),
			first: "2026-02-10", last: "2026-03-10", on: "2026-03-10",
		},
		{
			name: "an alarm with a long window", zone: shanghai, complaintAt: start, now: start,
			cluster: prevention.Cluster{Alarm: prevention.Alarm{At: start, Days: 14, Baseline: 1}},
			first:   "2026-01-26", last: "2026-03-09", on: "2026-03-09",
		},
		{
			name: "long over", zone: shanghai, complaintAt: start, now: start.AddDate(1, 0, 0),
			first: "2026-02-09", last: "2026-04-06", on: "2026-03-09",
		},
		{
			name: "very long", zone: shanghai, complaintAt: start, now: start,
			cluster: prevention.Cluster{Alarm: prevention.Alarm{At: start.AddDate(-1, 0, 0), Days: 7, Baseline: 1}},
			first:   "2025-11-10", last: "2026-03-09", on: "2026-03-09",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			clock := testkit.NewClock(tt.now)
			o := newOffice(t, func(d *desk.Deps) { d.Zone, d.Now = tt.zone, clock.Now })
			tt.cluster.ID, tt.cluster.Title = "K1", "t"
			o.record(tt.cluster)
			o.complain("K1", "a", tt.complaintAt, 3)
			points := o.series("K1")
			if len(points) == 0 || len(points) > 120 {
				t.Fatalf("the chart has %d days, want 1 to 120", len(points))
			}
			if first, end := day(points, 0), day(points, len(points)-1); first != tt.first || end != tt.last {
				t.Errorf("the chart goes from %s to %s, want %s to %s", first, end, tt.first, tt.last)
			}
			for i, p := range points {
				want := 0
				if day(points, i) == tt.on {
					want = 3
				}
				if p.Customers != want || p.Complaints != want {
					t.Errorf("%s: got %d customers of %d complaints, want %d", day(points, i), p.Customers, p.Complaints, want)
				}
			}
		})
	}
}

func TestAClusterWithoutComplaintsHasAChart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "t"})
	if points := o.series("K1"); len(points) == 0 || len(points) > 120 || last(points).Day.After(start) {
		t.Errorf("got %d days, up to %v", len(points), last(points).Day)
	}
}
