package campaign

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Basis says why a complaint counts as one about a campaign.
type Basis string

// The bases, the weakest last. What a person says goes before all others.
const (
	ByHand   Basis = "hand"     // a person said so
	Stated   Basis = "stated"   // the source of the complaint did
	Mention  Basis = "mention"  // the text names the campaign
	Exposure Basis = "exposure" // the customer was reached by it, and the text fits
)

// Bases lists every basis in the order the console shows them.
var Bases = []Basis{ByHand, Stated, Mention, Exposure}

// Attribution says that a complaint is about a campaign, and why. A complaint is
// about one campaign at most.
type Attribution struct {
	Complaint triage.ComplaintID
	// Campaign is "" for a complaint that a person has taken out for good.
	Campaign string
	Basis    Basis
	// Score is how sure it is, 0 to 1; 1 by hand.
	Score float64
	// Evidence are the words of the text behind it, and Exposed is when the
	// customer was reached last before; both may be empty.
	Evidence []string
	Exposed  time.Time
	By       string
	At       time.Time
}

// Reach is how many customers a campaign reached on a day. Segment tells apart
// parts of the campaign by a fact of the exposures, such as "rule=changed"; the
// counts of "" are those of the whole campaign.
type Reach struct {
	Day     fact.Day
	Segment string
	// Customers were reached for the first time; Contacts counts all.
	Customers int
	Contacts  int
}

// Attitude is how a customer took a campaign at the counter.
type Attitude string

// The attitudes.
const (
	Accepted  Attitude = "accepted"
	Hesitated Attitude = "hesitated"
	Refused   Attitude = "refused"
	Annoyed   Attitude = "annoyed"
)

// Attitudes lists every attitude in the order the console shows them.
var Attitudes = []Attitude{Accepted, Hesitated, Refused, Annoyed}

// Reaction counts how customers took a campaign at the counter.
type Reaction struct {
	Count map[Attitude]int
	// Reasons counts the codes of the reasons that were given, the words of the
	// customers are not among them.
	Reasons map[string]int
}
