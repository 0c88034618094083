package cascade

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

// Asker is a language model, *llm.Client.
type Asker interface {
	Ask(ctx context.Context, r llm.Request) (llm.Answer, error)
}

var _ Asker = (*llm.Client)(nil)

// Catalogue is the types of the pack in use, *pack.Analyzer.
type Catalogue interface {
	Types() []triage.TypeInfo
	// Retype returns the assessment with another type and what follows from it.
	Retype(s triage.Assessment, at time.Time, typ, subtype string) (triage.Assessment, bool)
}

// Store keeps opinions.
type Store interface {
	// Doubtful returns at most limit open cases with a confidence below that ask
	// for review, that no person has labelled and on which the model has given no
	// opinion, the latest first.
	Doubtful(ctx context.Context, model string, below float64, limit int) ([]triage.Case, error)
	// PutOpinion stores an opinion and, unless it is nil, the assessment that
	// follows from it, with an audit entry and a new change number, in one
	// transaction. CodeConflict says that a person has labelled the case since it
	// was read, or that the work on it is no longer of the version o.Seen, because
	// it went on or was erased: then nothing is stored. The same opinion again
	// changes nothing.
	PutOpinion(ctx context.Context, o Opinion, assessed *triage.Assessment) error
	// OpinionCounts counts the opinions of a model.
	OpinionCounts(ctx context.Context, model string) (Counts, error)
}
