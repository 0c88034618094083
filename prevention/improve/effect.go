package improve

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Week is the complaints of one week, from its Monday on: those in the scope
// and those of the control.
type Week struct {
	Day     fact.Day `json:"day"`
	Scope   int      `json:"scope"`
	Control int      `json:"control"`
}

// Span is the days from From, before To.
type Span struct {
	From fact.Day `json:"from"`
	To   fact.Day `json:"to"`
}

// Verdict is what can be said of an effect.
type Verdict string

// The verdicts. Works and Worse are said when the interval of the ratio lies on
// one side of 1.
const (
	Works    Verdict = "works"
	NoEffect Verdict = "no_effect" // none shown, which is not the same as none
	Worse    Verdict = "worse"
	TooEarly Verdict = "too_early"
	TooFew   Verdict = "too_few" // too few complaints, or no weeks before, to tell
)

// Ratio is the rate of complaints after, as a multiple of what it would have been
// had the scope gone with the control, with its interval: the intervals of all
// looks, 5, 8 and 12 weeks after the change, hold the truth together in 95 %.
type Ratio struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Effect is what came of an action.
type Effect struct {
	Verdict Verdict `json:"verdict"`
	// Ratio has the wider of two intervals: that of the quasi-Poisson model, with
	// the dispersion of the weeks, and the exact one of a conditional binomial.
	Ratio Ratio `json:"ratio"`
	// WithPeak is the ratio when the weeks of the peak count as before: part of
	// that fall would have come by itself. Nil when no weeks were left out.
	WithPeak *Ratio `json:"with_peak,omitempty"`
	// Found is set when the weeks before the start were left out as a peak because
	// of their counts, not because of an alarm.
	Found bool `json:"found,omitempty"`
	// Before and After are complaints in the scope, ControlBefore and ControlAfter
	// those outside, in so many whole weeks.
	Before        int `json:"before"`
	After         int `json:"after"`
	ControlBefore int `json:"control_before"`
	ControlAfter  int `json:"control_after"`
	WeeksBefore   int `json:"weeks_before"`
	WeeksAfter    int `json:"weeks_after"`
	// Expected is how many complaints After would have been without the action;
	// Avoided how many fewer came, negative when more did, with its interval.
	Expected    float64 `json:"expected"`
	Avoided     float64 `json:"avoided"`
	AvoidedLow  float64 `json:"avoided_low"`
	AvoidedHigh float64 `json:"avoided_high"`
	// Dispersion is how much more the weeks scatter than chance alone, at least 1.
	Dispersion float64 `json:"dispersion"`
	Points     []Point `json:"points"`
}

// Point is one week of the picture.
type Point struct {
	Week
	// Expected is the count without the action, with the band in which 95 of 100
	// weeks would lie.
	Expected float64 `json:"expected"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Part     Part    `json:"part"`
}

// Part says what a week counts as.
type Part string

// The parts.
const (
	PartBefore Part = "before"
	PartPeak   Part = "peak"   // left out: the action was started because of it
	PartChange Part = "change" // left out: while the action was carried out
	PartAfter  Part = "after"
	PartNext   Part = "next" // after, but only counted with the next look
)

const (
	// fewestWeeks before are needed for a verdict.
	fewestWeeks = 4
	// fewestComplaints in the scope before, and expected after, are needed.
	fewestComplaints = 8
	// noBound stands for an interval without an upper end.
	noBound = 1000
)

// Estimate measures an effect from whole weeks in order: those that begin
// before the change and end by then are before, those that begin after it are
// after, those that touch it are left out, and so are those before that touch the
// peak; Span{} is no peak known. Weeks after since the last look do not count yet.
func Estimate(weeks []Week, change, peak Span) Effect {
	parts := partition(weeks, change, peak)
	look := lookAt(parts)
	found := peak == (Span{}) && markPeak(weeks, parts)
	before, after := total(weeks, parts, PartBefore), total(weeks, parts, PartAfter)
	e := Effect{
		Found: found, Before: before.Scope, After: after.Scope, ControlBefore: before.Control, ControlAfter: after.Control,
		WeeksBefore: before.weeks, WeeksAfter: after.weeks, Dispersion: 1, Ratio: Ratio{Value: 1},
	}
	if before.Scope > 0 && before.Control > 0 {
		e.Expected = float64(before.Scope) / float64(before.Control) * float64(after.Control)
	}
	e.Dispersion = dispersion(weeks, parts, before, after)
	e.Points = points(weeks, parts, before, e.Dispersion)
	if before.Scope+after.Scope > 0 && before.Control > 0 && after.Control > 0 && before.weeks > 0 && after.weeks > 0 {
		e.Ratio = ratioOf(before, after, e.Dispersion, look.level)
		e.avoid()
		e.WithPeak = withPeak(weeks, parts, after, e.Dispersion, look.level)
	}
	e.Verdict = e.verdict()
	return e
}

func (e *Effect) verdict() Verdict {
	switch {
	case e.WeeksAfter < looks[0].weeks:
		return TooEarly
	case e.WeeksBefore < fewestWeeks || e.Before < fewestComplaints || e.Expected < fewestComplaints:
		return TooFew
	case e.Ratio.High < 1:
		return Works
	case e.Ratio.Low > 1:
		return Worse
	default:
		return NoEffect
	}
}

// avoid turns the ratio into complaints that did not come.
func (e *Effect) avoid() {
	e.Avoided = e.Expected * (1 - e.Ratio.Value)
	e.AvoidedLow, e.AvoidedHigh = e.Expected*(1-e.Ratio.High), e.Expected*(1-e.Ratio.Low)
}

// sums are the counts of several weeks.
type sums struct {
	Week
	weeks int
}

func total(weeks []Week, parts []Part, of Part) (s sums) {
	for i, w := range weeks {
		if parts[i] == of {
			s.Scope += w.Scope
			s.Control += w.Control
			s.weeks++
		}
	}
	return s
}

// ratioOf compares (after in scope : control) with (before in scope : control).
// Half a complaint is added where a count is 0 (J. B. S. Haldane, "The estimation
// and significance of the logarithm of a ratio of frequencies", Annals of Human
// Genetics 20, 1956). The variance of the logarithm is the sum of the reciprocal
// counts times the dispersion (P. McCullagh, J. A. Nelder, "Generalized Linear
// Models", 1989, ch. 9), the quantile that of t with the weeks less two.
func ratioOf(before, after sums, dispersion, level float64) Ratio {
	y0, y1 := float64(before.Scope), float64(after.Scope)
	if before.Scope == 0 || after.Scope == 0 {
		y0, y1 = y0+0.5, y1+0.5
	}
	c0, c1 := float64(before.Control), float64(after.Control)
	logRatio := math.Log(y1 / c1 * c0 / y0)
	se := math.Sqrt(dispersion * (1/y0 + 1/y1 + 1/c0 + 1/c1))
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(max(before.weeks+after.weeks-2, 1))}.Quantile(1 - level/2)
	low, high := exact(before, after, level)
	return Ratio{
		Value: math.Exp(logRatio),
		Low:   min(math.Exp(logRatio-t*se), low), High: max(math.Exp(logRatio+t*se), high),
	}
}

// exact is the interval of C. J. Clopper and E. S. Pearson, Biometrika 26, 1934,
// for the ratio: of all complaints in the scope, those after are binomial, with
// odds that are the ratio times those of the control (J. Przyborowski, H.
// Wilenski, "Homogeneity of results in testing samples from Poisson series",
// Biometrika 31, 1940). It takes the control as certain, which matters only where
// the other interval is the wider one.
func exact(before, after sums, level float64) (low, high float64) {
	k, n := float64(after.Scope), float64(before.Scope+after.Scope)
	odds := float64(before.Control) / float64(after.Control)
	high = noBound
	if k > 0 {
		p := mathext.InvRegIncBeta(k, n-k+1, level/2)
		low = p / (1 - p) * odds
	}
	if k < n {
		p := mathext.InvRegIncBeta(k+1, n-k, 1-level/2)
		high = min(p/(1-p)*odds, noBound)
	}
	return low, high
}

// withPeak is the ratio with the peak counted as before.
func withPeak(weeks []Week, parts []Part, after sums, dispersion, level float64) *Ratio {
	peak, before := total(weeks, parts, PartPeak), total(weeks, parts, PartBefore)
	if peak.weeks == 0 {
		return nil
	}
	before.Scope += peak.Scope
	before.Control += peak.Control
	before.weeks += peak.weeks
	r := ratioOf(before, after, dispersion, level)
	return &r
}
