package survey

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// Candidate is a closed case that nobody has asked about.
type Candidate struct {
	Seq      int64
	Case     triage.ComplaintID
	Customer triage.CustomerID
	ClosedAt time.Time
	// Phone and Email are those of the customer file, else those that came with
	// the complaint.
	Phone triage.Phone
	Email triage.Email
	// OptedOut says that a record of the person has.
	OptedOut bool
}

// Asking finds and makes surveys.
type Asking interface {
	// Unasked returns cases closed at From <= t < To, without a score and without
	// a survey of this closing, in order of closing behind the last candidate of the page before.
	Unasked(ctx context.Context, from, to time.Time, after Candidate, limit int) ([]Candidate, error)
	// LastAsked returns when each of the customers, over all records of the
	// person, and each of the addressees was last asked; unknown ones are left
	// out.
	LastAsked(ctx context.Context, customers []triage.CustomerID, addressees []string) (map[triage.CustomerID]time.Time, map[string]time.Time, error)
	// Create adds surveys and returns their ids, 0 for one whose closing has been
	// asked about.
	Create(ctx context.Context, list []Survey) ([]int64, error)
	// Key returns a secret of 32 bytes, made at random when it is first asked
	// for.
	Key(ctx context.Context, name string) ([]byte, error)
}

// Sending keeps what is due and what was done about it.
type Sending interface {
	// Due returns open surveys with NextAt <= now that are not being sent, the
	// first due first.
	Due(ctx context.Context, now time.Time, limit int) ([]Survey, error)
	// Stranded returns open surveys that have been sending since before the time.
	Stranded(ctx context.Context, before time.Time, limit int) ([]Survey, error)
	// Begin counts a letter and marks it as being sent. It returns false, and
	// nothing may be sent, when the survey has changed since it was read.
	Begin(ctx context.Context, sv Survey, at time.Time) (bool, error)
	// Settle stores State, Letters, Channel, SentAt, Unclear and NextAt of an open
	// survey and ends the sending that began at BegunAt, zero for none. It returns
	// false when the survey was answered, or that sending ended, meanwhile.
	Settle(ctx context.Context, sv Survey) (bool, error)
	// Address returns how the customer of a survey is reached.
	Address(ctx context.Context, id triage.ComplaintID) (Candidate, error)
}

// Answers keeps what customers said.
type Answers interface {
	// Survey returns one, or CodeNotFound.
	Survey(ctx context.Context, id int64) (Survey, error)
	// OfCase returns the latest survey of a case, or CodeNotFound.
	OfCase(ctx context.Context, id triage.ComplaintID) (Survey, error)
	// Answer stores the answer of a survey that has none, with its audit entry,
	// or returns false.
	Answer(ctx context.Context, sv Survey, e triage.AuditEntry) (bool, error)
	// Unfollowed returns answers after which Followed was not called yet, oldest
	// first.
	Unfollowed(ctx context.Context, limit int) ([]Survey, error)
	// Followed notes that everything that follows from the answer was done.
	Followed(ctx context.Context, id int64) error
}

// Reports shows surveys to people.
type Reports interface {
	Surveys(ctx context.Context, f Filter) (List, error)
	Figures(ctx context.Context, from, to time.Time, low float64) (Figures, error)
	// SetFollowUp names the complaint that was made of an answer.
	SetFollowUp(ctx context.Context, id int64, complaint triage.ComplaintID, e triage.AuditEntry) error
}

// Store is everything that a database keeps for this package.
type Store interface {
	Asking
	Sending
	Answers
	Reports
}

// Cases reads one case.
type Cases interface {
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
}

// Scores takes the score of a case. The same one again changes nothing.
type Scores interface {
	SetSatisfaction(ctx context.Context, id triage.ComplaintID, score float64, by string) error
}

// Care is what follows from an answer, or from none; see package customer.
type Care interface {
	Scored(ctx context.Context, s customer.Score) error
	CallBack(ctx context.Context, id triage.ComplaintID, by string) (customer.Task, error)
	Person(ctx context.Context, id triage.CustomerID) (customer.Record, error)
	Tasks(ctx context.Context, f customer.TaskFilter, p customer.Page) (customer.Rows[customer.Task], error)
	CompleteTask(ctx context.Context, id, version int64, outcome, by string) error
}

// Guard says who may not be written to, of their own accord.
type Guard interface {
	Suppressed(ctx context.Context, customers []triage.Customer) (map[triage.CustomerID]bool, error)
}

// Assessor understands what a customer wrote.
type Assessor interface {
	Assess(c *triage.Complaint) triage.Assessment
}

// Intake takes a complaint in; see triage.Service.
type Intake interface {
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
}
