package demo

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
)

// Stream is the machinery that says what the complaints say, on the clock that
// Fill sets. Everything is required.
type Stream struct {
	// Review does what the jobs do: it finds the campaigns that complaints are
	// about, counts whom they reached, rolls the figures up, judges the campaigns
	// that run and measures improvements. Nobody is told.
	Review       func(ctx context.Context) error
	Register     Register
	Counter      Counter
	Improvements Improvements
	Lessons      Lessons
	Launch       Launch
	Reports      Reports
	// Cluster returns the cluster of a matter by its name, "" for none.
	Cluster func(matter string) prevention.ClusterID
}

// Register keeps campaigns; campaign.Register is one.
type Register interface {
	Campaign(ctx context.Context, id string) (triage.Campaign, error)
	Change(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error)
}

// Counter keeps how customers take campaigns; counter.Service is one.
type Counter interface {
	Take(ctx context.Context, c counter.Capture, by string) (stored counter.Capture, added bool, err error)
}

// Improvements keeps improvements; improve.Service is one.
type Improvements interface {
	Put(ctx context.Context, a improve.Improvement, by string) (improve.Improvement, error)
	Move(ctx context.Context, id int64, m improve.Step, by string) (improve.Improvement, error)
	Note(ctx context.Context, id, version int64, text, by string) (improve.Improvement, error)
}

// Lessons keeps what people learn from campaigns; watch.Desk is one.
type Lessons interface {
	Learn(ctx context.Context, id, text string, version int64, by string) error
}

// Launch checks campaigns before they start; launch.Desk is one.
type Launch interface {
	Campaign(ctx context.Context, id string) (launch.Draft, int64, error)
	Check(ctx context.Context, a launch.Ask) (launch.Kept, error)
}

// Reports keeps the schedules of reports; dispatch.Service is one.
type Reports interface {
	Save(ctx context.Context, c dispatch.Schedule, by string) (id int64, err error)
}

// say adds an act that needs the machinery of Stream.
func (f *founder) say(at time.Time, do func(ctx context.Context, s *Stream) error) {
	f.acts = append(f.acts, act{at: at, do: func(ctx context.Context, w *writer) error {
		if w.target.Stream == nil {
			return nil
		}
		return do(ctx, w.target.Stream)
	}})
}
