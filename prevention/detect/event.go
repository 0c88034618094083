package detect

import (
	"cmp"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Fact is one attribute of a complaint: a field of its record such as region =
// 沈阳, or something the customer had to do with before.
type Fact struct {
	Field string
	Value string
}

// Event is one complaint as detection sees it.
type Event struct {
	ID       triage.ComplaintID
	Customer triage.CustomerID
	At       time.Time
	Title    string
	Text     string
	Channel  triage.Channel
	// Type and Subtype are what the complaint is about, as far as known.
	Type    string
	Subtype string
	// Facts are those of the record. What customers had to do with comes from
	// Options.Exposures.
	Facts []Fact
}

// Exposures answers what customers had to do with. Implementations use nothing
// later than the time asked about.
type Exposures interface {
	// FactsAt returns the facts of a customer at a time.
	FactsAt(c triage.CustomerID, at time.Time) []Fact
	// Share is the part of all customers who have the fact at a time, 0..1.
	Share(f Fact, at time.Time) float64
}

// ChangeKind says what happened to a cluster.
type ChangeKind string

// The kinds of changes.
const (
	Raised    ChangeKind = "raised"
	Updated   ChangeKind = "updated"   // members joined
	Escalated ChangeKind = "escalated" // much bigger than when last told
	Reopened  ChangeKind = "reopened"  // rises again after it was resolved
	Resolved  ChangeKind = "resolved"  // back at its baseline
	Merged    ChangeKind = "merged"    // Cluster went into Into
)

// Change is one step in the life of a cluster.
type Change struct {
	Kind ChangeKind
	At   time.Time
	// Cluster is as it stands after the change.
	Cluster prevention.Cluster
	// Members are those that joined with this change.
	Members []prevention.Member
	Into    prevention.ClusterID
}

func compareFacts(a, b Fact) int {
	return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(a.Value, b.Value))
}
