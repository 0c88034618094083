package report

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Maker makes reports. It is safe for concurrent use.
type Maker struct {
	Book *fact.Book
	Zone *time.Location
	Now  func() time.Time
	Sources
}

// Sources are where evidence comes from. A nil one knows nothing, and the
// reports are silent about it; one that knows of nothing returns an empty list
// that is not nil. Nothing that happened after the end of the week of the scope
// should be told but the state of work.
type Sources struct {
	Clusters  func(context.Context, Scope) ([]Cluster, error)
	Actions   func(context.Context, Scope) ([]Action, error)
	Campaigns func(context.Context, Scope) ([]Signal, error)
	Outreach  func(context.Context, Scope) (*Effect, error)
}

// Make makes the report of a scope as things stand now. CodeUnavailable is
// figures that are still being read: a report of half of the cases is none.
func (m *Maker) Make(ctx context.Context, s Scope) (Report, error) {
	if !m.Book.Ready() {
		return Report{}, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	var e Evidence
	for _, err := range []error{
		ask(ctx, s, "clusters", m.Clusters, &e.Clusters), ask(ctx, s, "improvement actions", m.Actions, &e.Actions),
		ask(ctx, s, "campaigns", m.Campaigns, &e.Campaigns), ask(ctx, s, "outreach", m.Outreach, &e.Outreach),
	} {
		if err != nil {
			return Report{}, err
		}
	}
	return Build(m.Book, s, e, m.Now(), m.Zone), nil
}

func ask[T any](ctx context.Context, s Scope, what string, source func(context.Context, Scope) (T, error), into *T) (err error) {
	if source == nil {
		return nil
	}
	if *into, err = source(ctx, s); err != nil {
		return fmt.Errorf("report of %s: %s: %w", s.Week, what, err)
	}
	return nil
}

// Past returns the weeks that the book has cases of and that are over, with the
// cases of a department or, for "", of the whole house: the latest first, at most
// limit.
func (m *Maker) Past(department string, limit int) []Bar {
	first, end, ok := m.Book.Days()
	if !ok {
		return nil
	}
	last := LastWeek(m.Now(), m.Zone)
	if newest := WeekOf(end - 1); newest.first() < last.first() {
		last = newest
	}
	var list []Bar
	for w := last; len(list) < limit && w.first()+7 > first; w = w.Add(-1) {
		from, to := w.Days()
		list = append(list, Bar{w, measured(m.Book, Count, Cases, Scope{Department: department}.filter().Between(from, to))})
	}
	return list
}
