package cohort_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
)

func TestEstimate(t *testing.T) {
	t.Parallel()
	few := cohort.Estimate(prevention.Cohort{Matched: 2000, Explained: 5})
	many := cohort.Estimate(prevention.Cohort{Matched: 2000, Explained: 90})
	if few.Affected >= many.Affected || few.Low >= many.Low {
		t.Errorf("%+v with few complaints, %+v with many", few, many)
	}
	for _, e := range []prevention.Estimate{few, many} {
		if e.Low > e.Affected || e.Affected > e.High || e.High > 2000 || e.Basis != prevention.BasisExposure {
			t.Errorf("got %+v", e)
		}
	}
	if e := cohort.Estimate(prevention.Cohort{Matched: 10, Explained: 10}); e.Low != 10 || e.High != 10 {
		t.Errorf("all complained: got %+v", e)
	}
	if e := cohort.Estimate(prevention.Cohort{}); e.Affected != 0 || e.High != 0 {
		t.Errorf("nobody matches: got %+v", e)
	}
}

// When the truth is drawn from the prior the interval of 90 % holds it so
// often.
func TestEstimateCovers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	const runs, matched = 1000, 1500
	in := 0
	for range runs {
		affected := math.Sqrt(r.Float64()) * matched // Beta(2, 1)
		mean := affected / 25 * math.Exp(0.8*r.NormFloat64())
		seen := 0
		for s := r.ExpFloat64(); s < mean; s += r.ExpFloat64() {
			seen++
		}
		e := cohort.Estimate(prevention.Cohort{Matched: matched, Explained: min(seen, matched)})
		if float64(e.Low) <= affected+4 && affected-4 <= float64(e.High) {
			in++
		}
	}
	if part := float64(in) / runs; part < 0.86 || part > 0.94 {
		t.Errorf("the interval holds the truth in %.3f, want 0.90", part)
	}
}

func TestRecapture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, second, both int
		want                prevention.Estimate
		ok                  bool
	}{
		// By hand: 101·81/21 - 1 = 388.6, variance 101·81·80·60/(21²·22) = 4047.5;
		// of the 228.6 unseen a factor exp(1.645·0.273) = 1.567 either way.
		{100, 80, 20, prevention.Estimate{Affected: 389, Low: 306, High: 518, Basis: prevention.BasisRecapture}, true},
		{50, 50, 50, prevention.Estimate{Affected: 50, Low: 50, High: 50, Basis: prevention.BasisRecapture}, true},
		{100, 80, 2, prevention.Estimate{}, false},
		{10, 20, 15, prevention.Estimate{}, false},
	} {
		got, ok := cohort.Recapture(c.first, c.second, c.both)
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("%d, %d, %d: %v (-want +got):\n%s", c.first, c.second, c.both, ok, diff)
		}
	}
}

func TestRuleOfThumb(t *testing.T) {
	t.Parallel()
	want := prevention.Estimate{Affected: 250, Low: 67, High: 932, Basis: prevention.BasisRule}
	if diff := cmp.Diff(want, cohort.RuleOfThumb(10)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
