package evidence_test

import (
	"math"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/evidence"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestShareOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		right, of int
		low, high float64
	}{
		{0, 0, 0, 1}, {0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {81, 100, 0.7222, 0.8749},
	} {
		s := evidence.ShareOf(tt.right, tt.of)
		near(t, "low", s.Low, tt.low, 5e-4)
		near(t, "high", s.High, tt.high, 5e-4)
	}
}

// The expected values are binomial tails from a table.
func TestByChance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		won, lost int
		want      float64
	}{
		{0, 0, 1}, {5, 0, 0.03125}, {4, 1, 0.1875}, {9, 1, 0.010742}, {0, 5, 1}, {600, 400, 1.36e-10},
	} {
		near(t, "p", evidence.ByChance(tt.won, tt.lost), tt.want, 1e-4)
	}
}

func TestShiftBetween(t *testing.T) {
	t.Parallel()
	same := evidence.ShiftBetween([]int{100, 200, 300}, []int{102, 195, 303})
	if same.Unusual || same.PSI > 0.01 {
		t.Errorf("the same shares are %+v, want no change", same)
	}
	moved := evidence.ShiftBetween([]int{100, 200, 300}, []int{300, 200, 100})
	if !moved.Unusual {
		t.Errorf("shares that changed places are %+v, want unusual", moved)
	}
	few := evidence.ShiftBetween([]int{3, 3, 3}, []int{2, 1, 0})
	if few.Unusual {
		t.Errorf("three cases are %+v, want not unusual", few)
	}
	if none := evidence.ShiftBetween([]int{0, 0}, []int{1, 1}); none != (evidence.Shift{}) {
		t.Errorf("nothing to compare with is %+v, want zero", none)
	}
	two := evidence.ShiftBetween([]int{50, 50}, []int{50, 50})
	near(t, "limit of one degree of freedom", two.Limit, 3.841*0.02, 0.002)
}
