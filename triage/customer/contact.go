package customer

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Contact is one entry of the contact log: somebody of ours spoke with a
// customer. Entries are never changed.
type Contact struct {
	ID       int64
	Customer triage.CustomerID
	At       time.Time
	// People are those who took part, as free text.
	People   string
	Channel  triage.Channel
	Content  string
	Feedback string
	By       string
}

// Reach says whether a planned contact can be made.
type Reach string

// The parts of the due list.
const (
	Reachable Reach = ""           // may be contacted
	OptedOut  Reach = "opted_out"  // said that they do not want it
	NoAddress Reach = "no_address" // neither phone nor e-mail is known
)

// DueFilter narrows the list of contacts that are due: those with DueAt before
// Until, the first due first.
type DueFilter struct {
	Until   time.Time
	Tier    triage.Tier
	Manager string
	Reach   Reach
}
