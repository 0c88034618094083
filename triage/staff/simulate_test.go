package staff_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/staff"
)

// rows are a source without a book.
type rows []fact.Row

func (r rows) Each(_ fact.Filter, do func(*fact.Row)) {
	for i := range r {
		do(&r[i])
	}
}

const (
	agents  = 24
	kinds   = 6
	perHead = 250
)

// world draws the cases of agents with very different mixes: the kinds of case
// differ by a factor of 20 in time and from 95 % to 45 % in satisfaction, and
// each agent has mostly two kinds, of two urgencies. pace and pleasing are the
// agents' own.
func world(r *rand.Rand, pace func(agent int) float64, pleasing func(agent int) float64) rows {
	var all rows
	for a := range agents {
		main, other := r.IntN(kinds), r.IntN(kinds)
		for range perHead/2 + r.IntN(perHead) {
			kind := r.IntN(kinds)
			switch u := r.Float64(); {
			case u < 0.5:
				kind = main
			case u < 0.8:
				kind = other
			}
			urgent := r.IntN(3)
			hard := math.Log(60) + 0.6*float64(kind) - 0.4*float64(urgent)
			happy := 0.95 - 0.1*float64(kind)
			row := fact.Row{Day: fact.Date(2026, 1, 1+r.IntN(90)), Flags: fact.Ended, Respond: fact.None, Satisfaction: 20}
			row.Values[fact.Type], row.Values[fact.Urgency] = fmt.Sprint("type", kind), fmt.Sprint(urgent)
			row.Values[fact.Channel], row.Values[fact.Tier] = []string{"电话", "网站"}[r.IntN(2)], []string{"普通", "VIP"}[r.IntN(8)/7]
			row.Values[fact.Owner] = fmt.Sprintf("agent%02d", a)
			row.Resolve = int32(math.Exp(hard + pace(a) + 0.8*r.NormFloat64()))
			if r.Float64() < happy+pleasing(a) {
				row.Satisfaction = 90
			}
			all = append(all, row)
		}
	}
	return all
}

func none(int) float64 { return 0 }

// flagged counts verdicts of better or worse.
func flagged(h *staff.House, m staff.Measure) (n int) {
	for _, c := range h.Cards {
		if v := c.Results[m].Verdict; v == staff.Better || v == staff.Worse {
			n++
		}
	}
	return n
}

// rawFlagged counts those whom a comparison as the figures are would single out:
// more than 1.645 standard errors off the mean of the house.
func rawFlagged(h *staff.House, m staff.Measure) (n int) {
	for _, c := range h.Cards {
		r := c.Results[m]
		l := h.Limits(m, r.N)
		off := r.Raw < l.Low95 || r.Raw > l.High95
		if off {
			n++
		}
	}
	return n
}

func TestEqualAgentsWithUnequalCasesAreEqual(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs = 60
	var flags, raw [staff.Measures]int
	for run := range runs {
		h := staff.Compare(world(rand.New(rand.NewPCG(1, uint64(run))), none, none), fact.Filter{}, fact.Owner)
		for _, m := range []staff.Measure{staff.Resolve, staff.Satisfied} {
			flags[m] += flagged(h, m)
			raw[m] += rawFlagged(h, m)
		}
	}
	for _, m := range []staff.Measure{staff.Resolve, staff.Satisfied} {
		got, unadjusted := float64(flags[m])/(runs*agents), float64(raw[m])/(runs*agents)
		t.Logf("%s: %.1f %% singled out, %.1f %% unadjusted", m, 100*got, 100*unadjusted)
		if got > 0.05 {
			t.Errorf("%s: %.1f %% of equal agents singled out, want at most 5 %%", m, 100*got)
		}
		if unadjusted < 0.4 {
			t.Errorf("%s: unadjusted only %.1f %% singled out: the mixes of the test differ too little", m, 100*unadjusted)
		}
	}
}

func TestAReallySlowerAgentIsFound(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs = 60
	found, wrong, disappointed := 0, 0, 0
	slow := func(a int) float64 {
		if a == 7 {
			return math.Log(1.5)
		}
		return 0
	}
	unkind := func(a int) float64 {
		if a == 7 {
			return -0.2
		}
		return 0
	}
	for run := range runs {
		h := staff.Compare(world(rand.New(rand.NewPCG(2, uint64(run))), slow, unkind), fact.Filter{}, fact.Owner)
		c, _ := h.Card("agent07")
		found += count(c.Results[staff.Resolve].Verdict == staff.Worse)
		disappointed += count(c.Results[staff.Satisfied].Verdict == staff.Worse)
		wrong += flagged(h, staff.Resolve) - count(c.Results[staff.Resolve].Verdict == staff.Worse)
	}
	t.Logf("half as slow again found %d of %d times, 20 points less satisfaction %d; others singled out %.1f %%",
		found, runs, disappointed, 100*float64(wrong)/(runs*(agents-1)))
	if found < runs*9/10 || disappointed < runs*7/10 {
		t.Errorf("found %d and %d of %d", found, disappointed, runs)
	}
	if wrong > runs*(agents-1)/10 {
		t.Errorf("%d others singled out of %d", wrong, runs*(agents-1))
	}
}

// TestIntervalsHoldTheTruth draws agents who differ, and looks whether nine in
// ten intervals have what each of them really is.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs, differ = 40, 0.15
	inside, all := 0, 0
	for run := range runs {
		r := rand.New(rand.NewPCG(3, uint64(run)))
		var pace [agents]float64
		var typical float64
		for i := range pace {
			pace[i] = differ * r.NormFloat64()
			typical += pace[i] / agents
		}
		h := staff.Compare(world(r, func(a int) float64 { return pace[a] }, none), fact.Filter{}, fact.Owner)
		for i := range pace {
			c, _ := h.Card(fmt.Sprintf("agent%02d", i))
			got := c.Results[staff.Resolve]
			if got.Verdict == staff.TooFew || got.Verdict == staff.NoPeers {
				continue
			}
			truth := math.Exp(pace[i] - typical)
			inside += count(got.Low <= truth && truth <= got.High)
			all++
		}
	}
	share := float64(inside) / float64(all)
	t.Logf("%.1f %% of %d intervals hold the truth", 100*share, all)
	if share < 0.84 || share > 0.97 {
		t.Errorf("%.1f %% of the 90 %% intervals hold the truth", 100*share)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
