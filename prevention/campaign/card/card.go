package card

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Card is a campaign on one page.
type Card struct {
	Campaign triage.Campaign
	State    campaign.State
	// From and To bound the days on which it reached anybody, or was to.
	From, To fact.Day
	// Reached customers, in so many contacts.
	Reached, Contacts int
	Verdict           verdict.Verdict
	// Reaction is at the counter; TakeUp are those who accepted, of those asked,
	// and Joined of those reached.
	Reaction campaign.Reaction
	TakeUp   evidence.Share
	Joined   evidence.Share
	// Figures are of the complaints, Customers how many made them.
	Figures   fact.Figures
	Customers int
	Causes    []CauseCount
	// Types are the sub-types of the complaints, or the types when none has a
	// sub-type; TypeDim says which.
	Types      []fact.Group
	TypeDim    fact.Dim
	Sentiments []fact.Group
	Demands    []fact.Group
	Cost       Cost
	Assumed    Assumptions
	// Departures may be nil where nobody knows.
	Departures *Departures
	Lessons    []Lesson
	Place      Place
	// Of is how many campaigns are ranked.
	Of int
}

// CauseCount is how many complaints have a cause, ByHand of them because a person
// says so.
type CauseCount struct {
	Cause  Cause
	Count  int
	ByHand int
}

// Departures are customers who opted out of marketing, among those who were
// reached and among all others.
type Departures struct {
	Reached, ReachedOut int
	Others, OthersOut   int
}

// Lesson is what people learnt from a campaign; a later version replaces it.
type Lesson struct {
	Campaign string
	Version  int64
	Text     string
	By       string
	At       time.Time
}

// Asked returns how many customers were asked at the counter.
func Asked(r campaign.Reaction) int {
	n := 0
	for _, c := range r.Count {
		n += c
	}
	return n
}

// Unwelcome returns how many of them refused or were annoyed.
func Unwelcome(r campaign.Reaction) int { return r.Count[campaign.Refused] + r.Count[campaign.Annoyed] }
