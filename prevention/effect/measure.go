package effect

import (
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// Side is one arm of an experiment.
type Side struct {
	Customers  int `json:"customers"`
	Complained int `json:"complained"`
}

// Rate is the complaints per head, 0 when nobody is in the arm.
func (s Side) Rate() float64 { return float64(s.Complained) / float64(max(s.Customers, 1)) }

// Verdict says what may be claimed.
type Verdict string

// The verdicts of an effect.
const (
	// VerdictNone has nobody to compare with.
	VerdictNone Verdict = "no_comparison"
	// VerdictOpen cannot be told from no effect yet.
	VerdictOpen Verdict = "open"
	// VerdictFewer prevented complaints, VerdictMore brought them.
	VerdictFewer Verdict = "fewer"
	VerdictMore  Verdict = "more"
)

// Report is the effect of one plan, by intention to treat.
type Report struct {
	Told Side `json:"told"`
	Held Side `json:"held"`
	// Difference is complaints per head, told less held: below zero, telling
	// prevented complaints. Low to High contains the true difference on every
	// day that it is looked at, with a chance of 95 % over all looks together.
	Difference float64 `json:"difference"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	// Avoided is -Difference for all who were told, with its interval; below
	// zero complaints were brought about.
	Avoided     float64 `json:"avoided"`
	AvoidedLow  float64 `json:"avoided_low"`
	AvoidedHigh float64 `json:"avoided_high"`
	// RelativeRisk is the rate of the told over that of the held; nil while none
	// of the held complained.
	RelativeRisk *float64 `json:"relative_risk"`
	// U and V are the log-rank statistic and its variance, for Pool.
	U       float64 `json:"u"`
	V       float64 `json:"v"`
	Verdict Verdict `json:"verdict"`
	// Words says the result in Chinese, and how sure it is.
	Words string `json:"words"`
}

// Measure compares the complaints of told and held customers within the
// horizon after their arms were fixed, as known at until.
//
// The interval is a confidence sequence for the difference of the cumulative
// hazards: the Nelson–Aalen estimate is a martingale about it, which the
// boundary of Robbins bounds at all times. Its tuning constant is that of the
// log-rank test, k = 8, in units of the difference, k (n/(n_told n_held))². A
// difference of hazards is turned into one of complaints per head by the
// larger of the two parts who have not complained, which widens it.
func Measure(followed []prevention.Followed, until time.Time, horizon time.Duration) Report {
	t := watch(exits(followed, until, horizon))
	r := Report{Told: t.told, Held: t.held, U: t.u, V: t.v, Verdict: VerdictNone, Low: -1, High: 1}
	told, held := float64(t.told.Customers), float64(t.held.Customers)
	if told > 0 && held > 0 {
		r.Difference = t.told.Rate() - t.held.Rate()
		unit := (told + held) / (told * held)
		half := boundary(t.spread, mixture*unit*unit)
		left := math.Exp(-min(t.hazardTold, t.hazardHeld))
		r.Low = max(-1, min(r.Difference, left*(t.difference-half)))
		r.High = min(1, max(r.Difference, left*(t.difference+half)))
		r.Verdict = verdict(r.Low, r.High)
	}
	if t.held.Complained > 0 {
		risk := t.told.Rate() / t.held.Rate()
		r.RelativeRisk = &risk
	}
	r.Avoided, r.AvoidedLow, r.AvoidedHigh = -r.Difference*told, -r.High*told, -r.Low*told
	r.Words = r.words()
	return r
}

func verdict(low, high float64) Verdict {
	switch {
	case high < 0:
		return VerdictFewer
	case low > 0:
		return VerdictMore
	}
	return VerdictOpen
}
