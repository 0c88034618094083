package console

import (
	"context"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
)

// Cases is the reading half of [triage.Service].
type Cases interface {
	View(ctx context.Context, id triage.ComplaintID, similar int) (triage.View, error)
	Queue(ctx context.Context, f triage.QueueFilter) (triage.QueuePage, error)
	CountByStatus(ctx context.Context) (map[triage.Status]int, error)
	Catalogue() triage.Catalogue
}

// Desk is the deciding half of [triage.Service].
type Desk interface {
	Assess(ctx context.Context, c triage.Complaint, similar int) (triage.Assessment, error)
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
	Confirm(ctx context.Context, id triage.ComplaintID, typ, subtype, by string) (triage.Case, error)
	Close(ctx context.Context, d triage.Closing) (triage.Case, error)
}

var (
	_ Cases = (*triage.Service)(nil)
	_ Desk  = (*triage.Service)(nil)
)

// Searcher finds cases by words.
type Searcher interface {
	// Search returns the cases that match words and every field of the filter,
	// best first, with the number of all matches. Of the filter, Sort does not
	// apply, Limit bounds the answer and Cursor is the decimal number of
	// matches to skip. The answer may be shorter than Limit before the end.
	Search(ctx context.Context, words string, f triage.QueueFilter) (cases []triage.Case, total int, err error)
}

// JobRunner shows and starts the scheduled work.
type JobRunner interface {
	Jobs() []jobs.Job
	// Runs returns the latest runs of a job, newest first.
	Runs(ctx context.Context, job string, limit int) ([]jobs.Run, error)
	// RunNow starts a run and returns without waiting for its end. It returns
	// CodeNotFound for an unknown job and CodeConflict while it is running.
	RunNow(ctx context.Context, job, by string) error
}
