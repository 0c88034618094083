package evidence_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/triage/evidence"
)

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsInf(want, 1) && math.IsInf(got, 1) {
		return
	}
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// The bounds are those of the exact binomial interval, from tables: 5 of 15 is
// 0.11824 to 0.61620.
func TestRateRatio(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		got, want evidence.Interval
	}{
		"5 against 10":       {evidence.RateRatio(5, 1, 10, 1), evidence.Interval{Value: 0.5, Low: 0.11824 / 0.88176, High: 0.61620 / 0.38380}},
		"twice the exposure": {evidence.RateRatio(5, 2, 10, 1), evidence.Interval{Value: 0.25, Low: 0.11824 / 0.88176 / 2, High: 0.61620 / 0.38380 / 2}},
		"none against 3":     {evidence.RateRatio(0, 1, 3, 1), evidence.Interval{Value: 0, Low: 0, High: 0.70760 / 0.29240}},
		"3 against none":     {evidence.RateRatio(3, 1, 0, 1), evidence.Interval{Value: inf, Low: 0.29240 / 0.70760, High: inf}},
		"nothing":            {evidence.RateRatio(0, 1, 0, 1), evidence.Interval{Value: 1, Low: 0, High: inf}},
		"no time":            {evidence.RateRatio(4, 0, 2, 1), evidence.Interval{Value: 1, Low: 0, High: inf}},
	} {
		within(t, name+" value", c.got.Value, c.want.Value, 1e-9)
		within(t, name+" low", c.got.Low, c.want.Low, 2e-4)
		within(t, name+" high", c.got.High, c.want.High, 2e-4)
	}
	large := evidence.RateRatio(300_000, 30, 310_000, 30)
	within(t, "large value", large.Value, 300.0/310, 1e-9)
	within(t, "large width", math.Log(large.High/large.Low), 2*1.96*math.Sqrt(1/3e5+1/3.1e5), 1e-4)
}

// Of two equal rates an exact interval misses one at most 5 times in 100.
func TestRateRatioCoversTheTruth(t *testing.T) {
	t.Parallel()
	src := rand.NewPCG(1, 2)
	missed := 0
	const rounds = 4000
	for range rounds {
		a, b := distuv.Poisson{Lambda: 12, Src: src}.Rand(), distuv.Poisson{Lambda: 24, Src: src}.Rand()
		if evidence.RateRatio(int(a), 1, int(b), 2).Side(1) != 0 {
			missed++
		}
	}
	if missed > rounds*5/100 {
		t.Errorf("missed %d of %d", missed, rounds)
	}
}

// The example of Newcombe (1998): 56 of 70 against 48 of 80 is 0.2, 0.0524 to
// 0.3339 by method 10.
func TestMinus(t *testing.T) {
	t.Parallel()
	d := evidence.Minus(evidence.ShareOf(56, 70).Interval(), evidence.ShareOf(48, 80).Interval())
	within(t, "value", d.Value, 0.2, 1e-9)
	within(t, "low", d.Low, 0.0524, 5e-5)
	within(t, "high", d.High, 0.3339, 5e-5)
	if d.Side(0) != 1 || d.Side(0.5) != -1 || d.Side(0.1) != 0 {
		t.Error("the sides are wrong")
	}
}

func TestMeanOf(t *testing.T) {
	t.Parallel()
	m := evidence.MeanOf(4, 2+4+4+6, 4+16+16+36)
	within(t, "mean", m.Value, 4, 0)
	within(t, "half", m.High-m.Value, 1.96*math.Sqrt(8.0/3/4), 1e-3)
	if one := evidence.MeanOf(1, 80, 6400); one.Side(0) != 0 || one.Value != 80 {
		t.Errorf("one value: got %+v", one)
	}
	if none := evidence.MeanOf(0, 0, 0); none.Side(0) != 0 {
		t.Errorf("no value: got %+v", none)
	}
}
