package customer

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// Directory finds records.
type Directory interface {
	// Records returns all records of the person that id belongs to, the one
	// that stands for them first; CodeNotFound for an unknown id.
	Records(ctx context.Context, id triage.CustomerID) ([]Record, error)
	// ByID returns those that exist, by id.
	ByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]Record, error)
	// ByAddress returns the records with each of the phones or e-mail addresses,
	// by the address as it was given. A phone is found with and without the
	// country code, an e-mail in any case.
	ByAddress(ctx context.Context, addresses []string) (map[string][]Record, error)
	// ByOrder returns the customers of the cases about each order.
	ByOrder(ctx context.Context, orders []string) (map[string][]triage.CustomerID, error)
	// List returns one page of the customers.
	List(ctx context.Context, f Filter, p Page) (Rows[Record], error)
}

// Keeper changes what we keep of persons. Every change writes its audit entry
// in the same transaction.
type Keeper interface {
	// Merge links the person of from to that of l.Into; see Service.Merge.
	Merge(ctx context.Context, from triage.CustomerID, l Link, e triage.AuditEntry) (person triage.CustomerID, err error)
	// Unmerge takes a record, with those that were merged into it, out of its
	// person; CodeConflict when it was not merged.
	Unmerge(ctx context.Context, id triage.CustomerID, e triage.AuditEntry) error
	// SetTier stores tier, manager and who gave them, unless the person's tier
	// is not the one that the change was decided on: then it is CodeConflict.
	SetTier(ctx context.Context, c TierChange, e triage.AuditEntry) error
	SetManager(ctx context.Context, id triage.CustomerID, manager string, e triage.AuditEntry) error
	// Identify names the customer of a case that has none or another one.
	Identify(ctx context.Context, id triage.ComplaintID, customer triage.CustomerID, e triage.AuditEntry) error
}

// ContactStore keeps the contact log and the plan.
type ContactStore interface {
	// AddContact appends to the log and, in the same transaction, moves the
	// person's ContactedAt and DueAt forward, never back.
	AddContact(ctx context.Context, c Contact, due time.Time, e triage.AuditEntry) (int64, error)
	// Contacts returns one page of the log of the records, latest first.
	Contacts(ctx context.Context, ids []triage.CustomerID, p Page) (Rows[Contact], error)
	// DueContacts returns one page of the plan.
	DueContacts(ctx context.Context, f DueFilter, p Page) (Rows[Record], error)
	// Unplanned returns persons whose plan is missing or was made for another
	// tier, with ContactedAt over all their records.
	Unplanned(ctx context.Context, limit int) ([]Record, error)
	// Plan stores ContactedAt and DueAt of persons as planned for their tier.
	Plan(ctx context.Context, list []Record) error
}

// TaskStore keeps tasks.
type TaskStore interface {
	// AddTasks opens tasks and returns their ids, 0 for one whose Key is known
	// or whose case has an open TaskLowScore already. Each new one has its audit
	// entry.
	AddTasks(ctx context.Context, list []Task) ([]int64, error)
	Task(ctx context.Context, id int64) (Task, error)
	// Tasks returns one page.
	Tasks(ctx context.Context, f TaskFilter, p Page) (Rows[Task], error)
	CountTasks(ctx context.Context, f TaskFilter) (int, error)
	// UpdateTask stores owner, department, plan, outcome and times of a task
	// whose Version is the stored one, else CodeConflict.
	UpdateTask(ctx context.Context, t Task, e triage.AuditEntry) error
}

// History reads what happened to customers.
type History interface {
	// CasesOf returns one page of the cases, latest first.
	CasesOf(ctx context.Context, ids []triage.CustomerID, p Page) (Rows[triage.Case], error)
	// LatestExposures returns one page, latest first.
	LatestExposures(ctx context.Context, ids []triage.CustomerID, p Page) (Rows[triage.Exposure], error)
	// Campaigns returns those of the ids that exist.
	Campaigns(ctx context.Context, ids []string) ([]triage.Campaign, error)
	// Scores returns the latest scores, latest first, at most limit.
	Scores(ctx context.Context, ids []triage.CustomerID, limit int) ([]Score, error)
	// Figures counts complaints at or after since, and open ones at any time.
	Figures(ctx context.Context, ids []triage.CustomerID, since time.Time) (Figures, error)
}

// Loose finds what was stored and may not have been followed. Numbers are those
// of the changes of cases, in the order in which they became durable.
type Loose interface {
	// CaughtUp returns up to which change everything was followed, and the last
	// change there is.
	CaughtUp(ctx context.Context) (through, last int64, err error)
	SetCaughtUp(ctx context.Context, through int64) error
	// ScoredCases returns the scores with which people closed cases, without those
	// of surveys, of the changes after < change <= to.
	ScoredCases(ctx context.Context, after, to int64) ([]Score, error)
	// UnnamedCases returns the open cases without a customer of such changes.
	UnnamedCases(ctx context.Context, after, to int64) ([]triage.Case, error)
}

// Store is everything that a database keeps for this package.
type Store interface {
	Loose
	Directory
	Keeper
	ContactStore
	TaskStore
	History
}

// Cases reads one case.
type Cases interface {
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
}

// Notices tells what customers were told; each has the latest first.
type Notices interface {
	Told(ctx context.Context, ids []triage.CustomerID, limit int) ([]Told, error)
}

// Leads names the lead of a department, "" when there is none.
type Leads interface {
	LeadOf(ctx context.Context, department string) (string, error)
}

// Calendar counts working time; see package calendar.
type Calendar interface {
	AddDays(t time.Time, days int) time.Time
	// Limit is the end of a time limit; "" is no level of urgency, for which
	// nobody works around the clock.
	Limit(level nlp.UrgencyLevel, t time.Time, limit time.Duration) time.Time
}
