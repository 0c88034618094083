package prevention

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// PlanID names an outreach plan, such as "P7".
type PlanID string

// Cause is what a customer is told about: "cluster:K12" or
// "rule:R3:<exposure>". Nobody is told twice about the same cause.
type Cause string

// PlanStatus is the place of a plan in its life.
type PlanStatus string

// The statuses of a plan.
const (
	PlanDraft     PlanStatus = "draft"
	PlanSubmitted PlanStatus = "submitted" // waits for approval
	PlanApproved  PlanStatus = "approved"  // recipients and hold-out are fixed, waits for its time
	PlanRunning   PlanStatus = "running"
	PlanStopped   PlanStatus = "stopped"  // by the stop button; may be resumed
	PlanFinished  PlanStatus = "finished" // nothing left to send
	PlanRejected  PlanStatus = "rejected"
	PlanCancelled PlanStatus = "cancelled"
)

// Template is what a customer reads. {{name}}, {{product}} … are variables.
type Template struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Plan tells a cohort about a cluster. Its message class is always "service":
// it may not advertise.
type Plan struct {
	ID       PlanID
	Cluster  ClusterID // "" for the plan of an event rule
	Rule     EventRuleID
	Title    string
	Cohort   Rule
	Template Template
	// Channels are tried in this order: the first one for which the customer
	// has an address, the next one when that rejects.
	Channels []string
	StartAt  time.Time // zero is as soon as approved
	// Holdout is the part of the cohort that is not told, 0..0.5; Seed draws it.
	Holdout float64
	Seed    uint64
	Status  PlanStatus
	// Size counts the recipients fixed at approval, Held those held out.
	Size, Held int

	CreatedBy, SubmittedBy, ApprovedBy, StoppedBy string
	CreatedAt, ApprovedAt, FinishedAt             time.Time
	// Remark is why it was rejected, stopped or cancelled.
	Remark  string
	Version int64
}

// Arm is the side of the experiment a customer was drawn to.
type Arm string

// The arms.
const (
	ArmTold Arm = "told"
	ArmHeld Arm = "held"
)

// NoticeState is the place of one notice on its way.
type NoticeState string

// The states of a notice.
const (
	NoticeHeld      NoticeState = "held"    // hold-out: never sent
	NoticeQueued    NoticeState = "queued"  // waits for NextAt
	NoticeSending   NoticeState = "sending" // an attempt has begun and nobody knows its end yet
	NoticeSent      NoticeState = "sent"
	NoticeDelivered NoticeState = "delivered"
	NoticeAnswered  NoticeState = "answered"
	NoticeFailed    NoticeState = "failed"  // dead letter: rejected or out of attempts
	NoticeUnclear   NoticeState = "unclear" // may have been sent; a person decides, the machine never sends again
	NoticeSkipped   NoticeState = "skipped" // must not be told any more: complained, opted out, …
)

// Notice is the word to one customer about one cause.
type Notice struct {
	ID       int64
	Plan     PlanID
	Cause    Cause
	Customer triage.CustomerID
	Arm      Arm
	State    NoticeState
	Score    float64
	// Exposed is the exposure that made the customer part of the cohort.
	Exposed time.Time
	// Channel is the name of the channel of the latest attempt, Key its
	// idempotency key, Reference what the channel called it.
	Channel   string
	Key       string
	Reference string
	Attempts  int
	// NextAt is when the next attempt is due; BegunAt when the latest began.
	NextAt, BegunAt time.Time
	// Reason is why it was skipped, deferred or failed, in a short English code.
	Reason                          string
	CreatedAt                       time.Time
	SentAt, DeliveredAt, AnsweredAt time.Time
}

// EventRuleID names an event rule, such as "R3".
type EventRuleID string

// EventRule tells customers of a mishap before they complain: when an exposure
// fits When, and after Wait none fits Unless, the customer is told.
type EventRule struct {
	ID     EventRuleID
	Name   string
	Status EventRuleStatus
	When   Condition
	// Unless undoes the mishap when the same customer has it after the first
	// one; an empty kind is never.
	Unless   Condition
	Wait     time.Duration
	Template Template
	Channels []string
	Holdout  float64
	// DailyCap bounds the notices of one day.
	DailyCap int

	CreatedBy, ApprovedBy string
	CreatedAt, ApprovedAt time.Time
	// Through is the time up to which exposures have been looked at.
	Through time.Time
	Version int64
}

// EventRuleStatus is the place of an event rule in its life.
type EventRuleStatus string

// The statuses of an event rule.
const (
	EventRuleDraft    EventRuleStatus = "draft"
	EventRuleApproved EventRuleStatus = "approved"
	EventRulePaused   EventRuleStatus = "paused"
)

// Suppression keeps an address or a customer from being told anything.
type Suppression struct {
	// Customer or Address (phone or e-mail) is set, or both.
	Customer triage.CustomerID
	Address  string
	Reason   string // "reply", "blocklist", …
	At       time.Time
	By       string
}

// Followed is one randomised customer and what became of them: the primary end
// point of the effect, by intention to treat.
type Followed struct {
	Customer triage.CustomerID
	Arm      Arm
	// From is when arms were fixed; Complained when the customer first
	// complained about the cluster after that, zero when never.
	From       time.Time
	Complained time.Time
}
