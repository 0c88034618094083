package linear_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	// Class 2 is predicted once and never true.
	got := linear.Judge([]linear.Prediction{
		{True: 0, Predicted: 0, Confidence: 0.95},
		{True: 0, Predicted: 1, Confidence: 0.50},
		{True: 1, Predicted: 1, Confidence: 0.96},
		{True: 1, Predicted: 2, Confidence: 0.40},
		{True: 0, Predicted: 0, Confidence: 0.80},
	}, 3)
	want := linear.Report{
		Count:    5,
		Accuracy: 0.6,
		MacroF1:  (0.8 + 0.5) / 2,
		// Bins of 1/15: {.95, .96}, {.80}, {.50}, {.40}.
		ECE: (math.Abs(2-1.91) + 0.2 + 0.5 + 0.4) / 5,
		Classes: []linear.ClassReport{
			{Precision: 1, Recall: 2. / 3, F1: 0.8, Support: 3},
			{Precision: 0.5, Recall: 0.5, F1: 0.5, Support: 2},
			{},
		},
		Confusion: [][]int{{2, 1, 0}, {0, 1, 1}, {0, 0, 0}},
		RiskCoverage: []linear.CoveragePoint{
			{Coverage: 0.2, Accuracy: 1, Confidence: 0.96},
			{Coverage: 0.4, Accuracy: 1, Confidence: 0.95},
			{Coverage: 0.6, Accuracy: 1, Confidence: 0.80},
			{Coverage: 0.8, Accuracy: 0.75, Confidence: 0.50},
			{Coverage: 1, Accuracy: 0.6, Confidence: 0.40},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestJudgeNothing(t *testing.T) {
	t.Parallel()
	got := linear.Judge(nil, 2)
	want := linear.Report{Classes: make([]linear.ClassReport, 2), Confusion: [][]int{{0, 0}, {0, 0}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestRiskCoverageHasTwentyPointsAtMost(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 19, 20, 21, 1000, 1003} {
		predictions := make([]linear.Prediction, n)
		for i := range predictions {
			predictions[i].Confidence = 1 - float64(i)/float64(n)
		}
		points := linear.Judge(predictions, 1).RiskCoverage
		if len(points) != min(n, 20) {
			t.Errorf("%d predictions give %d points", n, len(points))
		}
		if last := points[len(points)-1]; last.Coverage != 1 || last.Accuracy != 1 {
			t.Errorf("%d predictions end at %+v", n, last)
		}
	}
}
