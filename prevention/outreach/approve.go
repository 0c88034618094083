package outreach

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Approve fixes who is told and who is held out, by lot, before anything is
// sent, and lets the plan run from its start on. Version is that of the plan
// which the approver read. Above Policy.ApprovalAbove recipients the approver
// must be neither creator nor submitter (CodeForbidden).
func (s *Service) Approve(ctx context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error) {
	p, err := s.open(ctx, id, version, prevention.PlanSubmitted)
	if err != nil {
		return p, err
	}
	if err := s.check(&p); err != nil { // words and channels may have changed since
		return p, err
	}
	now := s.d.Now()
	cohort, err := s.d.Cohorts.Select(ctx, p.Cluster, p.Cohort, now)
	if err != nil {
		return p, err
	}
	reached, _, err := s.reach(ctx, &p, cohort.Customers)
	if err != nil {
		return p, err
	}
	if len(reached) == 0 {
		return p, refuse("cohort", "没有可以通知的客户：符合条件的 %d 位都已投诉、已通知、已退订、近期联系过或没有可用地址", "nobody can be told: the %d customers who match have complained, been told, opted out, been contacted lately or have no usable address", cohort.Matched)
	}
	if len(reached) > s.d.Policy.ApprovalAbove && !secondPerson(by, p.CreatedBy, p.SubmittedBy) {
		return p, refuseAs(triage.CodeForbidden, "将通知 %d 位客户，须由创建人和提交人以外的人批准", "%d customers would be told: somebody other than author and submitter must approve", len(reached))
	}
	if p.Seed, err = seed(); err != nil {
		return p, err
	}
	p.Status, p.ApprovedBy, p.ApprovedAt = prevention.PlanApproved, by, now
	notices := s.deal(&p, reached, now)
	for i := range notices {
		if notices[i].Arm == prevention.ArmHeld {
			p.Held++
		}
	}
	p.Size = len(notices)
	if _, _, err := s.d.Plans.FixPlan(ctx, p, notices, entry(now, by, "plan.approve", p.ID)); err != nil {
		return p, err
	}
	return s.d.Plans.Plan(ctx, p.ID)
}

// secondPerson says whether by is somebody, and somebody else.
func secondPerson(by string, others ...string) bool {
	by = person(by)
	for _, o := range others {
		if by == person(o) {
			return false
		}
	}
	return by != "" && by != anybody
}

// anybody is whoever uses the API of a service without tokens.
const anybody = "api:local"

// person is who acts: somebody who has signed in and the holder of a token of
// the same name, "api:NAME", are one.
func person(actor string) string {
	actor = strings.ToLower(strings.TrimSpace(actor))
	if actor == anybody {
		return actor
	}
	return strings.TrimSpace(strings.TrimPrefix(actor, "api:"))
}

// seed is drawn when everything else is fixed, so that nobody can choose a plan
// by its outcome.
func seed() (uint64, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, err
	}
	// Databases keep signed numbers.
	return binary.LittleEndian.Uint64(b[:]) >> 1, nil
}

// deal makes the notices of both arms.
func (s *Service) deal(p *prevention.Plan, reached []prevention.Candidate, now time.Time) []prevention.Notice {
	ids := make([]triage.CustomerID, len(reached))
	for i, c := range reached {
		ids[i] = c.Customer
	}
	arms := s.d.Draw(ids, p.Holdout, p.Seed)
	due := now
	if p.StartAt.After(due) {
		due = p.StartAt
	}
	due = s.d.Policy.Quiet.Next(due, s.d.Zone)
	notices := make([]prevention.Notice, len(reached))
	for i, c := range reached {
		n := prevention.Notice{
			Plan: p.ID, Cause: prevention.ClusterCause(p.Cluster), Customer: c.Customer,
			Arm: prevention.ArmTold, State: prevention.NoticeQueued,
			Score: c.Score, Exposed: c.Exposed, NextAt: due, CreatedAt: now,
		}
		if arms[c.Customer] == prevention.ArmHeld {
			n.Arm, n.State = prevention.ArmHeld, prevention.NoticeHeld
		}
		notices[i] = n
	}
	return notices
}
