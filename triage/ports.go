package triage

import (
	"context"
	"time"
)

// Analyzer understands one text for one pack. Implementations are safe for
// concurrent use.
type Analyzer interface {
	// Assess fills everything of the Assessment that follows from the text
	// and its time alone: type to SLA, not Similar and Suggestions.
	Assess(c *Complaint) Assessment
}

// CaseStore keeps cases. Errors carry CodeNotFound, CodeConflict or
// CodeUnavailable (disk full, database locked).
type CaseStore interface {
	// Accept makes the cases durable, in order, in as few transactions as it
	// can, and says of each whether it was new. A case whose id is already
	// stored is left as it is: New is false and Seq is that of the stored one.
	// When the error is nil everything has reached the disk.
	Accept(ctx context.Context, cases []Case) ([]Accepted, error)
	// Case returns one case.
	Case(ctx context.Context, id ComplaintID) (Case, error)
	// Cases returns those of the ids that exist, in the order asked.
	Cases(ctx context.Context, ids []ComplaintID) ([]Case, error)
	// Recent returns the customer's cases in the time of the query, latest
	// first, at most q.Limit.
	Recent(ctx context.Context, q RecentQuery) ([]Case, error)
	// KnownCustomers returns those of the customers who have a case. It spares
	// an import of many customers most calls of Recent.
	KnownCustomers(ctx context.Context, ids []CustomerID) (map[CustomerID]bool, error)
}

// RecentQuery asks for the earlier cases of one customer.
type RecentQuery struct {
	Customer CustomerID
	// Since and Before bound the complaint's time: Since <= At < Before.
	Since  time.Time
	Before time.Time
	Limit  int
}

// Accepted is the store's answer for one case.
type Accepted struct {
	Seq int64
	New bool
}

// DecisionStore keeps what people decide about a case. Every method writes its
// audit entry in the same transaction.
type DecisionStore interface {
	// Confirm stores the label and sets the case's type.
	Confirm(ctx context.Context, l Label) error
	Closer
}

// Closer ends cases.
type Closer interface {
	// Close stores resolution and satisfaction and closes the case, CodeConflict
	// where its status does not allow that (package life).
	Close(ctx context.Context, d Closing) error
}

// Closing is how a case ended.
type Closing struct {
	Complaint    ComplaintID
	Resolution   string
	Satisfaction *float64
	By           string
	At           time.Time
}

// SolutionStore finds standard solutions.
type SolutionStore interface {
	// SolutionsFor returns the solutions of a type, those of the subtype first.
	SolutionsFor(ctx context.Context, typ, subtype string) ([]Solution, error)
}

// SimilarFinder finds past cases like a text.
type SimilarFinder interface {
	// Similar returns at most q.Limit hits, best first, without the complaint
	// itself. An index that cannot answer returns an error of CodeUnavailable;
	// intake goes on without it.
	Similar(ctx context.Context, q SimilarQuery) ([]Hit, error)
}

// SimilarQuery describes the case for which neighbours are wanted.
type SimilarQuery struct {
	// Exclude is left out of the answer, usually the case itself.
	Exclude ComplaintID
	Text    string
	// TypeWeights are the probabilities of the types the text may have; a
	// candidate of a likely type is preferred. May be nil.
	TypeWeights map[string]float64
	Limit       int
}

// Hit is one answer of the search index.
type Hit struct {
	ID ComplaintID
	// Score runs from 0 to 1; 1 is a text with the same words.
	Score float64
}

// Indexer is told which cases are new or changed, after they are durable. It
// never blocks intake for long and never fails it: what it misses, the
// catch-up job brings in.
type Indexer interface {
	Enqueue(cases []Case)
}

// CustomerStore keeps the customer file. Put methods insert or replace by id
// and say how many rows were new.
type CustomerStore interface {
	PutCustomers(ctx context.Context, customers []Customer) (added int, err error)
	Customer(ctx context.Context, id CustomerID) (Customer, error)
}

// HistoryStore takes the other records of the import contract. A row that is
// already stored changes nothing.
type HistoryStore interface {
	PutExposures(ctx context.Context, exposures []Exposure) (added int, err error)
	PutCampaigns(ctx context.Context, campaigns []Campaign) (added int, err error)
	PutSolutions(ctx context.Context, solutions []Solution) (added int, err error)
}

// QueueFilter narrows a list of cases. Zero fields do not filter.
type QueueFilter struct {
	Type        string
	Status      Status
	Product     string
	Channel     Channel
	Urgency     string
	CustomerID  CustomerID
	NeedsReview *bool
	From, To    time.Time
	// Scope leaves out what the reader may not see.
	Scope Scope
	// Owner and Department are whose turn it is now.
	Owner      string
	Department string
	// Open asks for cases on which somebody has to act, or for those that ended.
	Open *bool
	// Active asks for open cases that have been answered and do not wait for
	// their customer; Waiting for those that do.
	Active  bool
	Waiting bool
	// LateAt asks for open cases whose step should have been over at that time.
	LateAt time.Time
	// Sort is "priority" (open cases, see package life), "urgency" (urgency,
	// then SLA) or "newest" (default).
	Sort string
	// Cursor continues after the last row of the previous page; "" starts.
	Cursor string
	Limit  int
}

// QueuePage is one page of a list. Next is "" on the last page.
type QueuePage struct {
	Cases []Case
	Next  string
	// Total counts all rows of the filter, -1 when it was not counted.
	Total int
}

// QueueStore lists cases for people.
type QueueStore interface {
	Queue(ctx context.Context, f QueueFilter) (QueuePage, error)
	// CountByStatus returns how many cases each status has.
	CountByStatus(ctx context.Context) (map[Status]int, error)
}

// AuditEntry is one line of the trail: who did what to which object.
type AuditEntry struct {
	At     time.Time
	Actor  string
	Action string
	Object string
	// Detail is a short JSON object without personal data.
	Detail string
}

// CaseObject is the Object of audit entries about a case.
func CaseObject(id ComplaintID) string { return "case:" + string(id) }

// AuditStore reads and appends the trail; there is no way to change it.
type AuditStore interface {
	Append(ctx context.Context, e AuditEntry) error
	// Trail returns the entries about one object, oldest first.
	Trail(ctx context.Context, object string) ([]AuditEntry, error)
}
