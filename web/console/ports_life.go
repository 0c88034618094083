package console

import (
	"context"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// LifeDeps is what the pages of daily work need, all but Stopping.
type LifeDeps struct {
	Moves     Moves
	HandOvers HandOvers
	Record    Record
	Workbench Workbench
	// Stopping is closed when the service begins to stop, so that open streams
	// end; nil never does.
	Stopping <-chan struct{}
}

func (d *LifeDeps) complete() bool {
	return d == nil || d.Moves != nil && d.HandOvers != nil && d.Record != nil && d.Workbench != nil
}

// Moves is what [life.Service] does with a case. A version of 0 stands for any.
type Moves interface {
	Move(ctx context.Context, o life.Order) (triage.Case, error)
	Assign(ctx context.Context, id triage.ComplaintID, owner, department, by string, version int64) (triage.Case, error)
	Wait(ctx context.Context, id triage.ComplaintID, what, by string, version int64) (triage.Case, error)
	Resume(ctx context.Context, id triage.ComplaintID, note, by string, version int64) (triage.Case, error)
}

// HandOvers is how [life.Service] passes cases between departments.
type HandOvers interface {
	HandOver(ctx context.Context, h life.HandOver) (triage.Case, error)
	Accept(ctx context.Context, id triage.ComplaintID, by string, version int64) (triage.Case, error)
	Return(ctx context.Context, id triage.ComplaintID, reason, by string, version int64) (triage.Case, error)
	// HandOvers returns those of a case, oldest first.
	HandOvers(ctx context.Context, id triage.ComplaintID) ([]life.HandOver, error)
}

// Record is what [life.Service] knows of the past.
type Record interface {
	// Steps returns the steps of a case, oldest first.
	Steps(ctx context.Context, id triage.ComplaintID) ([]life.Step, error)
	Breaches(ctx context.Context, f life.BreachFilter) (life.BreachPage, error)
	// Track goes through the rows of the tracking sheet, personal data masked.
	Track(ctx context.Context, f triage.QueueFilter, each func(life.TrackRow) error) error
}

// Workbench answers what the pages of daily work ask beside the cases.
type Workbench interface {
	// CountQueue counts the cases of a filter; at limit it stops.
	CountQueue(ctx context.Context, f triage.QueueFilter, limit int) (int, error)
	// LastArrival is the Seq of the latest case, 0 without one.
	LastArrival(ctx context.Context) (int64, error)
	// ArrivedSince counts the open cases within a scope that were accepted after the
	// one of a Seq; at limit it stops.
	ArrivedSince(ctx context.Context, scope triage.Scope, after int64, limit int) (int, error)
	// Passed returns those of the cases that went through a department by a
	// hand-over.
	Passed(ctx context.Context, department string, ids []triage.ComplaintID) (map[triage.ComplaintID]bool, error)
}
