package effect_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	horizon = 14 * 24 * time.Hour
	day     = 24 * time.Hour
)

var start = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// follow draws one plan: customers complain with a probability that the notice
// multiplies by ratio, at any time of the horizon.
func follow(r *rand.Rand, customers int, holdout, risk, ratio float64) []prevention.Followed {
	arms := effect.Draw(ids(customers), holdout, r.Uint64())
	list := make([]prevention.Followed, 0, customers)
	for _, id := range ids(customers) {
		f := prevention.Followed{Customer: id, Arm: arms[id], From: start}
		p := risk
		if f.Arm == prevention.ArmTold {
			p *= ratio
		}
		if r.Float64() < p {
			f.Complained = start.Add(time.Duration(r.Float64() * float64(horizon)))
		}
		list = append(list, f)
	}
	return list
}

func followed(told, toldComplained, held, heldComplained int) []prevention.Followed {
	var list []prevention.Followed
	add := func(n, complained int, arm prevention.Arm) {
		for i := range n {
			f := prevention.Followed{Customer: triage.CustomerID(string(arm)), Arm: arm, From: start}
			if i < complained {
				f.Complained = start.Add(time.Duration(i+1) * time.Minute)
			}
			list = append(list, f)
		}
	}
	add(told, toldComplained, prevention.ArmTold)
	add(held, heldComplained, prevention.ArmHeld)
	return list
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		followed []prevention.Followed
		verdict  effect.Verdict
		words    string
	}{
		{"nobody", nil, effect.VerdictNone, "没有保留对照组"},
		{"nobody held", followed(100, 5, 0, 0), effect.VerdictNone, "没有保留对照组"},
		{"nothing yet", followed(800, 0, 200, 0), effect.VerdictOpen, "还不能断定"},
		{"small and different", followed(80, 2, 20, 3), effect.VerdictOpen, "人数少"},
		{"large and different", followed(8000, 200, 2000, 150), effect.VerdictFewer, "可以断定减少了投诉"},
		{"large and harmful", followed(8000, 900, 2000, 100), effect.VerdictMore, "建议停止发送"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := effect.Measure(c.followed, start.Add(horizon), horizon)
			if r.Verdict != c.verdict || !strings.Contains(r.Words, c.words) {
				t.Errorf("got %s %q, want %s and %q", r.Verdict, r.Words, c.verdict, c.words)
			}
			if r.Low > r.Difference || r.Difference > r.High {
				t.Errorf("%f is outside of %f to %f", r.Difference, r.Low, r.High)
			}
			if (r.Verdict == effect.VerdictOpen) != (r.Low <= 0 && r.High >= 0) && r.Verdict != effect.VerdictNone {
				t.Errorf("verdict %s with an interval of %f to %f", r.Verdict, r.Low, r.High)
			}
		})
	}
}

func TestMeasureCountsWhatItShould(t *testing.T) {
	t.Parallel()
	list := followed(10, 0, 10, 0)
	list[0].Complained = start.Add(-time.Hour)        // before
	list[1].Complained = start.Add(horizon)           // too late
	list[2].Complained = start.Add(3 * day)           // counts from the third day on
	list[10].Complained = start.Add(2 * time.Hour)    // held
	list[3].From = start.Add(5 * day)                 // not followed yet on the fourth
	list[3].Complained = start.Add(5*day + time.Hour) // counts later
	early := effect.Measure(list, start.Add(3*day), horizon)
	if early.Told != (effect.Side{Customers: 9}) || early.Held != (effect.Side{Customers: 10, Complained: 1}) {
		t.Errorf("after three days got %+v, %+v", early.Told, early.Held)
	}
	late := effect.Measure(list, start.Add(30*day), horizon)
	if late.Told != (effect.Side{Customers: 10, Complained: 2}) {
		t.Errorf("in the end got %+v", late.Told)
	}
	if want := -(2./10 - 1./10) * 10; math.Abs(late.Avoided-want) > 1e-9 || *late.RelativeRisk != 2 {
		t.Errorf("avoided %f, want %f; relative risk %f, want 2", late.Avoided, want, *late.RelativeRisk)
	}
}

// The log-rank statistic by hand: two complaints, the first with four
// customers in each arm, the second with three told and four held.
func TestMeasureLogRank(t *testing.T) {
	t.Parallel()
	list := followed(4, 1, 4, 0)
	list[4].Complained = start.Add(time.Hour)
	r := effect.Measure(list, start.Add(horizon), horizon)
	wantU := (1 - 4./8) + (0 - 3./7)
	wantV := 4./8*4./8 + 3./7*4./7
	if math.Abs(r.U-wantU) > 1e-12 || math.Abs(r.V-wantV) > 1e-12 {
		t.Errorf("got U %f, V %f, want %f, %f", r.U, r.V, wantU, wantV)
	}
}

// Looking every day must not find an effect where there is none in more than
// one of twenty plans, and the interval must hold the truth on all days.
func TestMeasureEveryDay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs = 400
	for _, c := range []struct {
		customers            int
		holdout, risk, ratio float64
	}{
		{500, 0.2, 0.1, 1}, {2000, 0.2, 0.1, 1}, {2000, 0.1, 0.03, 1}, {300, 0.5, 0.2, 1},
		{5000, 0.2, 0.1, 0.6}, {1000, 0.2, 0.2, 0.4},
	} {
		r := rand.New(rand.NewPCG(uint64(c.customers), 3))
		missed, sure := 0, 0
		for range runs {
			list := follow(r, c.customers, c.holdout, c.risk, c.ratio)
			out, found := false, false
			for d := 1; d <= 14; d++ {
				m := effect.Measure(list, start.Add(time.Duration(d)*day), horizon)
				truth := c.risk * (c.ratio - 1) * float64(d) / 14
				out = out || truth < m.Low || truth > m.High
				found = found || m.Verdict != effect.VerdictOpen
			}
			if out {
				missed++
			}
			if found {
				sure++
			}
		}
		t.Logf("%d customers, hold-out %.1f, risk %.2f, ratio %.1f: truth outside on some day %.3f, verdict %.3f",
			c.customers, c.holdout, c.risk, c.ratio, float64(missed)/runs, float64(sure)/runs)
		if float64(missed)/runs > 0.05 {
			t.Errorf("%+v: the truth was outside in %d of %d", c, missed, runs)
		}
	}
}

// Small plans together decide what none of them can, without finding what is
// not there.
func TestPoolEveryPlan(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs, plans = 60, 60
	for _, c := range []struct{ ratio, least, most float64 }{{1, 0, 0.05}, {0.6, 0.95, 1}} {
		r := rand.New(rand.NewPCG(9, uint64(100*c.ratio)))
		sure, when := 0, 0
		for range runs {
			var reports []effect.Report
			for k := range plans {
				size := int(300 * math.Exp(0.8*r.NormFloat64()))
				reports = append(reports, effect.Measure(follow(r, max(size, 10), 0.2, 0.1, c.ratio), start.Add(horizon), horizon))
				if p := effect.Pool(reports); p.Verdict != effect.VerdictOpen {
					sure, when = sure+1, when+k+1
					break
				}
			}
		}
		t.Logf("ratio %.1f: verdict in %.3f of runs, after %.1f plans on average", c.ratio, float64(sure)/runs, float64(when)/float64(max(sure, 1)))
		if got := float64(sure) / runs; got < c.least || got > c.most {
			t.Errorf("ratio %.1f: verdict in %.3f of runs, want %.2f to %.2f", c.ratio, got, c.least, c.most)
		}
	}
}

func TestPoolWithoutComparison(t *testing.T) {
	t.Parallel()
	p := effect.Pool([]effect.Report{effect.Measure(followed(100, 5, 0, 0), start.Add(horizon), horizon)})
	if p.Plans != 0 || p.Verdict != effect.VerdictNone || p.Words == "" {
		t.Errorf("got %+v", p)
	}
}
