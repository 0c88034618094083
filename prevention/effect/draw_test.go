package effect_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/triage"
)

func ids(n int) []triage.CustomerID {
	list := make([]triage.CustomerID, n)
	for i := range list {
		list[i] = triage.CustomerID(fmt.Sprintf("C%06d", i))
	}
	return list
}

func heldOf(arms map[triage.CustomerID]prevention.Arm) (held int) {
	for _, a := range arms {
		if a == prevention.ArmHeld {
			held++
		}
	}
	return held
}

func TestDrawHoldsTheExactShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n       int
		holdout float64
		held    int
	}{
		{1000, 0.2, 200}, {999, 0.1, 100}, {7, 0.2, 1}, {2, 0.2, 0}, {0, 0.2, 0},
		{100, 0, 0}, {100, -1, 0}, {100, 0.9, 50}, {100, math.NaN(), 0},
	} {
		arms := effect.Draw(ids(c.n), c.holdout, 1)
		if got := heldOf(arms); got != c.held || len(arms) != c.n {
			t.Errorf("%d customers, hold-out %v: got %d held of %d, want %d", c.n, c.holdout, got, len(arms), c.held)
		}
	}
}

func TestDrawIsFixed(t *testing.T) {
	t.Parallel()
	list := ids(500)
	want := effect.Draw(list, 0.2, 42)
	turned := append(slices.Clone(list), list[:50]...)
	slices.Reverse(turned)
	if diff := cmp.Diff(want, effect.Draw(turned, 0.2, 42)); diff != "" {
		t.Errorf("order and duplicates change the draw (-want +got):\n%s", diff)
	}
	if cmp.Equal(want, effect.Draw(list, 0.2, 43)) {
		t.Error("another seed draws the same arms")
	}
}

// Neighbouring ids and seeds must not end up in the same arm more often than
// chance has it.
func TestDrawIsRandom(t *testing.T) {
	t.Parallel()
	list, both, pairs := ids(4000), 0, 0
	a, b := effect.Draw(list, 0.5, 1), effect.Draw(list, 0.5, 2)
	agree := 0
	for i := range list[1:] {
		pairs++
		if a[list[i]] == a[list[i+1]] {
			both++
		}
		if a[list[i]] == b[list[i]] {
			agree++
		}
	}
	for name, got := range map[string]int{"neighbours": both, "seeds": agree} {
		if z := (float64(got) - float64(pairs)/2) / math.Sqrt(float64(pairs)/4); math.Abs(z) > 4 {
			t.Errorf("%s agree in %d of %d", name, got, pairs)
		}
	}
}
