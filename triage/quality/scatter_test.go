package quality_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// bunched are counts of days whose weeks go up and down together: spread is the
// standard deviation of the logarithm of the rate, which grows by a fifth in a year.
func bunched(r *rand.Rand, from fact.Day, days int, perDay, spread float64) quality.Days {
	counts := make([]int, days)
	level := 0.0
	for i := range counts {
		if i%7 == 0 {
			level = math.Exp(spread*r.NormFloat64() - spread*spread/2)
		}
		growth := math.Pow(1.2, float64(i)/364)
		counts[i] = int(distuv.Poisson{Lambda: perDay * level * growth, Src: r}.Rand())
	}
	return quality.DaysOf(from, counts)
}

// Without any change, about one arrow in twenty appears, however much the weeks
// scatter.
func TestScatterIsNoChange(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs, history = 1000, 448
	for _, spread := range []float64{0, 0.1, 0.3} {
		for _, length := range []fact.Day{7, 28, 84} {
			arrows, rises := 0, 0
			for run := range runs {
				r := rand.New(rand.NewPCG(21, uint64(run)))
				days := bunched(r, 1000, history, 40, spread)
				to := fact.Day(1000 + history - r.IntN(7))
				c := quality.Compare(quality.Period{From: to - length, To: to}, quality.Before, 1000, to)
				then := int(float64(days.In(c.Then)) * math.Pow(1.2, float64(length)/364)) // its growth taken out
				if side := c.OfCounts(days.In(c.Now), then, days.Scatter(c.Now)).Side(); side != 0 {
					arrows++
					rises += max(side, 0)
				}
			}
			t.Logf("scatter %.1f, %d days: %.1f %% arrows, %.1f %% rises", spread, length, 100*float64(arrows)/runs, 100*float64(rises)/runs)
			if arrows > runs*7/100 {
				t.Errorf("scatter %.1f, %d days: %d arrows in %d runs without a change", spread, length, arrows, runs)
			}
		}
	}
}

// A change is found in spite of the scatter, and is not taken for it.
func TestAChangeIsFoundAmongScatter(t *testing.T) {
	t.Parallel()
	const runs = 200
	found := 0
	for run := range runs {
		r := rand.New(rand.NewPCG(22, uint64(run)))
		days := bunched(r, 1000, 448, 40, 0.1)
		c := quality.Compare(quality.Period{From: 1420, To: 1448}, quality.Before, 1000, 1448)
		if c.OfCounts(days.In(c.Now)*4/3, days.In(c.Then), days.Scatter(c.Now)).Side() == 1 {
			found++
		}
	}
	t.Logf("+33 %% found in %d of %d", found, runs)
	if found < runs*9/10 {
		t.Errorf("a rise by a third is found in %d of %d", found, runs)
	}
}

func TestScatterOfLittle(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]quality.Days{
		"nothing":     {},
		"three weeks": quality.DaysOf(1000, []int{0, 90, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 400, 0, 0, 0, 0, 0, 0}),
		"the same":    steady(quality.Period{From: 1000, To: 1400}, 9),
		"hardly any":  steady(quality.Period{From: 1000, To: 1400}, 0),
	} {
		near(t, name, d.Scatter(quality.Period{From: 1007, To: 1021}), 1)
	}
}

// Among many values of which none has changed, there is hardly ever a riser; one
// that has is found.
func TestRisersAmongManyValues(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const runs, values, days = 100, 40, 168
	wrong, found := 0, 0
	for run := range runs {
		r := rand.New(rand.NewPCG(23, uint64(run)))
		b := fact.NewBook()
		var levels [values]float64
		for day := range fact.Day(days) {
			var rows []fact.Row
			for k := range values {
				if day%7 == 0 {
					levels[k] = 1.5 * math.Exp(0.3*r.NormFloat64())
				}
				rate := levels[k]
				if k == 0 && day >= days-28 {
					rate *= 4
				}
				for range int(distuv.Poisson{Lambda: rate, Src: r}.Rand()) {
					row := fact.Row{Day: 1000 + day, Resolve: fact.None, Satisfaction: fact.None}
					row.Values[fact.Region] = fmt.Sprint("r", k)
					rows = append(rows, row)
				}
			}
			b.Put(1000+day, rows)
		}
		f := fact.Filter{From: 1000 + days - 28, To: 1000 + days}
		c := quality.Compare(quality.Period{From: f.From, To: f.To}, quality.Before, 1000, f.To)
		now, then := b.Counts(f, fact.Region)[0], b.Counts(f.Between(c.Then.From, c.Then.To), fact.Region)[0]
		risers := quality.Risers(quality.Rank(fact.Region, now, now, then, c, quality.ScattersOf(b, f, c, fact.Region)[0]))
		hit := 0
		for _, up := range risers {
			if up.Value == "r0" {
				hit = 1
			}
		}
		found += hit
		if len(risers) > hit {
			wrong++
		}
	}
	t.Logf("a value with four times as many is found in %d %%, another in %d %% of the lists", found, wrong)
	if found < 90 || wrong > 12 {
		t.Errorf("found %d %%, wrong %d %%", found, wrong)
	}
}
