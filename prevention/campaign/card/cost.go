package card

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Assumptions turn complaints into money. They are shown wherever the money is.
type Assumptions struct {
	// Hourly is what an hour of work costs, in yuan.
	Hourly float64
	// Case, Reply and HandOver are minutes of work: for every complaint, for each
	// answer and for each hand-over.
	Case, Reply, HandOver float64
	// By changed them last, at At; nobody when they are ours.
	By string
	At time.Time
}

// Assumed are the assumptions of a company that has made none.
func Assumed() Assumptions { return Assumptions{Hourly: 60, Case: 20, Reply: 8, HandOver: 12} }

const (
	maxHourly  = 100_000
	maxMinutes = 10_000
)

// Check returns CodeInvalid for amounts that are no amounts.
func (a Assumptions) Check() error {
	for _, f := range []struct {
		name string
		v    float64
		most float64
	}{{"hourly", a.Hourly, maxHourly}, {"case", a.Case, maxMinutes}, {"reply", a.Reply, maxMinutes}, {"hand_over", a.HandOver, maxMinutes}} {
		if !(f.v >= 0 && f.v <= f.most) {
			return triage.FieldErrorf(f.name, "is no number from 0 to %.0f", f.most)
		}
	}
	return nil
}

// Cost is the work that complaints made.
type Cost struct {
	Hours float64 `json:"hours"`
	Yuan  float64 `json:"yuan"`
	// PerComplaint is in yuan, 0 without complaints.
	PerComplaint float64 `json:"per_complaint"`
}

// CostOf returns the cost of handling the cases of the figures.
func (a Assumptions) CostOf(f *fact.Figures) Cost {
	minutes := a.Case*float64(f.Cases) + a.Reply*float64(f.Replies) + a.HandOver*float64(f.HandOvers)
	c := Cost{Hours: minutes / 60, Yuan: minutes / 60 * a.Hourly}
	if f.Cases > 0 {
		c.PerComplaint = c.Yuan / float64(f.Cases)
	}
	return c
}
