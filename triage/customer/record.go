package customer

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Record is one entry of the customer file with what we keep beside it. The
// tier of a record that was merged, and whether they opted out, are those of
// the person.
type Record struct {
	triage.Customer
	// Person is the record that stands for the person, its own id when it was
	// not merged.
	Person triage.CustomerID
	// Link says how it came to the person; zero when it was not merged.
	Link Link
	Care Care
}

// Link is the merge of one record into another.
type Link struct {
	Into   triage.CustomerID
	By     string
	At     time.Time
	Reason string
}

// Care is how we look after a person.
type Care struct {
	// Manager is the contact person of ours, "" while nobody is named.
	Manager string
	// TierBy gave the tier, why and when; "" while it is the one that was
	// imported.
	TierBy     string
	TierReason string
	TierAt     time.Time
	// ContactedAt is the latest contact and DueAt when the next one must have
	// happened; zero for none.
	ContactedAt time.Time
	DueAt       time.Time
}

// Page asks for one part of a list. Limit 0 means 50, more than 500 means 500;
// Cursor continues behind the page that gave it.
type Page struct {
	Cursor string
	Limit  int
}

// Rows is one part of a list. Next is "" on the last one.
type Rows[T any] struct {
	Rows []T
	Next string
}

// Filter narrows the customer list, which is in order of id. Zero fields do not
// filter.
type Filter struct {
	// Find is a whole id, name, phone or e-mail address; parts find nothing, so
	// that nobody can leaf through numbers.
	Find   string
	Tier   triage.Tier
	Region string
	// Manager is the contact person of ours.
	Manager string
}

// Object is the name under which the audit trail keeps a customer.
func Object(id triage.CustomerID) string { return "customer:" + string(id) }
