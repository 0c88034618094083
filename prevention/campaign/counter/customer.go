package counter

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Customer is what matters of one person when a campaign is recommended.
type Customer struct {
	// ID stands for the person and Records are all of theirs, ID among them.
	ID      triage.CustomerID
	Records []triage.CustomerID
	Name    triage.PersonName
	Phone   triage.Phone
	// Addresses are the phones and e-mail addresses of all records.
	Addresses []string
	Tier      triage.Tier
	Region    string
	// JoinedAt is the earliest of all records, zero when no record says it.
	JoinedAt time.Time
	// OptedOut says that marketing may not reach the person: by a record of the
	// customer file, or by the block list. Service may.
	OptedOut bool
	// Has are kinds and keys of the person's records; a kind with an empty key says
	// that there is one of the kind.
	Has map[triage.RecordOf]bool
	// Joined are the campaigns that records say the person takes part in.
	Joined map[string]bool
	// Complaints are those that are open or young, Captures those that were not
	// undone; the latest first.
	Complaints []Complaint
	Captures   []Capture
}

// Complaint is a complaint of the customer.
type Complaint struct {
	ID   triage.ComplaintID
	Type string
	Open bool
	// At is when the customer complained, EndedAt when the case was closed; zero
	// while nobody knows.
	At, EndedAt time.Time
	// Angry is a customer who was angry or escalated.
	Angry bool
}

// touched is when the customer last had to do with the complaint, as far as that
// is in the past.
func (c *Complaint) touched(now time.Time) time.Time {
	if c.EndedAt.After(c.At) && !c.EndedAt.After(now) {
		return c.EndedAt
	}
	return c.At
}

// open counts the complaints on which somebody still has to act.
func (c *Customer) open() (n int) {
	for i := range c.Complaints {
		if c.Complaints[i].Open {
			n++
		}
	}
	return n
}

// months returns how many whole months lie between two days of a zone.
func months(from, to time.Time, zone *time.Location) int {
	y, m, d := from.In(zone).Date()
	toYear, toMonth, toDay := to.In(zone).Date()
	n := 12*(toYear-y) + int(toMonth-m)
	if toDay < d {
		n--
	}
	return max(n, 0)
}
