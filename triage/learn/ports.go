package learn

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// LabelStore keeps what people decided.
type LabelStore interface {
	// Samples returns the labelled cases, at most limit, those whose latest label
	// is newest, in the order of their first label.
	Samples(ctx context.Context, limit int) ([]Sample, error)
	// Place remembers the part of cases; one that has a part keeps it.
	Place(ctx context.Context, parts map[triage.ComplaintID]Part, at time.Time) error
}

// ModelStore keeps the models.
type ModelStore interface {
	// AddModel stores a model and its id. An active one comes with its file's
	// content and retires the one before, with an audit entry, in one step.
	AddModel(ctx context.Context, m Model, content []byte) (id int64, err error)
	// Models lists the models of a pack, newest first.
	Models(ctx context.Context, pack string, limit int) ([]Model, error)
	// ActiveModel returns the model in use; CodeNotFound is the shipped one.
	ActiveModel(ctx context.Context, pack string) (Model, error)
	// ModelFile returns the content of a model that is or was in use.
	ModelFile(ctx context.Context, id int64) ([]byte, error)
	// Activate makes another model the one in use, with an audit entry.
	// CodeNotFound is an unknown model, CodeConflict one that never was in use
	// or is already, CodeInvalid one of another pack.
	Activate(ctx context.Context, a Activation) error
}

// WatchStore shows how the model in use does, and keeps the report on it.
type WatchStore interface {
	// JudgedSince returns the labelled cases received since then.
	JudgedSince(ctx context.Context, since time.Time) ([]Judged, error)
	// ArrivalsSince returns at most about limit cases received since then, evenly
	// drawn, oldest first.
	ArrivalsSince(ctx context.Context, since time.Time, limit int) ([]Arrival, error)
	PutReport(ctx context.Context, r Report) error
	// Report returns the last report on a pack, CodeNotFound without one.
	Report(ctx context.Context, pack string) (Report, error)
}
