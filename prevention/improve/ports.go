package improve

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Ledger keeps improvements.
type Ledger interface {
	// Improvement returns one, or CodeNotFound.
	Improvement(ctx context.Context, id int64) (Improvement, error)
	// Improvements returns those of a filter: open ones first, in order of Due,
	// then the others, the last changed first.
	Improvements(ctx context.Context, f Filter) ([]Improvement, error)
	// PutImprovement adds one (ID 0) or replaces it, with a remark and an audit
	// entry whose Object it completes with the id, in one transaction, and returns
	// the id. An old Version is CodeConflict. Effects stay as they are.
	PutImprovement(ctx context.Context, a Improvement, r Remark, e triage.AuditEntry) (int64, error)
	// Remarks returns the history, oldest first.
	Remarks(ctx context.Context, id int64) ([]Remark, error)
	// KeepEffect stores a measured effect. The version does not change.
	KeepEffect(ctx context.Context, id int64, e Effect, at time.Time) error
}

// Reminded remembers who was told.
type Reminded interface {
	// Unreminded returns open improvements that are due before a day and were not
	// reminded of since a time.
	Unreminded(ctx context.Context, due fact.Day, since time.Time) ([]Improvement, error)
	// Remind notes that somebody was told.
	Remind(ctx context.Context, id int64, at time.Time) error
}

// Figures counts complaints; *fact.Book does.
type Figures interface {
	Over(f fact.Filter, unit fact.Unit) []fact.Point
	Days() (from, to fact.Day, ok bool)
	// Ready says whether all days are there.
	Ready() bool
}

// Teller tells the owner of an improvement, or the department, that it is due.
type Teller interface {
	Tell(ctx context.Context, a Improvement, overdue bool) error
}
