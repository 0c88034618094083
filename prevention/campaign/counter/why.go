package counter

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Code is a reason for which a campaign is not recommended.
type Code string

// The codes. Those of the customer hold for every campaign alike.
const (
	NotStarted     Code = "not_started"     // Until is when it begins
	Ended          Code = "ended"           // At is when it was over
	OtherChannel   Code = "other_channel"   // Want is where it is offered
	Stopped        Code = "stopped"         // Text is why
	WrongTier      Code = "tier"            // Want are the tiers, Is is the customer's
	WrongRegion    Code = "region"          // Want are the regions, Is is the customer's
	TooNew         Code = "too_new"         // N months are needed
	TooOld         Code = "too_old"         // N months are the most
	TenureUnknown  Code = "tenure"          // nobody knows since when they are a customer
	MissingRecord  Code = "missing"         // Record is needed
	ExcludedRecord Code = "excluded"        // Record must not be there
	Joined         Code = "joined"          // takes part already
	Declined       Code = "declined"        // refused it, or was annoyed, at At
	IsOptedOut     Code = "opted_out"       // wants no marketing
	OpenComplaint  Code = "open_complaint"  // N complaints are open
	Complained     Code = "complained"      // at At
	ComplainedHard Code = "complained_hard" // at At, and was angry or escalated
	AskedOften     Code = "asked_often"     // N times within thirty days
	Nobody         Code = "unidentified"    // its rules need to know who it is
)

// Codes lists every code in the order in which reasons are given.
var Codes = []Code{
	IsOptedOut, OpenComplaint, ComplainedHard, Complained, AskedOften,
	NotStarted, Ended, Stopped, Joined, Declined, OtherChannel, Nobody,
	WrongTier, WrongRegion, TooNew, TooOld, TenureUnknown, MissingRecord, ExcludedRecord,
}

// Why is one reason, with what belongs to it. Which fields are set is said at the
// code.
type Why struct {
	Code Code
	// Until is when the reason will be over, At when what it speaks of happened;
	// zero for never and for nothing.
	Until, At time.Time
	N         int
	Want      []string
	Is        string
	Record    triage.RecordOf
	Text      string
}

// OfCustomer says whether the reason holds for every campaign alike.
func (w *Why) OfCustomer() bool {
	switch w.Code {
	case IsOptedOut, OpenComplaint, AskedOften:
		return true
	}
	return false
}
