package report

import (
	"cmp"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// leastWeeks are needed to compare with, mostWeeks used.
	leastWeeks, mostWeeks = 4, 8
	// yearWeeks lead to the same week of the last year, weekdays kept.
	yearWeeks = 52
	// falseShare is how many of the changes that are called one may be noise.
	falseShare = 0.05
)

// compared are the dimensions by which changes are looked for.
var compared = []fact.Dim{fact.Type, fact.Product, fact.Region, fact.Channel}

// Verdict says what may be claimed of a change.
type Verdict string

// The verdicts. Steady cannot be told from noise; Early has nothing to compare
// with yet.
const (
	Up     Verdict = "up"
	Down   Verdict = "down"
	Steady Verdict = "steady"
	Early  Verdict = "early"
)

// Change compares the cases of one value in a week with the weeks before.
type Change struct {
	Dim     string  `json:"dim"`
	Value   string  `json:"value"`
	Verdict Verdict `json:"verdict"`
	// Count is of the week, Usual the mean of the weeks before, Ratio the one over
	// the other with its interval, LastYear the same week a year ago; the last
	// three are nil where the book does not reach back so far, Ratio also when the
	// weeks before had none.
	Count    *Figure `json:"count"`
	Usual    *Figure `json:"usual,omitempty"`
	Ratio    *Figure `json:"ratio,omitempty"`
	LastYear *Figure `json:"last_year,omitempty"`

	dim fact.Dim
	p   float64
}

// series are the counts of one value: of the week, and of each week before.
type series struct {
	now  int
	past []int
}

// scatter estimates by how much the variance of weekly counts is above that of
// chance alone: Pearson's statistic over its degrees of freedom, 1 or more, from
// the values of a dimension together (McCullagh and Nelder 1989, 4.5).
func scatter(all map[string]*series) float64 {
	var chi2, freedom float64
	for _, s := range all {
		c, f := evidence.Pearson(s.past)
		chi2, freedom = chi2+c, freedom+f
	}
	return max(1, over(chi2, freedom))
}

func (s *series) total() (n int) {
	for _, y := range s.past {
		n += y
	}
	return n
}

// own is the scatter of a frequent value, never below that of all: a value that
// jumps up and down every week must not be called a rise.
func (s *series) own(all float64) float64 {
	chi2, freedom := evidence.Pearson(s.past)
	return max(all, over(chi2, freedom))
}

// test compares the week with those before; p is two-sided.
func (s *series) test(scatter float64) (ratio evidence.Interval, p float64) {
	return evidence.ScatteredRatio(s.now, 1, s.total(), float64(len(s.past)), scatter)
}

// tally counts the values of the compared dimensions in one pass over the weeks.
func (m *making) tally() [fact.Dims]map[string]*series {
	var all [fact.Dims]map[string]*series
	for _, d := range compared {
		all[d] = map[string]*series{}
	}
	m.book.Each(m.base.Between(m.past.From, m.now.To), func(r *fact.Row) {
		week := int(r.Day-m.past.From) / 7
		for _, d := range compared {
			s := all[d][r.Values[d]]
			if s == nil {
				s = &series{past: make([]int, m.weeks)}
				all[d][r.Values[d]] = s
			}
			if week < m.weeks {
				s.past[week]++
			} else {
				s.now++
			}
		}
	})
	return all
}

// changesOf compares every value of the compared dimensions with the weeks
// before and keeps the types and what has surely changed, rises first, the
// surest first. What is called a change passed the procedure of Y. Benjamini and
// Y. Hochberg (1995) over all values and both directions together, so that of all
// that are called so no more than one in twenty is noise. Cases without a value
// are left out.
func (m *making) changesOf() []Change {
	var all []Change
	if m.weeks >= leastWeeks {
		for d, values := range m.tally() {
			common := scatter(values)
			for value, s := range values {
				if value != "" {
					all = append(all, m.change(fact.Dim(d), value, s, s.own(common)))
				}
			}
		}
	} else {
		for _, g := range m.book.By(m.now, fact.Type) {
			all = append(all, Change{Dim: fact.Type.String(), dim: fact.Type, Value: g.Value, Verdict: Early, p: 1, Count: m.count(m.now.With(fact.Type, g.Value))})
		}
	}
	judge(all)
	all = slices.DeleteFunc(all, func(c Change) bool { return c.dim != fact.Type && c.Verdict == Steady })
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(a.Verdict.rank(), b.Verdict.rank()), cmp.Compare(a.p, b.p), cmp.Compare(b.Count.Value, a.Count.Value),
			cmp.Compare(a.dim, b.dim), cmp.Compare(a.Value, b.Value))
	})
	for i := range all {
		m.complete(&all[i])
	}
	return all
}

func (v Verdict) rank() int { return slices.Index([]Verdict{Up, Down, Steady, Early}, v) }

// change is a comparison whose verdict is Steady until judge says otherwise. Its
// figures are set from the tally: counting each again would take a pass apiece.
func (m *making) change(d fact.Dim, value string, s *series, scatter float64) Change {
	now, past := m.now.With(d, value), m.past.With(d, value)
	c := Change{
		Dim: d.String(), dim: d, Value: value, Verdict: Steady,
		Count: &Figure{Measure: Count, Unit: Cases, Value: float64(s.now), Filters: []fact.Filter{now}},
		Usual: &Figure{Measure: Weekly, Unit: Cases, Value: float64(s.total()) / float64(m.weeks), Filters: []fact.Filter{past}},
	}
	ratio, p := s.test(scatter)
	c.p = p
	if s.total() > 0 {
		c.Ratio = (&Figure{Measure: Ratio, Unit: Times, Value: over(c.Count.Value, c.Usual.Value), Filters: []fact.Filter{now, past}}).
			between(ratio.Low, ratio.High)
	}
	return c
}

// judge gives the verdicts by the procedure of Benjamini and Hochberg.
func judge(all []Change) {
	p := make([]float64, len(all))
	for i := range all {
		p[i] = all[i].p
	}
	for i, sure := range evidence.Discoveries(p, falseShare) {
		c := &all[i]
		switch {
		case !sure || c.Verdict == Early:
		case c.Count.Value > c.Usual.Value:
			c.Verdict = Up
		default:
			c.Verdict = Down
		}
	}
}

// complete adds last year's week where the book has it.
func (m *making) complete(c *Change) {
	if m.year.From != 0 {
		c.LastYear = m.count(m.year.With(c.dim, c.Value))
	}
}
