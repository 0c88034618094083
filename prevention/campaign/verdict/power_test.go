package verdict_test

import (
	"slices"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
)

// A campaign changes its rules on day 52: for 18 days 45 customers a day get the
// new ones, beside the others. The day of the signal counts from the change.
func TestDaysToSignal(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const change, runs = 52, 20
	for _, tt := range []struct {
		name         string
		before, then float64
		delay        float64
		segments     bool
		within       int // days of the median
		least        int // how many of the runs must be found at all
	}{
		{"×40, a segment of its own", 0.001, 0.04, 3, true, 5, 19},
		{"×40, no segment known", 0.001, 0.04, 3, false, 8, 18},
		{"×10, a segment of its own", 0.002, 0.02, 3, true, 10, 15},
		{"×10 of a usual rate", 0.01, 0.1, 3, false, 8, 18},
		{"×3 of a usual rate", 0.01, 0.03, 3, true, 20, 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var took []int
			stops := 0
			for i := range runs {
				w := newWorld(uint64(1000 + i))
				w.rate, w.delay = tt.before, tt.delay
				e := w.past(4)
				old, changed := make([]int, days), make([]int, days)
				for d := range days {
					old[d] = w.poisson(27)
					if d >= change && d < change+18 {
						changed[d] = w.poisson(45)
					}
				}
				rest, part := w.complain(old, func(int) float64 { return tt.before }), w.complain(changed, func(int) float64 { return tt.then })
				h := verdict.History{First: 20_000, Days: make([]verdict.Day, days)}
				for d := range h.Days {
					h.Days[d] = verdict.Day{Reached: rest[d].Reached + part[d].Reached, Complained: rest[d].Complained + part[d].Complained}
				}
				if tt.segments {
					h.Segments = []verdict.Segment{{Name: "rule=changed", Days: part}}
				}
				adjust, stop, _ := live(e, h)
				if adjust >= change {
					took = append(took, adjust-change+1)
				}
				if stop >= 0 {
					stops++
				}
			}
			slices.Sort(took)
			if len(took) < tt.least {
				t.Fatalf("found %d of %d, want %d", len(took), runs, tt.least)
			}
			t.Logf("found %d of %d; days to the signal: median %d, 90 %% within %d; %d stops", len(took), runs, took[len(took)/2], took[len(took)*9/10], stops)
			if median := took[len(took)/2]; median > tt.within {
				t.Errorf("got a median of %d days, want at most %d", median, tt.within)
			}
		})
	}
}
