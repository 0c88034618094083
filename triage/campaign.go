package triage

import "time"

// Campaign is a registered marketing campaign.
type Campaign struct {
	ID       string
	Name     string
	From     time.Time
	To       time.Time
	Channel  string
	Rules    string
	Audience string
	// Copy is what customers are told, Objective what the campaign is for.
	Copy      string
	Objective string
	// Owner is the person in charge, Department theirs.
	Owner      string
	Department string
	// Aliases are other names that customers and colleagues use.
	Aliases  []string
	Eligible Eligibility
	// Version grows with every change; 0 before the campaign is stored.
	Version int64
}

// RunsAt says whether the campaign is on at t. A bound that nobody gave is none;
// the last moment is part of the campaign.
func (c *Campaign) RunsAt(t time.Time) bool {
	return (c.From.IsZero() || !t.Before(c.From)) && (c.To.IsZero() || !t.After(c.To))
}

// Eligibility is to whom a campaign may be recommended. What is not set excludes
// nobody.
type Eligibility struct {
	// Tiers and Regions list those that take part.
	Tiers   []Tier   `json:"tiers,omitempty"`
	Regions []string `json:"regions,omitempty"`
	// MinMonths and MaxMonths bound how long somebody has been a customer.
	MinMonths int `json:"min_months,omitempty"`
	MaxMonths int `json:"max_months,omitempty"`
	// Needs are records that the customer must have, Excludes those they must not
	// have.
	Needs    []RecordOf `json:"needs,omitempty"`
	Excludes []RecordOf `json:"excludes,omitempty"`
	// Repeatable lets a customer join more than once.
	Repeatable bool `json:"repeatable,omitempty"`
	// QuietDays is how long after a complaint nothing is recommended, 0 for the
	// rule of the house.
	QuietDays int `json:"quiet_days,omitempty"`
}

// RecordOf names records of a customer: a kind of exposure, and its key unless
// it is "".
type RecordOf struct {
	Kind string `json:"kind"`
	Key  string `json:"key,omitempty"`
}
