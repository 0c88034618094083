package watch

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Register has the campaigns.
type Register interface {
	List(ctx context.Context, f campaign.Filter) ([]triage.Campaign, error)
	// Campaign returns one of them, or CodeNotFound.
	Campaign(ctx context.Context, id string) (triage.Campaign, error)
}

// Reaches counts whom campaigns reached.
type Reaches interface {
	ReachOf(ctx context.Context, id string) ([]campaign.Reach, error)
	// Reached counts the customers of every campaign that reached some.
	Reached(ctx context.Context) (map[string]int, error)
}

// Reactions counts how campaigns are taken at the counter.
type Reactions interface {
	// Reactions counts at from <= t < to.
	Reactions(ctx context.Context, id string, from, to time.Time) (campaign.Reaction, error)
}

// Complainer is a customer who complained about a campaign.
type Complainer struct {
	// At is the first complaint.
	At time.Time
	// Segments are those of the campaign that reached the customer before.
	Segments []string
}

// People are the customers as campaigns know them.
type People interface {
	// Complainers returns the customers who complained about a campaign; those of
	// complaints without a customer are not among them.
	Complainers(ctx context.Context, id string) ([]Complainer, error)
	// Departures counts customers who opted out.
	Departures(ctx context.Context, id string) (card.Departures, error)
	// CustomerCount returns how many customers there are.
	CustomerCount(ctx context.Context) (int, error)
}

// Told is the signal of a campaign on a day.
type Told struct {
	Campaign string
	Day      fact.Day
	At       time.Time
	Verdict  verdict.Verdict
}

// Signals keeps the signals of all days.
type Signals interface {
	// LatestSignals returns the latest signal of each campaign that has one.
	LatestSignals(ctx context.Context) (map[string]Told, error)
	// SignalsOf returns those of one campaign, the latest first, at most limit.
	SignalsOf(ctx context.Context, id string, limit int) ([]Told, error)
	// RecordSignals replaces the signals of the same campaign and day.
	RecordSignals(ctx context.Context, told []Told) error
}

// Cards keeps what a score card has that no count knows. Changes by people write
// their audit entry in the same transaction.
type Cards interface {
	CauseCounts(ctx context.Context, id string) ([]card.CauseCount, error)
	// Lessons returns every version, the latest first.
	Lessons(ctx context.Context, id string) ([]card.Lesson, error)
	// PutLesson stores the next version; CodeConflict when l.Version is not the
	// latest one plus 1.
	PutLesson(ctx context.Context, l card.Lesson, e triage.AuditEntry) error
	// CostAssumptions returns the latest, or card.Assumed.
	CostAssumptions(ctx context.Context) (card.Assumptions, error)
	PutCostAssumptions(ctx context.Context, a card.Assumptions, e triage.AuditEntry) error
}

// Unread is a complaint about a campaign whose cause nobody has judged.
type Unread struct {
	Complaint triage.ComplaintID
	Text      string
}

// Causes keeps the causes of complaints about campaigns.
type Causes interface {
	// Unjudged returns complaints about campaigns that have no cause yet.
	Unjudged(ctx context.Context, limit int) ([]Unread, error)
	// RecordCauses stores those of the machine; one by hand stays.
	RecordCauses(ctx context.Context, judged []card.Judged, at time.Time) error
	// CausesOf returns the causes of those complaints that have one.
	CausesOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]card.Judged, error)
	// CorrectCause stores what a person says, CodeNotFound without the case.
	CorrectCause(ctx context.Context, j card.Judged, e triage.AuditEntry) error
}
