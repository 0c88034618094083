package life

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

// warnAfter is the share of a step's working time after which it is called
// nearly late.
const warnAfter = 0.8

// enter begins a step: its times, and none of the last one's alarms. A due
// time of zero takes that of the clocks.
func enter(cal *calendar.Calendar, c *triage.Case, now, due time.Time) {
	w := &c.Work
	w.EnteredAt, w.WaitingSince, w.Raised = now, time.Time{}, notRaised
	if due.IsZero() {
		due = dueBy(c)
	}
	w.DueAt = due
	watch(cal, c)
}

// dueBy is the earliest clock that the case still has to meet: a step that
// ends after it makes the next one late. Zero for a case that has ended.
func dueBy(c *triage.Case) time.Time {
	if !c.Status.Open() {
		return time.Time{}
	}
	due := c.Work.Clocks.ResolveBy
	if c.Work.VerifiedAt.IsZero() {
		due = sooner(due, c.Work.Clocks.VerifyBy)
	}
	if c.Work.RespondedAt.IsZero() {
		due = sooner(due, c.Work.Clocks.RespondBy)
	}
	return due
}

// sooner returns the earlier of two limits; zero is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// How far the lateness of a step has been raised.
const (
	notRaised = iota
	warned    // the owner, before the time is over
	escalated // the next person, when it is over
	topmost   // the one after, a working day later
)

// watch sets when the watch must look at the case next.
func watch(cal *calendar.Calendar, c *triage.Case) {
	w := &c.Work
	w.WatchAt = time.Time{}
	if w.DueAt.IsZero() || !w.WaitingSince.IsZero() || !c.Status.Open() {
		return
	}
	level := c.Assessment.Urgency.Level
	switch w.Raised {
	case notRaised:
		clock := cal.Clock(level)
		w.WatchAt = w.EnteredAt
		if length := clock.Between(w.EnteredAt, w.DueAt); length > 0 {
			w.WatchAt = sooner(clock.Add(w.EnteredAt, time.Duration(warnAfter*float64(length))), w.DueAt)
		}
	case warned:
		w.WatchAt = w.DueAt
	case escalated:
		w.WatchAt = cal.Limit(level, w.DueAt, 24*time.Hour)
	}
}

// shift moves the clocks that were running by the time spent waiting.
func shift(clock calendar.Clock, w *triage.Work, since time.Time, waited time.Duration) {
	for _, at := range []struct {
		by   *time.Time
		done bool
	}{
		{&w.Clocks.RespondBy, !w.RespondedAt.IsZero()}, {&w.Clocks.VerifyBy, !w.VerifiedAt.IsZero()}, {&w.Clocks.ResolveBy, false},
	} {
		if !at.done && at.by.After(since) {
			*at.by = clock.Add(*at.by, waited)
		}
	}
}
