package quality

import (
	"cmp"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// vital is the part of all cases that the vital few of Pareto's rule make up.
const vital = 0.8

// Ranked is a value with its part of all cases.
type Ranked struct {
	Dim   fact.Dim
	Value string
	Cases int
	// Now is the cases of the finished part of the period.
	Now   int
	Share evidence.Share
	// Cumulative is the share of this value and all before it. The Vital ones
	// are needed to reach four fifths.
	Cumulative float64
	Vital      bool
	// Change is that of the count.
	Change Change
}

// Rank orders the values of a dimension by their cases, the most frequent first: all are the counts
// of the period asked for, now and then those of the two sides of the
// comparison, and scatter how much those of a value scatter.
func Rank(d fact.Dim, all, now, then []fact.Number, c Comparison, scatter Scatters) []Ranked {
	total := 0
	for i := range all {
		total += all[i].Cases
	}
	before, after := casesOf(then), casesOf(now)
	ranked := make([]Ranked, 0, len(all))
	for i := range all {
		g := &all[i]
		ranked = append(ranked, Ranked{
			Dim: d, Value: g.Value, Cases: g.Cases, Now: after[g.Value], Share: evidence.ShareOf(g.Cases, total),
			Change: c.OfCounts(after[g.Value], before[g.Value], scatter.of(g.Value)),
		})
	}
	slices.SortStableFunc(ranked, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Value, b.Value))
	})
	sum := 0
	for i := range ranked {
		r := &ranked[i]
		r.Vital = float64(sum) < vital*float64(total)
		sum += r.Cases
		r.Cumulative = float64(sum) / float64(max(total, 1))
	}
	return ranked
}

func casesOf(numbers []fact.Number) map[string]int {
	cases := make(map[string]int, len(numbers))
	for _, n := range numbers {
		cases[n.Value] = n.Cases
	}
	return cases
}

// falseShare is how many of the values that are said to have risen may not have.
const falseShare = 0.05

// Risers returns the values that rose beyond chance, the most certain rise first:
// by the lower bound of the interval. Of many values some rise by chance: a rise
// is one that [evidence.Discoveries] finds among all changes. The empty value is
// none.
func Risers(ranked []Ranked) []Ranked {
	all := slices.DeleteFunc(slices.Clone(ranked), func(r Ranked) bool { return r.Value == "" || r.Change.State != Known })
	p := make([]float64, len(all))
	for i := range all {
		p[i] = all[i].Change.chance
	}
	var up []Ranked
	for i, sure := range evidence.Discoveries(p, falseShare) {
		if sure && all[i].Change.Side() == 1 {
			up = append(up, all[i])
		}
	}
	slices.SortStableFunc(up, func(a, b Ranked) int { return cmp.Compare(b.Change.By.Low, a.Change.By.Low) })
	return up
}
