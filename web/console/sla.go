package console

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// lastCall is the time before a deadline in which everything is tight.
const lastCall = 15 * time.Minute

// slaPill is the state of one clock of a case. Level is one of ok, soon (half
// of the time is gone), tight (four fifths are gone, or the last call has
// come), late, done, and wait while the clocks stand still for the customer.
type slaPill struct {
	// Kind is respond, verify or resolve, step for the present step, or wait.
	Kind  string
	Level string
	// Left is the time left, the time since the deadline when Level is late, or
	// how long the case has been waiting.
	Left string
	By   string
}

// clocksOf are the time limits of a case as they are now.
func clocksOf(k *triage.Case) triage.SLA {
	if k.Work.Clocks == (triage.SLA{}) {
		return k.Assessment.SLA
	}
	return k.Work.Clocks
}

// nextPill is the clock that counts now: that of the present step, or, where
// the step has none, that of the whole. It is nil for a case without clocks.
func (c *Console) nextPill(l language, k *triage.Case) *slaPill {
	if !k.Work.WaitingSince.IsZero() && k.Status.Open() {
		return &slaPill{Kind: "wait", Level: "wait", Left: l.span(c.d.Now().Sub(k.Work.WaitingSince)), By: c.when(k.Work.WaitingSince)}
	}
	sla := clocksOf(k)
	kind, from, by := "resolve", k.At, sla.ResolveBy
	switch k.Status {
	case triage.StatusReceived:
		kind, by = "respond", sla.RespondBy
	case triage.StatusAcknowledged, triage.StatusVerifying:
		if c.d.Now().Before(sla.VerifyBy) || !k.Work.DueAt.IsZero() {
			kind, by = "verify", sla.VerifyBy
		}
	}
	if due := k.Work.DueAt; !due.IsZero() && k.Status.Open() {
		switch { // the step may end with another clock than its own, or with none
		case kind != "resolve" && due.Equal(by):
		case kind == "respond" && due.Equal(sla.VerifyBy):
			kind = "verify"
		default:
			kind = "step"
		}
		from, by = k.Work.EnteredAt, due
	}
	if by.IsZero() {
		return nil
	}
	p := c.pill(l, k, kind, from, by)
	return &p
}

// pills are all three clocks, those that a case does not have left out.
func (c *Console) pills(l language, k *triage.Case) []slaPill {
	sla := clocksOf(k)
	var all []slaPill
	for _, s := range []struct {
		kind string
		by   time.Time
		done bool
	}{
		{"respond", sla.RespondBy, k.Status != triage.StatusReceived},
		{"verify", sla.VerifyBy, !k.Work.VerifiedAt.IsZero()},
		{"resolve", sla.ResolveBy, false},
	} {
		if s.by.IsZero() {
			continue
		}
		p := c.pill(l, k, s.kind, k.At, s.by)
		if s.done {
			p.Level = "done"
		}
		all = append(all, p)
	}
	return all
}

func (c *Console) pill(l language, k *triage.Case, kind string, from, by time.Time) slaPill {
	now := c.d.Now()
	if since := k.Work.WaitingSince; !since.IsZero() {
		now = since // the clocks stand still
	}
	left := by.Sub(now)
	p := slaPill{Kind: kind, Level: slaLevel(left, by.Sub(from)), Left: l.span(left), By: c.when(by)}
	if !k.Status.Open() {
		p.Level = "done"
	}
	return p
}

func slaLevel(left, all time.Duration) string {
	switch {
	case left < 0:
		return "late"
	case left < all/5, left < lastCall:
		return "tight"
	case left < all/2:
		return "soon"
	}
	return "ok"
}
