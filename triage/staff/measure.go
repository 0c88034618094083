package staff

import (
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Measure is one side of somebody's work.
type Measure uint8

// The measures.
const (
	Respond   Measure = iota // minutes to the first answer
	Resolve                  // minutes to the closing
	Late                     // share of closed cases with a limit missed
	Satisfied                // share of customers who gave a score with 80 or more
	Wording                  // mark of the replies, 1 to 5
	Complete                 // share of the facts a hand-over needs that it knew
	Reopened                 // share of closed cases taken up again
	Measures                 // how many there are
)

var measureNames = [Measures]string{"respond", "resolve", "late", "satisfied", "wording", "complete", "reopened"}

// String returns the name of the measure in addresses and files.
func (m Measure) String() string {
	if m < Measures {
		return measureNames[m]
	}
	return ""
}

// MeasureNamed returns the measure of a name.
func MeasureNamed(name string) (Measure, bool) {
	for m := range Measures {
		if measureNames[m] == name {
			return m, true
		}
	}
	return 0, false
}

// Kind is how a measure is added up.
type Kind uint8

// The kinds. Times are compared by their logarithms, so that one case of a month
// does not weigh as much as a hundred of an hour.
const (
	Time Kind = iota
	Share
	Mean
)

// Kind returns how the measure is added up.
func (m Measure) Kind() Kind {
	switch m {
	case Respond, Resolve:
		return Time
	case Wording, Complete:
		return Mean
	default:
		return Share
	}
}

// MoreIsBetter says which way is good.
func (m Measure) MoreIsBetter() bool { return m == Satisfied || m == Wording || m == Complete }

// late are the limits that an agent keeps or misses.
const late = fact.LateResponse | fact.LateVerify | fact.LateResolve

// value is what a case says about the measure: the logarithm of a time, 0 or 1
// for a share, or a mean; ok is false when it says nothing.
func (m Measure) value(r *fact.Row) (v float64, ok bool) {
	switch m {
	case Respond:
		return math.Log1p(float64(r.Respond)), r.Respond != fact.None
	case Resolve:
		return math.Log1p(float64(r.Resolve)), r.Resolve != fact.None
	case Late:
		return truth(r.Flags&late != 0), r.Flags&fact.Ended != 0
	case Satisfied:
		return truth(r.Satisfaction >= satisfiedFrom), r.Satisfaction >= 0
	case Wording:
		return float64(r.Points) / float64(max(r.Replies, 1)), r.Replies > 0
	case Complete:
		return float64(r.FactsKnown) / float64(max(r.FactsNeeded, 1)), r.FactsNeeded > 0
	case Reopened:
		return truth(r.Flags&fact.Reopened != 0), r.Flags&(fact.Ended|fact.Reopened) != 0
	default:
		return 0, false
	}
}

// satisfiedFrom is that of [fact.Figures].
const satisfiedFrom = 80

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Behind narrows a filter to the cases that the measure is taken from and, of a
// share, to those that a manager asks about: late, dissatisfied, taken up again.
// exact is false where a filter cannot tell them from the others.
func (m Measure) Behind(f fact.Filter) (all, bad fact.Filter, exact bool) {
	switch m {
	case Respond, Resolve:
		clock := fact.Respond
		if m == Resolve {
			clock = fact.Resolve
		}
		f.Longer = append(slices.Clip(f.Longer), fact.Longer{Clock: clock, Than: fact.None})
		return f, f, true
	case Late:
		all = f.Having(fact.Ended)
		bad = all
		bad.Any |= late
		return all, bad, true
	case Satisfied:
		f.Scored = true
		bad = f
		bad.Below = satisfiedFrom
		return f, bad, true
	case Reopened:
		all = f
		all.Any |= fact.Ended | fact.Reopened
		return all, f.Having(fact.Reopened), true
	default:
		return f, f, false
	}
}
