package life

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

// warnAfter is the share of a step's working time after which it is called
// nearly late.
const warnAfter = 0.8

// enter begins a step: its times, and none of the last one's alarms.
func enter(cal *calendar.Calendar, c *triage.Case, now time.Time) {
	w := &c.Work
	w.EnteredAt, w.WaitingSince, w.Raised = now, time.Time{}, notRaised
	w.DueAt = dueBy(c)
	watch(cal, c)
}

// dueBy is the earliest limit that the case still has to meet, a clock that
// runs or a date that somebody named: a later date moves no clock. Zero for a
// case that has ended.
func dueBy(c *triage.Case) time.Time {
	if !c.Status.Open() {
		return time.Time{}
	}
	due := sooner(sooner(c.Work.Clocks.ResolveBy, c.Work.TaskBy), c.Work.ExecuteBy)
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

// Warned is the triage.Work.Raised of a step whose owner has been told that its
// time is nearly over.
const Warned = 1

// How far the lateness of a step has been raised.
const (
	notRaised = iota
	warned    // the owner, before the time is over: Warned
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

// stand lifts the limit of the step while the case waits for its customer. One
// that was over before stays: waiting does not heal.
func stand(cal *calendar.Calendar, c *triage.Case) {
	w := &c.Work
	if w.DueAt = dueBy(c); !w.DueAt.Before(w.WaitingSince) {
		w.DueAt = time.Time{}
	}
	watch(cal, c)
}

// runOn ends the waiting for the customer: every limit that was not over goes
// on, later by the working time waited, which is returned. Where the present
// step began during the wait, its date moves by the part since then.
func runOn(cal *calendar.Calendar, c *triage.Case, now time.Time) time.Duration {
	w, clock := &c.Work, cal.Clock(c.Assessment.Urgency.Level)
	since, begun := w.WaitingSince, w.WaitingSince
	if w.EnteredAt.After(since) {
		begun = w.EnteredAt
	}
	for _, at := range []struct {
		by   *time.Time
		done bool
		from time.Time
	}{
		{&w.Clocks.RespondBy, !w.RespondedAt.IsZero(), since}, {&w.Clocks.VerifyBy, !w.VerifiedAt.IsZero(), since},
		{&w.Clocks.ResolveBy, false, since}, {&w.ExecuteBy, false, since}, {&w.TaskBy, false, begun},
	} {
		if !at.done && at.by.After(since) {
			*at.by = clock.Add(*at.by, clock.Between(at.from, now))
		}
	}
	w.EnteredAt, w.WaitingSince = clock.Add(w.EnteredAt, clock.Between(begun, now)), time.Time{}
	return clock.Between(since, now)
}
