package quality

import (
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// scatterWeeks is how many weeks tell how much counts scatter, spellWeeks how
	// many of them are taken to have one mean: so neither season nor growth is
	// taken for scatter.
	scatterWeeks, spellWeeks = 52, 8
	// leastFreedom is the degrees of freedom without which nothing is known of the
	// scatter.
	leastFreedom = 3
)

// spells returns the weeks that end with the period and before it, in spells of
// which none lies in the period in part: the change that is looked for is no
// scatter. The weeks are those between the first and the end of the days known.
func spells(now, known Period) [][]Period {
	var all [][]Period
	left := scatterWeeks
	end := min(now.To, known.To)
	for _, part := range []Period{{max(now.From, known.From), end}, {known.From, min(now.From, end)}} {
		var spell []Period
		for to := part.To; to-7 >= part.From && left > 0; to, left = to-7, left-1 {
			if spell = append(spell, Period{to - 7, to}); len(spell) == spellWeeks {
				all, spell = append(all, spell), nil
			}
		}
		if len(spell) > 1 {
			all = append(all, spell)
		}
	}
	return all
}

// scatter is an estimate in the making: χ² and what neighbouring weeks have in
// common, each with its degrees of freedom.
type scatter struct{ chi2, freedom, shared, long float64 }

func (s *scatter) add(counts []int) {
	chi2, freedom := evidence.Pearson(counts)
	if freedom < 2 {
		return
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	mean, weeks := float64(total)/float64(len(counts)), float64(len(counts))
	for i := range counts[1:] {
		s.shared += (float64(counts[i]) - mean) * (float64(counts[i+1]) - mean) / mean
	}
	s.chi2, s.freedom = s.chi2+chi2, s.freedom+freedom
	s.long += freedom * (1 - 2/weeks) // the mean is that of the same weeks
}

func (s *scatter) join(other *scatter) {
	s.chi2, s.freedom = s.chi2+other.chi2, s.freedom+other.freedom
	s.shared, s.long = s.shared+other.shared, s.long+other.long
}

// value is at least 1. What raises complaints for a week lies in two of the weeks
// counted here: the variance of a sum of weeks is that of one and twice what
// neighbours share. An estimate from few weeks may be too low by chance: it is
// raised by as much as a quantile of Student's distribution is above the normal
// one, so that the interval is the wider for it.
func (s *scatter) value() float64 {
	if s.freedom < leastFreedom {
		return 1
	}
	student := distuv.StudentsT{Sigma: 1, Nu: s.freedom}.Quantile(0.975) / distuv.UnitNormal.Quantile(0.975)
	return max(1, student*student*max(s.chi2/s.freedom, (s.chi2+2*s.shared)/s.long))
}

// Scatter is by how much the variance of the counts around a period is above
// that of Poisson ones, at least 1: complaints come in bunches, and so more often
// rise and fall by chance than single ones would. It is estimated from the weeks
// of the period and before it, a year in all; of less than four weeks it is 1.
func (d Days) Scatter(now Period) float64 {
	var s scatter
	for _, spell := range spells(now, d.Span()) {
		counts := make([]int, len(spell))
		for i, week := range spell {
			counts[i] = d.In(week)
		}
		s.add(counts)
	}
	return s.value()
}

// ScatterOf is the scatter of the counts of a filter.
func ScatterOf(book *fact.Book, f fact.Filter, c Comparison) float64 {
	if c.State != Known {
		return 1
	}
	return DaysOf(book.Daily(f.Between(c.Now.From-7*scatterWeeks, c.Now.To))).Scatter(c.Now)
}

// Scatters is the scatter of the values of a dimension. The zero value is that of
// Poisson counts.
type Scatters struct {
	common float64
	own    map[string]*scatter
}

// of is the scatter of a frequent value, never below that of all: what jumps up
// and down every week must not be called a rise.
func (s *Scatters) of(value string) float64 {
	if own := s.own[value]; own != nil {
		return max(s.common, own.value())
	}
	return s.common
}

// ScattersOf estimates the scatter by the values of dimensions.
func ScattersOf(book *fact.Book, f fact.Filter, c Comparison, dims ...fact.Dim) []Scatters {
	all := make([]Scatters, len(dims))
	from, to, ok := book.Days()
	if !ok || c.State != Known {
		return all
	}
	for k := range all {
		all[k].own = map[string]*scatter{}
	}
	for _, spell := range spells(c.Now, Period{from, to}) {
		for k, values := range weekly(book, f, spell, dims) {
			for value, counts := range values {
				if all[k].own[value] == nil {
					all[k].own[value] = &scatter{}
				}
				all[k].own[value].add(counts)
			}
		}
	}
	for k := range all {
		var sum scatter
		for _, s := range all[k].own {
			sum.join(s)
		}
		all[k].common = sum.value()
	}
	return all
}

// weekly counts each value of each dimension in the weeks of a spell.
func weekly(book *fact.Book, f fact.Filter, spell []Period, dims []fact.Dim) []map[string][]int {
	all := make([]map[string][]int, len(dims))
	for k := range all {
		all[k] = map[string][]int{}
	}
	days := make([]fact.Day, len(spell))
	for i, week := range spell {
		days[i] = week.From
	}
	for i, week := range book.CountsWeekly(f, days, dims...) {
		for k, numbers := range week {
			for _, n := range numbers {
				if all[k][n.Value] == nil {
					all[k][n.Value] = make([]int, len(spell))
				}
				all[k][n.Value][i] = n.Cases
			}
		}
	}
	return all
}
