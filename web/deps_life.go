package web

import (
	"context"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// lifeDesk is the part of life.Service that the API calls.
type lifeDesk interface {
	lifeMoves
	lifeHandOvers
	lifeRecord
}

var _ lifeDesk = (*life.Service)(nil)

type lifeMoves interface {
	Move(ctx context.Context, o life.Order) (triage.Case, error)
	Assign(ctx context.Context, id triage.ComplaintID, owner, department, by string, version int64) (triage.Case, error)
	Wait(ctx context.Context, id triage.ComplaintID, what, by string, version int64) (triage.Case, error)
	Resume(ctx context.Context, id triage.ComplaintID, note, by string, version int64) (triage.Case, error)
}

type lifeHandOvers interface {
	HandOver(ctx context.Context, h life.HandOver) (triage.Case, error)
	Accept(ctx context.Context, id triage.ComplaintID, by string, version int64) (triage.Case, error)
	Return(ctx context.Context, id triage.ComplaintID, reason, by string, version int64) (triage.Case, error)
}

type lifeRecord interface {
	Steps(ctx context.Context, id triage.ComplaintID) ([]life.Step, error)
	Breaches(ctx context.Context, f life.BreachFilter) (life.BreachPage, error)
}

// passedCases knows which cases went through a department.
type passedCases interface {
	// Passed returns those of the cases that were handed over to or by a
	// department.
	Passed(ctx context.Context, department string, ids []triage.ComplaintID) (map[triage.ComplaintID]bool, error)
}
