package silence_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
)

func of(list []silence.Assumption, value, low, high float64) silence.Result {
	return silence.Of(list, []silence.Prevented{{Name: "x", Value: value, Low: low, High: high}})
}

// set returns the defaults with one assumption changed.
func set(key silence.Key, low, likely, high float64) []silence.Assumption {
	list := silence.Defaults()
	for i := range list {
		if list[i].Key == key {
			list[i].Low, list[i].Likely, list[i].High = low, likely, high
		}
	}
	return list
}

// The example of the page, by hand: 100 complaints; 4.8 silent customers each are
// helped; 30 + 120 stay; losing one costs half of 240 and half of 240.
func TestTheArithmetic(t *testing.T) {
	t.Parallel()
	got := of(set(silence.Programme, 10_000, 10_000, 10_000), 100, 100, 100).Sum
	want := silence.Sum{
		Prevented: 100, KeptComplained: 30, KeptSilent: 120, Unhappy: 580, Won: 34.8, WinCost: 240, LostMargin: 240, PerCustomer: 240,
		Churn: 36_000, WordOfMouth: 8352, Handled: 3500, Programme: 10_000, Total: 37_852, PerComplaint: 478.52,
	}
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-6 })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRangesHoldTheFormula(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range 12 {
		list := silence.Defaults()
		for i := range list {
			list[i].High *= 1 + r.Float64()*float64(r.IntN(2))
			list[i].Low *= r.Float64()
			if list[i].Unit == silence.Part {
				list[i].High = min(list[i].High, 1)
			}
			if r.IntN(3) == 0 {
				list[i].Likely = list[i].Low
			}
		}
		value := r.Float64()*400 - 100
		got := of(list, value, value-r.Float64()*100, value+r.Float64()*100)
		if got.Total.Value != got.Sum.Total || got.Total.Low > got.Total.Value || got.Total.High < got.Total.Value {
			t.Errorf("the range %+v does not hold the formula's %v", got.Total, got.Sum.Total)
		}
		if s := got.Sum; math.Abs(s.Prevented*s.PerComplaint-s.Programme-s.Total) > 1e-6*(1+math.Abs(s.Total)) {
			t.Errorf("%v complaints of %v each do not make %v", s.Prevented, s.PerComplaint, s.Total)
		}
	}
}

func TestMonotone(t *testing.T) {
	t.Parallel()
	base := of(silence.Defaults(), 200, 150, 250)
	for _, a := range silence.Defaults() {
		switch a.Key {
		case silence.Replaced: // its sign depends on which costs more
			continue
		case silence.Programme:
			if got := of(set(a.Key, 100, 200, 300), 200, 150, 250).Total; got.Value >= base.Total.Value || got.Low >= base.Total.Low || got.High >= base.Total.High {
				t.Errorf("a programme that costs leaves %+v of %+v", got, base.Total)
			}
			continue
		}
		up := func(v float64) float64 {
			if a.Unit == silence.Part {
				return min(1, v*1.1+0.01)
			}
			return v * 1.1
		}
		got := of(set(a.Key, up(a.Low), up(a.Likely), up(a.High)), 200, 150, 250).Total
		if got.Value <= base.Total.Value || got.Low < base.Total.Low || got.High < base.Total.High {
			t.Errorf("a higher %s makes %+v of %+v", a.Key, got, base.Total)
		}
	}
}

func TestNothingPreventedIsNoMoney(t *testing.T) {
	t.Parallel()
	got := of(silence.Defaults(), 0, 0, 0)
	if got.Total != (silence.Range{}) || got.LossChance != 0 || got.LossPossible {
		t.Errorf("got %+v for nothing", got.Total)
	}
	if none := silence.Of(silence.Defaults(), nil); none.Total != (silence.Range{}) || none.Overlap {
		t.Errorf("got %+v for no source", none.Total)
	}
}

func TestALossIsSaid(t *testing.T) {
	t.Parallel()
	if got := of(silence.Defaults(), 50, -50, 150); !got.LossPossible || got.LossChance < 0.1 || got.LossChance > 0.25 {
		t.Errorf("an interval across zero: %+v, chance %v", got.Total, got.LossChance) // P(N < 0), 0.98 errors below: 16 %
	}
	if got := of(silence.Defaults(), 100, 80, 120); got.LossPossible || got.LossChance > 0 {
		t.Errorf("an interval above zero: %+v, chance %v", got.Total, got.LossChance)
	}
	if got := of(silence.Defaults(), -100, -120, -80); got.Total.High >= 0 || got.LossChance != 1 {
		t.Errorf("complaints brought about: %+v", got.Total)
	}
	if got := of(silence.Defaults(), 10, math.Inf(-1), math.Inf(1)).Total; math.IsNaN(got.Low) || math.IsInf(got.High, 0) {
		t.Errorf("an interval of nothing known: %+v", got)
	}
}

func TestBreakEven(t *testing.T) {
	t.Parallel()
	list := set(silence.Programme, 47_852, 47_852, 47_852)
	got := of(list, 100, 90, 110)
	if got.BreakEven == nil || math.Abs(got.BreakEven.Value-100) > 1e-9 || got.BreakEven.Low >= 100 || got.BreakEven.High <= 100 {
		t.Fatalf("got %+v, want about 100 complaints", got.BreakEven)
	}
	if s := of(list, got.BreakEven.Value, 0, 0).Sum.Total; math.Abs(s) > 1e-6 {
		t.Errorf("at the break-even the total is %v", s)
	}
	for i := range list {
		list[i].Low, list[i].Likely, list[i].High = 0, 0, 0
	}
	if got := of(list, 100, 90, 110); got.BreakEven != nil {
		t.Errorf("a complaint that costs nothing pays at %+v", got.BreakEven)
	}
}

func TestTornadoHasTheWidestFirst(t *testing.T) {
	t.Parallel()
	got := of(silence.Defaults(), 100, 99, 101).Tornado
	if got[0].Key != silence.Relieved || len(got) != len(silence.Defaults())+1 {
		t.Errorf("got %s of %d first, want %s", got[0].Key, len(got), silence.Relieved)
	}
	if wide := of(silence.Defaults(), 100, -900, 1100).Tornado; wide[0].Key != silence.SwingPrevented {
		t.Errorf("got %s first, want what was prevented", wide[0].Key)
	}
}

func TestSourcesAddUp(t *testing.T) {
	t.Parallel()
	got := silence.Of(silence.Defaults(), []silence.Prevented{{Value: 10, Low: 7, High: 13}, {Value: 20, Low: 16, High: 24}})
	want := silence.Prevented{Value: 30, Low: 25, High: 35}
	if got.Prevented != want || !got.Overlap {
		t.Errorf("got %+v, overlap %v; want %+v and a warning", got.Prevented, got.Overlap, want)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if _, err := silence.Check(silence.Defaults()); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for name, list := range map[string][]silence.Assumption{
		"missing":   silence.Defaults()[1:],
		"twice":     append(silence.Defaults()[1:], silence.Defaults()[1]),
		"order":     set(silence.Told, 12, 10, 14),
		"negative":  set(silence.Told, -1, 10, 14),
		"part":      set(silence.Margin, 0, 0.5, 1.5),
		"too large": set(silence.YearValue, 0, 1, 1e13),
		"no number": set(silence.Years, 0, math.NaN(), 1),
	} {
		if _, err := silence.Check(list); triage.CodeOf(err) != triage.CodeInvalid {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}
