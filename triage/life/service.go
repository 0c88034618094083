package life

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

// Service moves cases through their life. It is safe for concurrent use.
type Service struct {
	d Deps
}

// Deps is what a Service is made of. Everything is needed but Index, Customers,
// People and Tell.
type Deps struct {
	Store    Store
	Calendar *calendar.Calendar
	// Zone is that of times which people write without one.
	Zone *time.Location
	// Index is told of changed cases.
	Index triage.Indexer
	// Queue and Customers are what the tracking sheet is made from; Mask hides
	// the personal data in a text.
	Queue     triage.QueueStore
	Customers triage.CustomerReader
	Mask      func(string) string
	// People and Tell are whom the watch escalates to, and how it says so.
	People People
	Tell   Teller
	Now    func() time.Time
}

// New makes a Service.
func New(d Deps) *Service { return &Service{d: d} }

// Store keeps the work on cases. Its errors have the codes of
// triage.CaseStore.
type Store interface {
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
	// Advance stores a change with its step, hand-over and audit entry in one
	// transaction. It is CodeConflict when the case's work is no longer of the
	// version that the change was made from.
	Advance(ctx context.Context, c Change) error
	// StepsOf returns the records of cases, each oldest first.
	StepsOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID][]Step, error)
	// HandOvers returns those of a case, oldest first.
	HandOvers(ctx context.Context, id triage.ComplaintID) ([]HandOver, error)
	// Overdue lists open cases for the watch and for the list of breaches.
	Overdue
}

// Overdue finds cases by their time limits.
type Overdue interface {
	// Watched returns open cases with WatchAt <= now, the longest waiting first,
	// at most limit.
	Watched(ctx context.Context, now time.Time, limit int) ([]triage.Case, error)
	// Breached returns one page of open cases that have missed a clock.
	Breached(ctx context.Context, f BreachFilter) (BreachPage, error)
}

// Change is a case as it is to be, and what led there.
type Change struct {
	// Case is the new state; its Work.Version is still the one that the change
	// was made from.
	Case triage.Case
	// Step is what is appended to the record; its N is given by the store.
	Step Step
	// HandOver is a new one (ID 0) or one that has been answered; nil for none.
	HandOver *HandOver
	Audit    triage.AuditEntry
}

// Step is one entry in the record of a case.
type Step struct {
	Case triage.ComplaintID
	// N counts the entries of a case from 1.
	N    int
	Move Move
	From triage.Status
	To   triage.Status
	// Owner and Department have to act from here on, until Due (zero for no
	// limit); By is who made the entry.
	Owner      string
	Department string
	By         string
	Entered    time.Time
	Due        time.Time
	// Left is when the status ended that this entry began; zero while it lasts
	// and for entries that began none.
	Left time.Time
	Note string
	// Facts are what was said, by key.
	Facts map[string]string
}

// Order asks for a move.
type Order struct {
	Case triage.ComplaintID
	Move Move
	By   string
	// Owner and Department take the next step over; "" leaves them as they are,
	// and an unowned case goes to By, unless that is ByCustomer. For another
	// department the same holds as for Assign.
	Owner      string
	Department string
	Note       string
	// Facts are those that the move needs, by key.
	Facts map[string]string
	// Version is the version of the work that By has seen, 0 for any.
	Version int64
}
