package fact

import (
	"cmp"
	"slices"
	"sync"
)

// Daily counts the rows of the filter day by day, from the first day with rows
// that the bounds of the filter allow to the last; nil without rows.
func (b *Book) Daily(f Filter) (from Day, counts []int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	days := b.within(f)
	if len(days) == 0 {
		return 0, nil
	}
	from = days[0].day
	counts = make([]int, days[len(days)-1].day-from+1)
	if !b.eachSum(f, onlyDim(f), func(in *columns, s *sum) { counts[in.day-from] += int(s.cases) }) {
		b.scanDays(f, func(in *columns, rows []uint32) { counts[in.day-from] = len(rows) })
	}
	return from, counts
}

// Survey is what a page says of some rows.
type Survey struct {
	Figures
	// Customers are different ones, as Book.Customers counts them.
	Customers int
	// Escalated are the rows with any flag of Escalated.
	Escalated int
	Clocks    [Clocks]Spread
	// Late are the rows in which a clock ended after its limit.
	Late [Clocks]int
}

// lateFlags are the flags of the limits that the clocks have.
var lateFlags = [Clocks]Flags{LateResponse, LateVerify, LateResolve}

var allClocks = []Clock{Respond, Verify, Resolve}

// Survey counts the rows of the filter, with what does not depend on each other
// side by side.
func (b *Book) Survey(f Filter) Survey {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return Remember(b, "survey", f, func() Survey { return b.survey(f) })
}

func (b *Book) survey(f Filter) (s Survey) {
	var wg sync.WaitGroup
	wg.Go(func() {
		b.tallied(f, Dims, allClocks, func(k Clock, _ int, times Spread, late int) { s.Clocks[k], s.Late[k] = times, late })
	})
	s.Figures, s.Escalated = b.outcome(f)
	s.Customers = b.different(f)
	wg.Wait()
	return s
}

// Outcome is the Survey of the rows without Customers, Clocks and Late.
func (b *Book) Outcome(f Filter) (s Survey) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s.Figures, s.Escalated = b.outcome(f)
	return s
}

func (b *Book) outcome(f Filter) (figures Figures, escalated int) {
	ok := b.eachSum(f, onlyDim(f), func(_ *columns, d *sum) {
		figures.addSum(d)
		escalated += int(d.escalated)
	})
	if ok {
		return figures, escalated
	}
	b.scan(f, func(in *columns, i int) {
		figures.add(in, i)
		if in.flags[i]&Escalated != 0 {
			escalated++
		}
	})
	return figures, escalated
}

// Timing is the times of one clock, and how many of them were late.
func (b *Book) Timing(f Filter, k Clock) (s Spread, late int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.tallied(f, Dims, []Clock{k}, func(_ Clock, _ int, times Spread, n int) { s, late = times, n })
	return s, late
}

// GroupSurvey is the survey of one value; it counts neither Customers nor
// Escalated.
type GroupSurvey struct {
	Value string
	Survey
}

// SurveyBy counts the rows of the filter by the values of a dimension, the most
// frequent first.
func (b *Book) SurveyBy(f Filter, d Dim) []GroupSurvey {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.Clone(Remember(b, "survey by "+d.String(), f, func() []GroupSurvey { return b.surveyBy(f, d) }))
}

func (b *Book) surveyBy(f Filter, d Dim) []GroupSurvey {
	all := make([]GroupSurvey, len(b.words[d].list))
	var wg sync.WaitGroup
	wg.Go(func() { b.clocksBy(f, d, all) })
	if !b.eachSum(f, d, func(_ *columns, s *sum) { all[s.code].addSum(s) }) {
		b.scan(f, func(in *columns, i int) { all[in.values[d][i]].add(in, i) })
	}
	wg.Wait()
	for code := range all {
		all[code].Value = b.words[d].list[code]
	}
	all = slices.DeleteFunc(all, func(g GroupSurvey) bool { return g.Cases == 0 })
	slices.SortFunc(all, func(a, b GroupSurvey) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Value, b.Value))
	})
	return all
}

// clocksBy fills in the clocks of the values.
func (b *Book) clocksBy(f Filter, d Dim, to []GroupSurvey) {
	if len(to) <= maxTallied {
		b.tallied(f, d, allClocks, func(k Clock, v int, times Spread, late int) { to[v].Clocks[k], to[v].Late[k] = times, late })
		return
	}
	for k := range Clocks {
		b.spreadBy(f, d, k, to)
	}
}

// spreadBy fills in one clock of the values.
func (b *Book) spreadBy(f Filter, d Dim, k Clock, to []GroupSurvey) {
	all := make([][]int32, len(to))
	b.scanDays(f, func(in *columns, rows []uint32) {
		times, values := in.times[k], in.values[d]
		for _, i := range rows {
			m, v := times[i], values[i]
			if m == None {
				continue
			}
			all[v] = append(all[v], m)
			if in.flags[i]&lateFlags[k] != 0 {
				to[v].Late[k]++
			}
		}
	})
	for v := range all {
		to[v].Clocks[k] = spreadOf(all[v])
	}
}
