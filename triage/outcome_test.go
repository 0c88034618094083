package triage_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/triage"
)

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		of   triage.Solution
		want triage.Outcome
	}{
		"nothing measured":             {triage.Solution{Uses: 9}, triage.Outcome{}},
		"an import counts every use":   {triage.Solution{Uses: 9, Satisfaction: score(80)}, triage.Outcome{Scores: 9, Mean: 80}},
		"scores count, not uses":       {triage.Solution{Uses: 9, Scores: 4, Satisfaction: score(80)}, triage.Outcome{Scores: 4, Mean: 80}},
		"a number below 0 is no score": {triage.Solution{Uses: -2, Satisfaction: score(80)}, triage.Outcome{Mean: 80}},
	} {
		if diff := cmp.Diff(test.want, triage.OutcomeOf(&test.of)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestOutcomesJoin(t *testing.T) {
	t.Parallel()
	got := triage.Outcome{}.Add(80).Add(100).Join(triage.Outcome{Scores: 2, Mean: 60}).Join(triage.Outcome{})
	want := triage.Outcome{Scores: 4, Mean: 75}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// However happy a single customer was, fifty who are content weigh more; and
// more of the same evidence never counts for less.
func TestLuckDoesNotBeatEvidence(t *testing.T) {
	t.Parallel()
	for lucky := 1; lucky <= 2; lucky++ {
		for mean := 85.0; mean <= 100; mean += 0.5 {
			few, proven := triage.Outcome{Scores: lucky, Mean: 100}.Estimate(), triage.Outcome{Scores: 50, Mean: mean}.Estimate()
			if few.Cautious >= proven.Cautious {
				t.Errorf("%d scores of 100 rank at %.1f, 50 of %.1f at %.1f", lucky, few.Cautious, mean, proven.Cautious)
			}
		}
	}
	one := triage.Outcome{Scores: 1, Mean: 100}.Estimate()
	if proven := (triage.Outcome{Scores: 50, Mean: 80}).Estimate(); one.Cautious >= proven.Cautious {
		t.Errorf("one score of 100 ranks at %.1f, 50 of 80 at %.1f", one.Cautious, proven.Cautious)
	}
	for mean := 76.0; mean <= 100; mean++ {
		for n := range 200 {
			less, more := triage.Outcome{Scores: n, Mean: mean}.Estimate(), triage.Outcome{Scores: n + 1, Mean: mean}.Estimate()
			if more.Cautious <= less.Cautious || more.High-more.Low > less.High-less.Low {
				t.Fatalf("%d scores of %.0f give %+v, one more %+v", n, mean, less, more)
			}
		}
	}
}

func TestWhatNobodyTriedIsTriedBeforeTheMediocre(t *testing.T) {
	t.Parallel()
	untried := triage.Outcome{}.Estimate()
	for mean, first := range map[float64]bool{70: true, 75: false} {
		if got := untried.Cautious > (triage.Outcome{Scores: 50, Mean: mean}).Estimate().Cautious; got != first {
			t.Errorf("untried before 50 scores of %.0f: got %v, want %v", mean, got, first)
		}
	}
}

func FuzzEstimate(f *testing.F) {
	f.Add(0, 0.0)
	f.Add(1, 100.0)
	f.Add(1<<30, 99.9)
	f.Fuzz(func(t *testing.T, n int, mean float64) {
		if n < 0 || n > 1<<40 || math.IsNaN(mean) || mean < 0 || mean > 100 {
			t.Skip()
		}
		e := triage.Outcome{Scores: n, Mean: mean}.Estimate()
		if e.Low < 0 || e.High > 100 || e.Low > e.Cautious || e.Cautious > e.Mean || e.Mean > e.High {
			t.Errorf("%d scores of %v give %+v", n, mean, e)
		}
	})
}
