package outreach

import (
	"context"
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/prevention"
)

// startPlans sets approved plans running whose time has come.
func (s *Sender) startPlans(ctx context.Context) error {
	plans, err := s.d.Plans.Plans(ctx, prevention.PlanFilter{Statuses: []prevention.PlanStatus{prevention.PlanApproved}})
	if err != nil {
		return fmt.Errorf("outreach: read approved plans: %w", err)
	}
	now := s.d.Now()
	for _, p := range plans {
		if p.StartAt.After(now) {
			continue
		}
		p.Status = prevention.PlanRunning
		err := s.d.Plans.UpdatePlan(ctx, p, entry(now, machine, "plan.start", p.ID))
		if err != nil && !isConflict(err) { // a person, or another sender, was faster
			return fmt.Errorf("outreach: start plan %s: %w", p.ID, err)
		}
	}
	return nil
}

// recover ends the attempts that were begun longer ago than the lease: their
// process is gone, and whether the message left nobody knows.
func (s *Sender) recover(ctx context.Context, p *Progress) error {
	for {
		now := s.d.Now()
		stranded, err := s.d.Outbox.Stranded(ctx, now.Add(-s.d.Policy.Lease), batch)
		if err != nil {
			return fmt.Errorf("outreach: read stranded notices: %w", err)
		}
		settled := false
		for _, n := range stranded {
			n = s.abandon(n)
			ok, err := s.d.Outbox.Settle(ctx, n)
			if err != nil {
				return fmt.Errorf("outreach: settle stranded notice %d: %w", n.ID, err)
			}
			if ok {
				settled = true
				p.count(n.State)
			}
		}
		if !settled || len(stranded) < batch {
			return nil
		}
	}
}

// abandon decides about a stranded notice: to be tried again under its key, at
// once, or unclear. Without a key it was claimed for no attempt, and is as it
// was.
func (s *Sender) abandon(n prevention.Notice) prevention.Notice {
	now := s.d.Now()
	if n.Key == "" {
		n.State, n.NextAt = prevention.NoticeQueued, now
		return n
	}
	ch, ok := s.write.channels[n.Channel]
	if !ok {
		return end(n, prevention.NoticeUnclear, ReasonUnknown)
	}
	n = s.d.Policy.after(attempted{notice: n, channel: &ch, err: errStranded, at: now})
	if n.State == prevention.NoticeQueued {
		n.NextAt = now
	}
	return n
}

var errStranded = &prevention.SendError{
	Outcome: prevention.OutcomeUnknown,
	Err:     errors.New("the process that began the attempt is gone"),
}
