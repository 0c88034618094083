package life

import (
	"cmp"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

// apply makes a move that is allowed, with facts that have been checked. The
// calendar may be nil for a move that ends the case; then the time that the case
// has waited for its customer is not given back to its clocks.
func apply(cal *calendar.Calendar, c *triage.Case, r Rule, facts map[string]string, now time.Time) {
	if !c.Work.WaitingSince.IsZero() && cal != nil { // acting on a case ends its waiting
		runOn(cal, c, now)
	}
	c.Status, c.Work.ExecuteBy = r.To, time.Time{}
	if !c.Status.Open() {
		c.Work.TaskBy = time.Time{}
	}
	switch r.Move {
	case MoveAcknowledge:
		c.Work.RespondedAt = instant(facts["answered_at"])
	case MoveAttribute:
		c.Work.VerifiedAt = now
		c.Work.Cause, c.Work.CauseDepartment = triage.Cause(facts["cause"]), facts["cause_department"]
	case MoveExecute:
		c.Work.ExecuteBy = instant(facts["execute_until"])
	case MoveSettle:
		c.Work.Cause = triage.Cause(facts["cause"])
		c.Work.RespondedAt, c.Work.VerifiedAt = first(c.Work.RespondedAt, now), first(c.Work.VerifiedAt, now)
		end(c, facts, now)
	case MoveClose:
		end(c, facts, now)
	case MoveCallBack:
		if s := score(facts["satisfaction"]); s != nil {
			c.Satisfaction = s
		}
	case MoveReopen:
		reopen(cal, c, now)
	case MoveMerge:
		c.Work.MergedInto = triage.ComplaintID(facts["into"])
	}
	enter(cal, c, now)
}

func end(c *triage.Case, facts map[string]string, now time.Time) {
	c.Resolution, c.ClosedAt = facts["resolution"], now
	c.Satisfaction = cmp.Or(score(facts["satisfaction"]), c.Satisfaction)
}

// reopen takes a case up again. The facts are to be checked anew, in the same
// working time as the first time; what the ending was stays in the record.
func reopen(cal *calendar.Calendar, c *triage.Case, now time.Time) {
	w, clock := &c.Work, cal.Clock(c.Assessment.Urgency.Level)
	begun := since(c)
	again := func(by time.Time) time.Time {
		if by.IsZero() {
			return by
		}
		return clock.Add(now, clock.Between(begun, by))
	}
	w.Clocks.VerifyBy, w.Clocks.ResolveBy = again(c.Assessment.SLA.VerifyBy), again(c.Assessment.SLA.ResolveBy)
	w.VerifiedAt, w.RespondedAt = time.Time{}, first(w.RespondedAt, now)
	w.Reopened++
	c.Resolution, c.ClosedAt, c.Satisfaction = "", time.Time{}, nil
}

func first(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t
}
