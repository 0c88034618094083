package silence

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Prevented is a number of complaints that something has prevented, with its
// 95 % interval; below zero it brought some about.
type Prevented struct {
	Name  string  `json:"name"`
	Link  string  `json:"link,omitempty"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Range is a value and the 90 % of the draws around it. The value of the likely
// assumptions is always within: a range that is skewed is widened up to it.
type Range struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Swing is what an assumption alone makes of the total, from its low to its
// high, all others likely.
type Swing struct {
	Key  Key     `json:"key"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// SwingPrevented is the Key of the swing of the prevented complaints.
const SwingPrevented Key = "prevented"

// Result is prevented complaints in money.
type Result struct {
	Prevented Prevented `json:"prevented"`
	// Overlap warns that more than one source was added up: what two measures
	// claim for the same customers is counted twice.
	Overlap bool        `json:"overlap"`
	Parts   []Prevented `json:"parts"`
	Sum     Sum         `json:"sum"`
	Total   Range       `json:"total"`
	// LossChance is the part of the draws in which the prevention cost more than
	// it saved; LossPossible is set where the range reaches below zero.
	LossChance   float64 `json:"loss_chance"`
	LossPossible bool    `json:"loss_possible"`
	// Tornado has the largest swing first.
	Tornado []Swing `json:"tornado"`
	// BreakEven is how many complaints must be prevented for the programme to pay;
	// nil when one saves nothing.
	BreakEven *Range `json:"break_even"`
}

// The draws are the same for every input, so that a change of the result is one
// of the assumptions and not of chance.
const (
	draws = 20_000
	seed  = 2026
	tail  = 0.05 // of the draws on each side of a Range
)

// z is the 97.5 % quantile of the normal distribution: an interval of 95 % is as
// wide as 2 z standard errors.
var z = distuv.UnitNormal.Quantile(0.975)

// Of works out what prevented complaints are worth under the assumptions, which
// must be checked. Each draw takes every assumption from the triangular
// distribution of its low, likely and high, and the prevented complaints from the
// normal one of their interval. An interval that is not finite is taken as none.
func Of(list []Assumption, parts []Prevented) Result {
	r := Result{Parts: parts, Overlap: len(parts) > 1, Prevented: together(parts)}
	best := likely(list)
	r.Sum = best.sum(r.Prevented.Value)
	totals, evens := draw(list, r.Prevented)
	loss := 0
	for _, t := range totals {
		if t < 0 {
			loss++
		}
	}
	r.Total = rangeOf(r.Sum.Total, totals)
	r.LossChance = float64(loss) / draws
	r.LossPossible = r.Total.Low < 0
	if best.perComplaint() > 0 && len(evens) == draws {
		r.BreakEven = new(rangeOf(best[Programme]/best.perComplaint(), evens))
	}
	r.Tornado = tornado(list, r.Prevented)
	return r
}

// together adds up independent sources: values add, and so do the squares of the
// half widths.
func together(parts []Prevented) Prevented {
	var all Prevented
	var down, up float64
	for _, p := range parts {
		if math.IsInf(p.High-p.Low, 0) || math.IsNaN(p.High-p.Low) {
			p.Low, p.High = p.Value, p.Value
		}
		all.Value += p.Value
		down += (p.Value - p.Low) * (p.Value - p.Low)
		up += (p.High - p.Value) * (p.High - p.Value)
	}
	all.Low, all.High = all.Value-math.Sqrt(down), all.Value+math.Sqrt(up)
	return all
}

// draw returns the totals, and how many complaints pay for the programme in the
// draws in which one saves anything.
func draw(list []Assumption, p Prevented) (totals, evens []float64) {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // not a secret
	spread := (p.High - p.Low) / (2 * z)
	totals = make([]float64, 0, draws)
	v := make(values, len(list))
	for range draws {
		prevented := p.Value + spread*distuv.UnitNormal.Quantile(between01(random))
		for _, a := range list {
			v[a.Key] = a.quantile(between01(random))
		}
		one := v.perComplaint()
		totals = append(totals, prevented*one-v[Programme])
		if one > 0 {
			evens = append(evens, v[Programme]/one)
		}
	}
	return totals, evens
}

// between01 is never 0, whose normal quantile is infinite.
func between01(r *rand.Rand) float64 { return 1 - r.Float64()*(1-1e-12) }

// quantile is the inverse of the triangular distribution. It never falls when
// low, likely or high rises, so that neither does the result.
func (a *Assumption) quantile(u float64) float64 {
	width := a.High - a.Low
	if width == 0 {
		return a.Likely
	}
	peak := (a.Likely - a.Low) / width
	if u < peak {
		return a.Low + math.Sqrt(u*width*(a.Likely-a.Low))
	}
	return a.High - math.Sqrt((1-u)*width*(a.High-a.Likely))
}

func rangeOf(value float64, all []float64) Range {
	slices.Sort(all)
	n := float64(len(all) - 1)
	return Range{Value: value, Low: min(value, all[int(tail*n)]), High: max(value, all[int((1-tail)*n)])}
}

func tornado(list []Assumption, p Prevented) []Swing {
	best := likely(list)
	swings := []Swing{{SwingPrevented, best.sum(p.Low).Total, best.sum(p.High).Total}}
	for _, a := range list {
		low, high := likely(list), likely(list)
		low[a.Key], high[a.Key] = a.Low, a.High
		swings = append(swings, Swing{a.Key, low.sum(p.Value).Total, high.sum(p.Value).Total})
	}
	slices.SortStableFunc(swings, func(a, b Swing) int {
		return cmp.Compare(math.Abs(b.High-b.Low), math.Abs(a.High-a.Low))
	})
	return swings
}
