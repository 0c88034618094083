package effect

import "math"

// Pooled is the effect of several plans together.
type Pooled struct {
	Plans int `json:"plans"`
	// Ratio is the rate of complaints when told over that when not, at any
	// moment, with an interval that holds on every day that it is looked at with
	// a chance of 95 % over all looks; 1 is no effect. Before there is a complaint
	// Ratio is 1 and the interval, of which nothing is known, 0 to 0.
	Ratio   float64 `json:"ratio"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Verdict Verdict `json:"verdict"`
	Words   string  `json:"words"`
}

// Pool joins plans by the stratified log-rank test: each plan is compared
// within itself, U and V are summed. Cohorts are usually too small to be judged
// alone; together they can be. The ratio is the one-step estimate exp(U/V)
// (Peto and Peto 1972) and its interval exp((U ± boundary)/V).
func Pool(reports []Report) Pooled {
	var u, v float64
	p := Pooled{Ratio: 1, Verdict: VerdictNone}
	for i := range reports {
		if r := &reports[i]; r.Verdict != VerdictNone {
			p.Plans++
			u += r.U
			v += r.V
		}
	}
	if p.Plans > 0 {
		p.Verdict = VerdictOpen
	}
	if v > 0 {
		b := boundary(v, mixture)
		p.Ratio, p.Low, p.High = math.Exp(u/v), math.Exp((u-b)/v), math.Exp(min((u+b)/v, 700))
		p.Verdict = verdict(u-b, u+b)
	}
	p.Words = p.words()
	return p
}
