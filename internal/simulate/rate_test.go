package simulate_test

import (
	"math"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/triage"
)

// near fails when a count is further than five standard deviations of a
// Poisson variable from what was asked.
func near(t *testing.T, what string, got int, want float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 5*math.Sqrt(want) {
		t.Errorf("%s: got %d, want about %.0f", what, got, want)
	}
}

func TestRatesAreThoseAsked(t *testing.T) {
	t.Parallel()
	s := handWritten(t)
	w := generate(t, s)
	p := w.Truth.Incidents[0]
	affected := len(p.Affected) + len(p.Unrecorded)
	near(t, "unrecorded", len(p.Unrecorded), s.NoRecords*float64(affected))
	near(t, "affected of the recorded", len(p.Affected), .6*float64(p.Exposed))

	perDay, late, noRegion, named := make([]int, s.Days+1), 0, 0, 0
	others := len(w.Complaints)
	extra := map[triage.ComplaintID]bool{}
	for _, d := range w.Truth.Disturbances {
		for _, id := range d.ComplaintIDs {
			extra[id] = true
		}
	}
	for _, id := range p.ComplaintIDs {
		extra[id] = true
	}
	others -= len(extra)
	latest := w.Complaints[0].At
	for _, c := range w.Complaints {
		if c.At.Before(latest) {
			late++
		} else {
			latest = c.At
		}
		if c.Region == "" {
			noRegion++
		}
		if c.Product != "" {
			named++
		}
		if !extra[c.ID] {
			perDay[dayOf(t, &s, c.At)]++
		}
	}
	volume := 60. * float64(s.Days) * (1 + .2*float64(s.Days-1)/float64(2*s.Days))
	near(t, "background", others, volume+2*60*3*(1+.2*11/60))
	near(t, "three days of surge", perDay[10]+perDay[11]+perDay[12], 3*60*3*(1+.2*11/60))
	near(t, "complaints without region", noRegion, .1*float64(len(w.Complaints)))
	near(t, "late complaints", late, .05*float64(len(w.Complaints)))
	if share := float64(named) / float64(len(w.Complaints)); share < .15 || share > .4 {
		t.Errorf("%.2f of the complaints name a product, want 0.15 to 0.4: written texts have none", share)
	}
}

func TestShareOfThoseWhoComplain(t *testing.T) {
	t.Parallel()
	s := handWritten(t)
	s.Incidents[0].Repeat = 0
	s.Incidents[0].DelayDays = .5 // over before the scenario is
	w := generate(t, s)
	p, complaints := w.Truth.Incidents[0], byID(w)
	hit := map[triage.CustomerID]bool{}
	for _, list := range [][]simulate.Affected{p.Affected, p.Unrecorded} {
		for _, a := range list {
			hit[a.CustomerID] = true
		}
	}
	from := map[bool]int{}
	for _, id := range p.ComplaintIDs {
		from[hit[complaints[id].CustomerID]]++
	}
	near(t, "complainers of the affected", from[true], .2*float64(len(hit)))
	near(t, "complaints of the unexposed", from[false], .2*float64(p.Complaints))
}
