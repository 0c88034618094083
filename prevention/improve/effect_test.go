package improve_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

var monday = fact.Date(2026, 3, 2)

// stream is the weekly counts of a scope and of all else.
type stream struct {
	// rate is that of the scope in a week, ratio what the action makes of it.
	rate, ratio float64
	// trend is by how much all complaints grow over the whole time.
	trend float64
	// scatter is the standard deviation of the logarithm of the weekly rate of the
	// scope alone, memory how much of it stays from week to week.
	scatter, memory float64
}

const (
	weeksBefore = 12
	weeksAfter  = 12
)

// draw makes the weeks around a change in one week.
func (s stream) draw(r *rand.Rand) (weeks []improve.Week, change improve.Span) {
	start := monday + 7*weeksBefore
	n := weeksBefore + 1 + weeksAfter
	own := 0.0
	for i := range n {
		day := monday + fact.Day(7*i)
		level := 1 + s.trend*float64(i)/float64(n-1)
		own = s.memory*own + s.scatter*math.Sqrt(1-s.memory*s.memory)*r.NormFloat64()
		rate := s.rate * level * math.Exp(own)
		if day > start {
			rate *= s.ratio
		}
		weeks = append(weeks, improve.Week{Day: day, Scope: poisson(r, rate), Control: poisson(r, 20*s.rate*level)})
	}
	return weeks, improve.Span{From: start, To: start + 7}
}

func poisson(r *rand.Rand, rate float64) int {
	return int(distuv.Poisson{Lambda: rate, Src: r}.Rand())
}

// ever is how many of many streams have a verdict at one of the looks at least.
func ever(t *testing.T, s stream, runs int) map[improve.Verdict]float64 {
	t.Helper()
	shares := make(map[improve.Verdict]float64)
	for run := range runs {
		all, change := s.draw(rand.New(rand.NewPCG(11, uint64(run))))
		seen := make(map[improve.Verdict]bool)
		for _, n := range []int{5, 8, 12} {
			seen[improve.Estimate(all[:len(all)-weeksAfter+n], change, improve.Span{}).Verdict] = true
		}
		for v := range seen {
			shares[v] += 1 / float64(runs)
		}
	}
	return shares
}

// Between two looks nothing changes: the weeks since the last one do not count.
func TestOnlyLooksCount(t *testing.T) {
	t.Parallel()
	all, change := stream{rate: 20, ratio: 0.7}.draw(rand.New(rand.NewPCG(14, 1)))
	for n, want := range []int{0, 1, 2, 3, 4, 5, 5, 5, 8, 8, 8, 8, 12} {
		weeks := all[:weeksBefore+1+n]
		e := improve.Estimate(weeks, change, improve.Span{})
		next := 0
		for _, p := range e.Points {
			if p.Part == improve.PartNext {
				next++
			}
		}
		if e.WeeksAfter != want || next != n-want {
			t.Errorf("%d weeks after: %d count, %d do not yet, want %d and %d", n, e.WeeksAfter, next, want, n-want)
		}
		if (e.Verdict == improve.TooEarly) != (n < 5) {
			t.Errorf("%d weeks after: %s", n, e.Verdict)
		}
	}
}

func TestATrendOfAllComplaintsIsNoEffect(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	for name, s := range map[string]stream{
		"level":                         {rate: 20, ratio: 1},
		"all fall by half":              {rate: 20, ratio: 1, trend: -0.5},
		"all rise by half":              {rate: 20, ratio: 1, trend: 0.5},
		"few":                           {rate: 3, ratio: 1, trend: -0.5},
		"weeks that scatter":            {rate: 20, ratio: 1, trend: -0.5, scatter: 0.3},
		"weeks that scatter and follow": {rate: 20, ratio: 1, trend: -0.5, scatter: 0.3, memory: 0.4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ever(t, s, 1000)
			t.Logf("works %.1f %%, worse %.1f %%", 100*got[improve.Works], 100*got[improve.Worse])
			if got[improve.Works] > 0.05 || got[improve.Worse] > 0.07 {
				t.Errorf("nothing was done, and it works in %.1f %%, makes it worse in %.1f %%", 100*got[improve.Works], 100*got[improve.Worse])
			}
		})
	}
}

func TestAnEffectIsFound(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	for name, c := range map[string]struct {
		stream
		power float64
	}{
		"-40 % of 20 a week":                  {stream{rate: 20, ratio: 0.6, trend: 0.5}, 0.99},
		"-40 % of 5 a week":                   {stream{rate: 5, ratio: 0.6, trend: 0.5}, 0.6},
		"-40 % of 20 a week, that scatter":    {stream{rate: 20, ratio: 0.6, trend: 0.5, scatter: 0.3}, 0.8},
		"-40 % of 20 a week while all halves": {stream{rate: 20, ratio: 0.6, trend: -0.5}, 0.92},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ever(t, c.stream, 500)
			t.Logf("found in %.1f %%", 100*got[improve.Works])
			if got[improve.Works] < c.power {
				t.Errorf("found in %.1f %%, want %.0f %%", 100*got[improve.Works], 100*c.power)
			}
		})
	}
}

func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs, truth = 1000, 0.7
	inside := 0
	for run := range runs {
		weeks, change := stream{rate: 15, ratio: truth, trend: 0.3, scatter: 0.2}.draw(rand.New(rand.NewPCG(12, uint64(run))))
		if e := improve.Estimate(weeks, change, improve.Span{}); e.Ratio.Low <= truth && truth <= e.Ratio.High {
			inside++
		}
	}
	t.Logf("%.1f %% hold the truth", 100*float64(inside)/runs)
	if inside < runs*93/100 {
		t.Errorf("%d of %d intervals hold the truth, want 95 %%", inside, runs)
	}
}

// TestAPeakThatStartedItIsNoEffect starts actions that do nothing in the weeks
// after the highest counts.
func TestAPeakThatStartedItIsNoEffect(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs = 1000
	works, naive := 0, 0
	for run := range runs {
		r := rand.New(rand.NewPCG(13, uint64(run)))
		var weeks []improve.Week
		top := 0
		for i := range 52 {
			w := improve.Week{Day: monday + fact.Day(7*i), Scope: poisson(r, 12*math.Exp(0.25*r.NormFloat64())), Control: poisson(r, 300)}
			weeks = append(weeks, w)
			if i >= 12 && i < 38 && (top == 0 || w.Scope > weeks[top].Scope) {
				top = i
			}
		}
		start := weeks[top].Day + 7
		part := weeks[max(top-11, 0):min(top+14, len(weeks))]
		e := improve.Estimate(part, improve.Span{From: start, To: start + 7}, improve.Span{})
		if e.Verdict == improve.Works {
			works++
		}
		if e.Found && e.WithPeak.High < 1 || !e.Found && e.Ratio.High < 1 {
			naive++
		}
	}
	t.Logf("works in %.1f %%, with the peak counted in %.1f %%", 100*float64(works)/runs, 100*float64(naive)/runs)
	if works > runs*5/100 {
		t.Errorf("nothing was done, and it works in %.1f %%", 100*float64(works)/runs)
	}
}
