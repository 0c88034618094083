package counter

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// Store keeps captures and knows customers. Every change comes with its audit
// entry, in one transaction.
type Store interface {
	Captures
	Counts
	People
}

// Captures keeps captures.
type Captures interface {
	// AddCapture stores a new capture and returns it with its id. One with a known
	// key is not stored: the stored one comes back, and added is false.
	AddCapture(ctx context.Context, c Capture, e triage.AuditEntry) (stored Capture, added bool, err error)
	// ChangeCapture stores what may change of a capture (details, triage, case,
	// undone) if its version is still c.Version, else it is CodeConflict.
	ChangeCapture(ctx context.Context, c Capture, e triage.AuditEntry) error
	// Capture returns one, or CodeNotFound.
	Capture(ctx context.Context, id int64) (Capture, error)
	// Log returns one page of the captures that were not undone.
	Log(ctx context.Context, f Filter) (Page, error)
}

// Counts sums captures up, without those that were undone; From <= At < to.
type Counts interface {
	// Reactions returns the counts of one campaign.
	Reactions(ctx context.Context, id string, from, to time.Time) (campaign.Reaction, error)
	// ReactionDays returns the counts of the days that have any, in order.
	ReactionDays(ctx context.Context, id string, from, to time.Time) ([]DayReaction, error)
	// AllReactions returns the counts of every campaign that has any.
	AllReactions(ctx context.Context, from, to time.Time) (map[string]campaign.Reaction, error)
}

// People knows the customers.
type People interface {
	// Customer returns what matters of one person over all records: records of the
	// given kinds beside those of campaigns, complaints that are open or younger
	// than since, captures from since on. CodeNotFound is an id that neither the
	// customer file nor a case knows.
	Customer(ctx context.Context, id triage.CustomerID, kinds []string, since time.Time) (Customer, error)
	// PhoneEnds returns at most limit records whose phone ends in the digits, by
	// id; at least four are needed.
	PhoneEnds(ctx context.Context, digits string, limit int) ([]triage.Customer, error)
	// OptOut stores suppressions, and one entry for all.
	OptOut(ctx context.Context, list []prevention.Suppression, e triage.AuditEntry) error
}

// Campaigns is the register of campaigns.
type Campaigns interface {
	// Campaigns returns every campaign; one of Version 0 is not registered.
	Campaigns(ctx context.Context) ([]triage.Campaign, error)
	// Campaign returns one, or CodeNotFound.
	Campaign(ctx context.Context, id string) (triage.Campaign, error)
}

// Assessor triages words.
type Assessor interface {
	Assess(c *triage.Complaint) triage.Assessment
}

// Intake takes complaints in.
type Intake interface {
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
}

// Standing is what the stream of complaints says about a campaign.
type Standing struct {
	// Signal is "go", "adjust" or "stop", "" while nobody knows; Reason says why.
	Signal string
	Reason string
	// Rate is the number of complaints per 10 000 customers reached, nil while
	// unknown.
	Rate *float64
}

// SignalStop keeps a campaign from being recommended to anybody, SignalAdjust
// goes along as a caution.
const (
	SignalStop   = "stop"
	SignalAdjust = "adjust"
)
