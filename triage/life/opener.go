package life

import (
	"cmp"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

// Opener begins the work on new cases. It satisfies triage.Opener.
type Opener struct {
	calendar *calendar.Calendar
}

// NewOpener makes an Opener.
func NewOpener(cal *calendar.Calendar) *Opener { return &Opener{calendar: cal} }

// Open gives a case to the department of its type, starts its clocks and sets
// its priority. A case that has ended gets the same but no time limit. One that
// came in after its time was over, as from an import, is among the breaches but
// raises no alarms.
func (o *Opener) Open(c *triage.Case, tier triage.Tier) {
	c.Work = triage.Work{
		Department: c.Assessment.Department, Clocks: c.Assessment.SLA, Tier: cmp.Or(tier, triage.TierOrdinary), Version: 1,
	}
	if c.Status == triage.StatusAcknowledged {
		c.Work.RespondedAt = since(c)
	}
	c.Work.PriorityAt = PriorityAt(c)
	enter(o.calendar, c, since(c))
	if w := &c.Work; !w.DueAt.IsZero() && w.DueAt.Before(c.ReceivedAt) {
		w.Raised, w.WatchAt = topmost, time.Time{}
	}
}
