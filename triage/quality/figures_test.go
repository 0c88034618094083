package quality_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// steady is the same count on each day of a period.
func steady(p quality.Period, perDay int) quality.Days {
	counts := make([]int, p.Days())
	for i := range counts {
		counts[i] = perDay
	}
	return quality.DaysOf(p.From, counts)
}

// The length of a month is no change: comparisons are of means per day.
func TestVolumesAreComparedPerDay(t *testing.T) {
	t.Parallel()
	all := span(t, "2024-01-01", "2026-03-15")
	days, today := steady(all, 7), day(t, "2026-03-16")
	for _, unit := range []fact.Unit{fact.Daily, fact.Weekly, fact.Monthly, fact.Yearly} {
		for _, v := range days.Volumes(span(t, "2025-03-01", "2026-03-31"), unit, all.From, today) {
			for _, c := range []quality.Change{v.Before, v.YearBefore} {
				if c.State == quality.Known {
					near(t, string(unit)+" "+v.From.String(), c.By.Value, 1)
					if c.Side() != 0 {
						t.Errorf("%s %s: no change is called one", unit, v.From)
					}
				} else if v.Whole && v.From < today && v.YearBefore.State != quality.NoData {
					t.Errorf("%s %s: got state %s", unit, v.From, c.State)
				}
			}
			if v.From < today && v.To <= today {
				near(t, "per day", v.PerDay, 7)
			}
		}
	}
}

func TestVolumeOfAMonthThatRuns(t *testing.T) {
	t.Parallel()
	all := span(t, "2026-02-01", "2026-03-10")
	v := steady(all, 10).Volumes(span(t, "2026-03-01", "2026-03-31"), fact.Monthly, all.From, day(t, "2026-03-10"))[0]
	near(t, "cases", float64(v.Cases), 100)
	near(t, "of nine days then", v.Before.Then, 90)
	near(t, "quotient", v.Before.By.Value, 1)
	if v.YearBefore.State != quality.NoData {
		t.Errorf("the year before: got %s, want no data", v.YearBefore.State)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	c := quality.Comparison{State: quality.Known, Now: quality.Period{From: 10, To: 20}, Then: quality.Period{From: 0, To: 10}}
	for name, x := range map[string]struct {
		change quality.Change
		side   int
	}{
		"a clear rise":     {c.OfCounts(300, 200, 1), 1},
		"noise":            {c.OfCounts(11, 8, 1), 0},
		"a clear fall":     {c.OfCounts(10, 60, 1), -1},
		"from nothing":     {c.OfCounts(20, 0, 1), 1},
		"two from nothing": {c.OfCounts(2, 0, 1), 0},
		"nothing at all":   {c.OfCounts(0, 0, 1), 0},
		"shares":           {c.OfShares(evidence.ShareOf(80, 100), evidence.ShareOf(50, 100)), 1},
		"no share":         {c.OfShares(evidence.ShareOf(80, 100), evidence.ShareOf(0, 0)), 0},
		"means":            {c.OfMeans(evidence.MeanOf(50, 50*70, 50*70*70+5000), evidence.MeanOf(50, 50*80, 50*80*80+5000)), -1},
		"one score":        {c.OfMeans(evidence.MeanOf(1, 90, 8100), evidence.MeanOf(50, 50*60, 50*3600+900)), 0},
		"medians": {c.OfMedians(fact.Spread{Times: fact.Times{N: 90, Median: 60}, Low: 50, High: 70},
			fact.Spread{Times: fact.Times{N: 90, Median: 30}, Low: 25, High: 36}), 1},
		"medians that may be equal": {c.OfMedians(fact.Spread{Times: fact.Times{N: 9, Median: 60}, Low: 10, High: 170},
			fact.Spread{Times: fact.Times{N: 9, Median: 30}, Low: 5, High: 96}), 0},
		"no times": {c.OfMedians(fact.Spread{}, fact.Spread{Times: fact.Times{N: 9}}), 0},
	} {
		if got := x.change.Side(); got != x.side {
			t.Errorf("%s: got side %d, want %d: %+v", name, got, x.side, x.change)
		}
	}
	c.State = quality.NoData
	if got := c.OfCounts(300, 0, 1); got.Side() != 0 || got.State != quality.NoData {
		t.Errorf("without data: got %+v", got)
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	c := quality.Comparison{State: quality.Known, Now: quality.Period{From: 10, To: 20}, Then: quality.Period{From: 0, To: 10}}
	all := []fact.Number{{Value: "c", Cases: 100}, {Value: "a", Cases: 500}, {Value: "b", Cases: 300}, {Value: "", Cases: 60}, {Value: "d", Cases: 40}}
	then := []fact.Number{{Value: "a", Cases: 500}, {Value: "b", Cases: 200}, {Value: "c", Cases: 150}, {Value: "d", Cases: 10}, {Value: "", Cases: 5}}
	ranked := quality.Rank(fact.Type, all, all, then, c, quality.Scatters{})
	type row struct {
		Value      string
		Cumulative float64
		Vital      bool
	}
	var got []row
	for _, r := range ranked {
		got = append(got, row{r.Value, r.Cumulative, r.Vital})
	}
	want := []row{{"a", 0.5, true}, {"b", 0.8, true}, {"c", 0.9, false}, {"", 0.96, false}, {"d", 1, false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var up []string
	for _, r := range quality.Risers(ranked) {
		up = append(up, r.Value)
	}
	if diff := cmp.Diff([]string{"d", "b"}, up); diff != "" {
		t.Errorf("risers (-want +got):\n%s", diff)
	}
}

// A season on a growing trend is found again; growth alone is none.
func TestSeasonOf(t *testing.T) {
	t.Parallel()
	season := [12]float64{0.8, 0.7, 1.4, 1, 1, 1, 0.9, 1.5, 1, 1, 0.9, 0.8}
	all := span(t, "2023-01-01", "2025-12-31")
	counts := make([]int, all.Days())
	for i := range counts {
		at := (all.From + fact.Day(i)).Time()
		counts[i] = int(1e5 * season[at.Month()-1] * math.Pow(1.25, float64(i)/365))
	}
	s, ok := quality.SeasonOf(quality.DaysOf(all.From, counts), day(t, "2026-01-05"))
	if !ok || s.Years != 2 {
		t.Fatalf("got %v, years %d", ok, s.Years)
	}
	for m, want := range season {
		if math.Abs(s.Index[m]-want) > 0.03 {
			t.Errorf("month %d: got %.3f, want %.3f", m+1, s.Index[m], want)
		}
	}
	for name, p := range map[string]quality.Period{"23 months": span(t, "2024-01-02", "2025-12-31"), "nothing": {}} {
		if _, ok := quality.SeasonOf(steady(p, 3), day(t, "2026-01-05")); ok {
			t.Errorf("%s: got a season", name)
		}
	}
	if _, ok := quality.SeasonOf(steady(all, 0), day(t, "2026-01-05")); ok {
		t.Error("a season without cases")
	}
}

func TestPeaks(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	all := span(t, "2025-01-01", "2025-12-31")
	counts := make([]int, all.Days())
	for i := range counts {
		counts[i] = 40 + r.IntN(12)
		if d := all.From + fact.Day(i); d.Time().Weekday() == 0 {
			counts[i] /= 3
		}
	}
	sunday, friday := day(t, "2025-06-15"), day(t, "2025-09-05")
	counts[sunday-all.From], counts[friday-all.From] = 45, 120 // usual for a Monday, not for a Sunday
	var got []fact.Day
	for _, p := range quality.DaysOf(all.From, counts).Peaks(all) {
		got = append(got, p.Day)
	}
	if diff := cmp.Diff([]fact.Day{sunday, friday}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if few := steady(span(t, "2025-01-01", "2025-01-14"), 90).Peaks(all); few != nil {
		t.Errorf("two weeks have the peaks %v", few)
	}
}
