package outreach

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// retries bounds how often a change that must win is tried against others.
const retries = 20

// Stop stops a plan at once: when it returns without error, no further attempt
// begins. Those under way end. It wins over whoever changes the plan at the
// same time; stopping a stopped plan changes nothing.
func (s *Service) Stop(ctx context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error) {
	return s.insist(ctx, id, by, "plan.stop", func(p *prevention.Plan) (bool, error) {
		if p.Status == prevention.PlanStopped {
			return false, nil
		}
		err := mayChange(p, prevention.PlanApproved, prevention.PlanRunning)
		p.Status, p.StoppedBy, p.Remark = prevention.PlanStopped, by, remark
		return true, err
	})
}

// Resume lets a stopped plan go on with the notices that are still queued. The
// plan of an event rule goes on only when the rule is approved again.
func (s *Service) Resume(ctx context.Context, id prevention.PlanID, by string) (prevention.Plan, error) {
	return s.insist(ctx, id, by, "plan.resume", func(p *prevention.Plan) (bool, error) {
		err := mayChange(p, prevention.PlanStopped)
		if err == nil && p.Rule != "" {
			err = refuseAs(triage.CodeConflict, "计划 %s 属于规则 %s：请先暂停该规则，再由编写人以外的人重新批准",
				"plan %s belongs to rule %s: pause the rule and have it approved again", p.ID, p.Rule)
		}
		p.Status, p.StoppedBy, p.Remark = prevention.PlanApproved, "", ""
		return true, err
	})
}

// Cancel ends a plan for good; what was not sent is skipped. Cancelling again
// finishes a cancellation that was interrupted. A notice whose attempt is under
// way may be queued again by it, but a cancelled plan sends nothing.
func (s *Service) Cancel(ctx context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error) {
	p, err := s.insist(ctx, id, by, "plan.cancel", func(p *prevention.Plan) (bool, error) {
		if p.Status == prevention.PlanCancelled {
			return false, nil
		}
		err := mayChange(p, prevention.PlanDraft, prevention.PlanSubmitted, prevention.PlanRejected,
			prevention.PlanApproved, prevention.PlanRunning, prevention.PlanStopped)
		p.Status, p.Remark, p.FinishedAt = prevention.PlanCancelled, remark, s.d.Now()
		return true, err
	})
	if err != nil {
		return p, err
	}
	return p, s.skipQueued(ctx, id)
}

func (s *Service) skipQueued(ctx context.Context, id prevention.PlanID) error {
	q := prevention.NoticeQuery{Plan: id, States: []prevention.NoticeState{prevention.NoticeQueued}, Limit: 500}
	for {
		page, err := s.d.Notices.Notices(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, n := range page {
			if _, err := s.d.Outbox.Settle(ctx, end(n, prevention.NoticeSkipped, ReasonCancelled)); err != nil {
				return err
			}
		}
		q.After = page[len(page)-1].ID
	}
}

// insist changes a plan whatever version it has, again when somebody was
// faster. Change returns false when there is nothing to do.
func (s *Service) insist(ctx context.Context, id prevention.PlanID, by, action string, change func(*prevention.Plan) (bool, error)) (prevention.Plan, error) {
	var err error
	for range retries {
		var p prevention.Plan
		if p, err = s.d.Plans.Plan(ctx, id); err != nil {
			return p, err
		}
		needed, errChange := change(&p)
		if errChange != nil || !needed {
			return p, errChange
		}
		if err = s.d.Plans.UpdatePlan(ctx, p, entry(s.d.Now(), by, action, id)); err == nil {
			return s.d.Plans.Plan(ctx, id)
		}
		if !isConflict(err) {
			break
		}
	}
	return prevention.Plan{}, err
}
