package prevention

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Rule says exactly who is affected: the customers who have an exposure for
// every condition and live in one of the regions. The zero Rule matches nobody.
type Rule struct {
	// Conditions must all hold, each by an exposure of its own or the same one.
	Conditions []Condition `json:"conditions"`
	// Regions are any of these; empty is everywhere.
	Regions []string `json:"regions,omitempty"`
}

// Condition asks for one exposure. Attrs must all be equal in that exposure,
// compared as text; the time is From <= At < To, and a zero time is open.
type Condition struct {
	Kind  string            `json:"kind"`
	Key   string            `json:"key"`
	Attrs map[string]string `json:"attrs,omitempty"`
	From  time.Time         `json:"from,omitzero"`
	To    time.Time         `json:"to,omitzero"`
}

// Evidence is one reason for a rule: so many of the complainants with known
// exposures have the value, against its share among all customers.
type Evidence struct {
	// Field and Value name the value as people read it, such as "payment" and
	// "银联在线", "payment.status" and "failed", "region" and "沈阳".
	Field string `json:"field"`
	Value string `json:"value"`
	// With of Known complainants have it.
	With  int `json:"with"`
	Known int `json:"known"`
	// Share is the part of all customers who have it; Lift is how many times as
	// common it is among the complainants.
	Share  float64 `json:"share"`
	Lift   float64 `json:"lift"`
	PValue float64 `json:"p_value"`
}

// Candidate is one silent customer whom a rule matches.
type Candidate struct {
	Customer triage.CustomerID `json:"customer_id"`
	// Score is the likelihood of being affected, 0..1.
	Score float64 `json:"score"`
	// Exposed is the latest exposure that matched.
	Exposed time.Time `json:"exposed"`
}

// Excluded counts the matching customers who are left out, by reason; each
// customer counts once, under the first reason in this order.
type Excluded struct {
	Complained int `json:"complained"`
	Told       int `json:"told"`
	OptedOut   int `json:"opted_out"`
	Contacted  int `json:"contacted"`
}

// Cohort is everybody whom a rule matches, minus those who must not be told.
type Cohort struct {
	Rule Rule `json:"definition"`
	// Words says the rule in Chinese.
	Words   string     `json:"words"`
	Reasons []Evidence `json:"reasons"`
	// Matched counts all customers who match; Explained of Known complainants do.
	Matched   int         `json:"matched"`
	Explained int         `json:"explained"`
	Known     int         `json:"known"`
	Customers []Candidate `json:"customers"`
	Excluded  Excluded    `json:"excluded"`
}

// Basis says what an estimate rests on.
type Basis string

// The bases of an estimate, best first.
const (
	// BasisExposure counts the exposed and multiplies by the share affected.
	BasisExposure Basis = "exposure"
	// BasisRecapture compares channels that overlap (Chapman's estimator).
	BasisRecapture Basis = "recapture"
	// BasisRule is one complaint for 24 who stay silent.
	BasisRule Basis = "rule_of_thumb"
)

// Estimate is how many customers are affected, with an interval of 90 %.
type Estimate struct {
	Affected int   `json:"affected"`
	Low      int   `json:"low"`
	High     int   `json:"high"`
	Basis    Basis `json:"basis"`
}
