package detect

import (
	"math"
	"testing"
)

// With a long past the rate is known and the tail is that of a Poisson
// distribution.
func TestSurpriseOfALongPastIsThePoissonTail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rate, clock, customers float64 }{{0.01, 100, 4}, {0.002, 1000, 9}, {0.05, 20, 3}} {
		past := 1e7
		got := surprise(sample{customers: c.customers, clock: c.clock, pastComplaints: c.rate * past, pastTime: past}, c.rate)
		mean, tail, term := c.rate*c.clock, 1.0, math.Exp(-c.rate*c.clock)
		for k := range int(c.customers) {
			tail -= term
			term *= mean / float64(k+1)
		}
		if want := -math.Log10(tail); math.Abs(got-want) > 0.01 {
			t.Errorf("%+v: got %.4f, want %.4f", c, got, want)
		}
	}
}

func TestSurpriseGrowsWithCustomersAndFallsWithThePast(t *testing.T) {
	t.Parallel()
	base := sample{customers: 5, clock: 50, pastComplaints: 3, pastTime: 1000}
	more, busier := base, base
	more.customers++
	busier.pastComplaints += 10
	got, up, down := surprise(base, 0.01), surprise(more, 0.01), surprise(busier, 0.01)
	if up <= got || down >= got {
		t.Errorf("got %.3f, %.3f with one customer more, %.3f with a busier past", got, up, down)
	}
	if surprise(sample{}, 0.01) != 0 {
		t.Error("an empty window surprises")
	}
}
