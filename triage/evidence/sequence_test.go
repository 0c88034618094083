package evidence_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/evidence"
)

func TestSpend(t *testing.T) {
	t.Parallel()
	near(t, "the first part", evidence.Spend(0.05, 1), 0.0304, 1e-4)
	near(t, "without a number", evidence.Spend(0.05, 0), evidence.Spend(0.05, 1), 0)
	var sum float64
	for k := range 100_000 {
		sum += evidence.Spend(0.05, k+1)
	}
	if sum > 0.05 || sum < 0.0499 {
		t.Errorf("all parts are %v, want nearly 0.05 and no more", sum)
	}
}

// The expected values are those of the integral, by Simpson's rule.
func TestAtAnyTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ won, lost int }{{0, 0}, {1, 0}, {5, 0}, {0, 5}, {9, 1}, {40, 60}, {75, 25}, {600, 400}} {
		const steps = 20_000
		var integral float64
		for i := range steps + 1 {
			p := 0.5 + 0.5*float64(i)/steps
			f := 2 * math.Exp(power(p, tt.won)+power(1-p, tt.lost)+float64(tt.won+tt.lost)*math.Ln2)
			switch {
			case i == 0 || i == steps:
			case i%2 == 1:
				f *= 4
			default:
				f *= 2
			}
			integral += f * 0.5 / steps / 3
		}
		want := min(1, 1/integral)
		if got := evidence.AtAnyTime(tt.won, tt.lost); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%d won and %d lost: got %v, want %v", tt.won, tt.lost, got, want)
		}
	}
}

// power is the logarithm of p to the n.
func power(p float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) * math.Log(p)
}

const nights = 200

// nightly plays runs of 200 nights with five newly decided cases each, of which
// the one judge wins with the probability p, and returns the share of the runs
// in which it is ever called better. looks are memorised: better depends on the
// number of the look and the counts alone.
func nightly(p float64, runs int, better func(look, won, lost int) bool) float64 {
	r := rand.New(rand.NewPCG(1, 2))
	type counts struct{ look, won int }
	memo := map[counts]bool{}
	called := 0
	for range runs {
		won := 0
		for look := 1; look <= nights; look++ {
			for range 5 {
				if r.Float64() < p {
					won++
				}
			}
			at := counts{look, won}
			is, known := memo[at]
			if !known {
				is = better(look, won, 5*look-won)
				memo[at] = is
			}
			if is {
				called++
				break
			}
		}
	}
	return float64(called) / float64(runs)
}

// Two equal judges that are compared again every night must not be told apart
// more often than the level says; a better one must be found all the same.
func TestTwoHundredNights(t *testing.T) {
	t.Parallel()
	spent := func(look, won, lost int) bool { return evidence.ByChance(won, lost) < evidence.Spend(0.05, look) }
	always := func(_, won, lost int) bool { return evidence.AtAnyTime(won, lost) < 0.05 }
	naive := func(_, won, lost int) bool { return evidence.ByChance(won, lost) < 0.05 }
	const runs = 2000
	for name, test := range map[string]struct {
		better    func(look, won, lost int) bool
		p         float64
		low, high float64
	}{
		"the same level every night is wrong": {naive, 0.5, 0.2, 1},
		"equal, spent":                        {spent, 0.5, 0, 0.05},
		"equal, at any time":                  {always, 0.5, 0, 0.05},
		"better, spent":                       {spent, 0.6, 0.95, 1},
		"better, at any time":                 {always, 0.6, 0.95, 1},
	} {
		got := nightly(test.p, runs, test.better)
		t.Logf("%s: %.4f", name, got)
		if got < test.low || got > test.high {
			t.Errorf("%s: called better in %.4f of the runs, want %v to %v", name, got, test.low, test.high)
		}
	}
}
