package campaign

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// ExposureKind is the kind of the exposures by which a campaign reaches
// customers; their key is its id, and their attribute "name" its name.
const ExposureKind = "campaign"

// Progress is how far attribution is: the last case that was judged, the last
// batch of exposures that it knows, and the revision of the register it judged by.
type Progress struct {
	Seq      int64
	Batch    int64
	Revision int64
}

// Judged is what attribution has to store at once.
type Judged struct {
	Progress Progress
	// Set are the machine's attributions. One by hand stays, one that says the
	// same changes nothing.
	Set []Attribution
	// Clear are complaints that the machine holds to be about no campaign.
	Clear []triage.ComplaintID
}

// JudgedStore is what the job of attribution reads and writes.
type JudgedStore interface {
	// AttributionProgress returns the stored progress, and the revision that the
	// register has now.
	AttributionProgress(ctx context.Context) (p Progress, revision int64, err error)
	// RecordAttributions stores everything or nothing. An attribution that changes
	// is a change of its case.
	RecordAttributions(ctx context.Context, j Judged) error
	// HandAttributions returns what people have said.
	HandAttributions(ctx context.Context) ([]Attribution, error)
	// Campaigns returns every campaign, also those that only exposures name.
	Campaigns(ctx context.Context) ([]triage.Campaign, error)
}

// Seen is a campaign as exposures show it.
type Seen struct {
	ID string
	// Name is the one that exposures give it, "" when they do not.
	Name string
	// First is the first exposure; zero when there is none.
	First time.Time
	// Dropped are the facts with too many values to be segments.
	Dropped []string
}

// Recount replaces the reach of a campaign from a day on.
type Recount struct {
	Seen Seen
	From fact.Day
	Days []Reach
}

// ReachStore is what the job of reach reads and writes.
type ReachStore interface {
	// ReachProgress returns the last batch of exposures that is counted.
	ReachProgress(ctx context.Context) (int64, error)
	// SeenCampaigns returns the campaigns that were counted before, by id.
	SeenCampaigns(ctx context.Context) (map[string]Seen, error)
	// ReachOf returns the reach of a campaign in order of day and segment.
	ReachOf(ctx context.Context, campaign string) ([]Reach, error)
	// RecordReach stores the counts and how far they go, everything or nothing.
	// Rows of dropped facts are removed.
	RecordReach(ctx context.Context, batch int64, counts []Recount) error
}
