package counter

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Policy is the rule of the house. Campaigns may set quiet days of their own.
type Policy struct {
	// QuietDays is how long after a complaint nothing is recommended, AngryDays how
	// long after one of a customer who was angry or escalated.
	QuietDays int `yaml:"quiet_days"`
	AngryDays int `yaml:"angry_days"`
	// RefusedDays is how long a campaign is not recommended again to a customer who
	// refused it or was annoyed.
	RefusedDays int `yaml:"refused_days"`
	// AsksPerMonth is how often a customer may be asked about campaigns within
	// thirty days, 0 for any number. What customers ask about themselves is not
	// counted.
	AsksPerMonth int `yaml:"asks_per_month"`
	// SoonDays is how long before its beginning a campaign may be recommended.
	SoonDays int `yaml:"soon_days"`
}

// DefaultPolicy returns the usual rule. The figures are judgement, not measured.
func DefaultPolicy() Policy {
	return Policy{QuietDays: 30, AngryDays: 60, RefusedDays: 90, AsksPerMonth: 4, SoonDays: 3}
}

// maxDays bounds the days of a policy.
const maxDays = 3650

// Validate names the first field at fault.
func (p *Policy) Validate() error {
	for _, f := range []struct {
		name  string
		value int
	}{
		{"quiet_days", p.QuietDays}, {"angry_days", p.AngryDays}, {"refused_days", p.RefusedDays},
		{"asks_per_month", p.AsksPerMonth}, {"soon_days", p.SoonDays},
	} {
		if f.value < 0 || f.value > maxDays {
			return triage.FieldErrorf("counter."+f.name, "%d is outside 0..%d", f.value, maxDays)
		}
	}
	if p.AngryDays < p.QuietDays {
		return triage.FieldErrorf("counter.angry_days", "%d is less than quiet_days, %d: an angry customer is left alone for longer",
			p.AngryDays, p.QuietDays)
	}
	return nil
}

const (
	day = 24 * time.Hour
	// askWindow is the time of AsksPerMonth.
	askWindow = 30 * day
	// history is how far back captures say what a customer likes.
	history = 365 * day
)

// lookBack is how far back the complaints and captures of a customer matter.
func (p *Policy) lookBack(campaigns []triage.Campaign) time.Duration {
	days := max(p.AngryDays, p.RefusedDays)
	for i := range campaigns {
		days = max(days, campaigns[i].Eligible.QuietDays)
	}
	return max(time.Duration(days)*day, history)
}
