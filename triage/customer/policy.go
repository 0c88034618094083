package customer

import (
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Policy is how customers are looked after.
type Policy struct {
	// Contacts is how often the customers of each tier are contacted.
	Contacts map[triage.Tier]Cadence `yaml:"contacts"`
	// LowScore opens a task when a score is below it; the owner acts within
	// LowScoreDays working days and has a first plan within PlanWithin, of which
	// 24h is a working day.
	LowScore     float64       `yaml:"low_score"`
	LowScoreDays int           `yaml:"low_score_days"`
	PlanWithin   time.Duration `yaml:"plan_within"`
	// VIPRow scores of at least VIPScore in a row make a customer a VIP; 0 in a
	// row turns that off.
	VIPScore float64 `yaml:"vip_score"`
	VIPRow   int     `yaml:"vip_row"`
	// CallBackDays is within how many working days a call-back is made, MatchDays
	// a doubtful customer is identified.
	CallBackDays int `yaml:"call_back_days"`
	MatchDays    int `yaml:"match_days"`
}

// DefaultPolicy is that of the source documents.
func DefaultPolicy() Policy {
	return Policy{
		Contacts: map[triage.Tier]Cadence{
			triage.TierVIP: Monthly, triage.TierHigh: Monthly,
			triage.TierPotential: TwiceAQuarter, triage.TierOrdinary: Quarterly,
		},
		LowScore: 80, LowScoreDays: 3, PlanWithin: 24 * time.Hour,
		VIPScore: 90, VIPRow: 3,
		CallBackDays: 2, MatchDays: 2,
	}
}

// Validate names the field at fault.
func (p *Policy) Validate() error {
	for tier, c := range p.Contacts {
		if !slices.Contains(tiers, tier) {
			return fmt.Errorf("contacts: %q is not a tier; use vip, high, potential or ordinary", tier)
		}
		if !slices.Contains(cadences, c) {
			return fmt.Errorf("contacts.%s: %q is unknown; use monthly, twice_a_quarter, quarterly or never", tier, c)
		}
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"low_score", p.LowScore}, {"vip_score", p.VIPScore}} {
		if !(f.value >= 0 && f.value <= 100) {
			return fmt.Errorf("%s: %v is outside 0..100", f.name, f.value)
		}
	}
	for _, f := range []struct {
		name  string
		value int
	}{{"low_score_days", p.LowScoreDays}, {"call_back_days", p.CallBackDays}, {"match_days", p.MatchDays}} {
		if f.value < 1 || f.value > 365 {
			return fmt.Errorf("%s: %d is not a number of working days from 1 to 365", f.name, f.value)
		}
	}
	if p.VIPRow < 0 || p.VIPRow > maxScores {
		return fmt.Errorf("vip_row: %d is outside 0..%d", p.VIPRow, maxScores)
	}
	if p.PlanWithin <= 0 {
		return fmt.Errorf("plan_within: %s is not a time to make a plan in; write it like 24h", p.PlanWithin)
	}
	return nil
}

var tiers = []triage.Tier{triage.TierVIP, triage.TierHigh, triage.TierPotential, triage.TierOrdinary}
