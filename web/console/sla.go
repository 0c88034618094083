package console

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// lastCall is the time before a deadline in which everything is tight.
const lastCall = 15 * time.Minute

// slaPill is the state of one clock of a case. Level is one of ok, soon (half
// of the time is gone), tight (four fifths are gone, or the last call has
// come), late and done.
type slaPill struct {
	// Kind is respond, verify or resolve.
	Kind  string
	Level string
	// Left is the time left, or the time since the deadline when Level is late.
	Left string
	By   string
}

// nextPill is the clock that counts now: the first answer while nobody has
// looked, then the check of the facts as long as its time has not passed, then
// the end. It is nil for a case without clocks.
func (c *Console) nextPill(l language, k *triage.Case) *slaPill {
	sla := k.Assessment.SLA
	kind, by := "respond", sla.RespondBy
	switch {
	case k.Status == triage.StatusClosed:
		kind, by = "resolve", sla.ResolveBy
	case k.Status == triage.StatusAcknowledged && c.d.Now().Before(sla.VerifyBy):
		kind, by = "verify", sla.VerifyBy
	case k.Status == triage.StatusAcknowledged:
		kind, by = "resolve", sla.ResolveBy
	}
	if by.IsZero() {
		return nil
	}
	p := c.pill(l, k, kind, by)
	return &p
}

// pills are all three clocks, those that a case does not have left out.
func (c *Console) pills(l language, k *triage.Case) []slaPill {
	var all []slaPill
	for _, s := range []struct {
		kind string
		by   time.Time
	}{
		{"respond", k.Assessment.SLA.RespondBy},
		{"verify", k.Assessment.SLA.VerifyBy},
		{"resolve", k.Assessment.SLA.ResolveBy},
	} {
		if s.by.IsZero() {
			continue
		}
		p := c.pill(l, k, s.kind, s.by)
		if s.kind == "respond" && k.Status != triage.StatusReceived {
			p.Level = "done"
		}
		all = append(all, p)
	}
	return all
}

func (c *Console) pill(l language, k *triage.Case, kind string, by time.Time) slaPill {
	left := by.Sub(c.d.Now())
	p := slaPill{Kind: kind, Level: slaLevel(left, by.Sub(k.At)), Left: l.span(left), By: c.when(by)}
	if k.Status == triage.StatusClosed {
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
