package counter

import (
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Behaviour is what a customer did when a campaign came up.
type Behaviour string

// The behaviours.
const (
	CameForIt Behaviour = "came"     // asked for the campaign
	WasAsked  Behaviour = "asked"    // was told of it by the clerk
	Questions Behaviour = "question" // asked about its rules
	Compared  Behaviour = "compared" // compared it with others
	Left      Behaviour = "left"     // broke off
)

// Behaviours lists every behaviour in the order the console shows them.
var Behaviours = []Behaviour{CameForIt, WasAsked, Questions, Compared, Left}

// Reason is why a customer took a campaign as they did.
type Reason string

// The reasons.
const (
	TooExpensive  Reason = "expensive"
	NotNeeded     Reason = "unneeded"
	NoTrust       Reason = "distrust"
	RulesUnclear  Reason = "unclear"
	BadExperience Reason = "experience"
	NoTime        Reason = "time"
	WantsToThink  Reason = "think"
	OtherReason   Reason = "other"
)

// Reasons lists every reason in the order the console shows them.
var Reasons = []Reason{TooExpensive, NotNeeded, NoTrust, RulesUnclear, BadExperience, NoTime, WantsToThink, OtherReason}

// Source is by which way a capture came in.
type Source string

// The sources.
const (
	FromConsole Source = "console"
	FromAPI     Source = "api"
)

// Capture is how one customer took one campaign, as a clerk saw it.
type Capture struct {
	ID       int64
	Campaign string
	// Customer is the record that was asked for, "" for somebody unknown.
	Customer  triage.CustomerID
	Attitude  campaign.Attitude
	Behaviour Behaviour // "" when not noted
	Reasons   []Reason
	// Words are the customer's own: hostile input that holds what people say.
	Words string
	// Type and Sentiment are the triage of Words; Complains says that they seem to
	// be a complaint, and Case is the one that was made of them, "" for none.
	Type      string
	Sentiment nlp.Polarity
	Complains bool
	Case      triage.ComplaintID
	// Clerk took it, and Shop is where: the clerk's department, or the shop that
	// another system names.
	Clerk  string
	Shop   string
	Source Source
	// At is when it happened, Day the day of it where the shops are, and
	// RecordedAt when it was stored.
	At         time.Time
	Day        fact.Day
	RecordedAt time.Time
	// Key makes a repeated capture the same one; "" for none.
	Key string
	// Undone captures count nowhere; their words are gone.
	Undone  bool
	Version int64
}

// Object is the object of audit entries about a capture.
func Object(id int64) string { return "capture:" + strconv.FormatInt(id, 10) }

// Details are what may be added to the one tap.
type Details struct {
	Behaviour Behaviour
	Reasons   []Reason
	Words     string
}

// Filter narrows the log of captures. Zero fields do not filter.
type Filter struct {
	Campaign  string
	Customers []triage.CustomerID
	Attitude  campaign.Attitude
	Clerk     string
	Shop      string
	// From and To bound the time: From <= At < To.
	From, To time.Time
	// Cursor continues behind a page, Limit is at most 500; 0 means 50.
	Cursor string
	Limit  int
}

// Page is one page of the log, latest first. Next is "" on the last one.
type Page struct {
	Captures []Capture
	Next     string
}

// DayReaction counts how customers took a campaign on one day.
type DayReaction struct {
	Day fact.Day
	campaign.Reaction
}
