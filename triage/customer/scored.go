package customer

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxScores bounds the scores that are looked at together.
const maxScores = 50

// Scored reacts to a score that is stored already: a low one opens a task with
// a named owner, one for each case; enough high ones in a row make the customer
// a VIP. Being called again with the same score changes nothing.
func (s *Service) Scored(ctx context.Context, score Score) error {
	c, err := s.d.Cases.Case(ctx, score.Case)
	if err != nil {
		return err
	}
	person, err := s.personOf(ctx, &c)
	if err != nil {
		return err
	}
	owner, department, err := s.owner(ctx, &person.Care, &c)
	if err != nil {
		return err
	}
	if score.Score < s.d.Policy.LowScore {
		return s.low(ctx, score, Task{Customer: person.ID, Owner: owner, Department: department})
	}
	return s.upgrade(ctx, &person, owner)
}

// low opens the task of a low score.
func (s *Service) low(ctx context.Context, score Score, t Task) error {
	t.Kind, t.Case, t.CreatedBy, t.CreatedAt = TaskLowScore, score.Case, systemActor, s.d.Now()
	t.Title = fmt.Sprintf("低分跟进：%g 分", score.Score)
	t.DueAt = s.d.Calendar.AddDays(t.CreatedAt, s.d.Policy.LowScoreDays)
	t.PlanDueAt = s.d.Calendar.Limit("", t.CreatedAt, s.d.Policy.PlanWithin)
	t.Key = fmt.Sprintf("low_score:%s:%d:%d", score.Case, score.Survey, score.At.UnixMilli())
	_, err := s.open(ctx, t)
	return err
}

// upgrade makes a person a VIP when their latest scores are all high. Scores
// from before the last decision of a person of ours on the tier do not count,
// and nothing ever takes a tier away but such a decision.
func (s *Service) upgrade(ctx context.Context, person *Record, owner string) error {
	row := s.d.Policy.VIPRow
	if row == 0 || person.ID == "" || person.Tier == triage.TierVIP {
		return nil
	}
	records, err := s.d.Store.Records(ctx, person.ID)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return nil // only cases know this customer; there is no tier to raise
	}
	if err != nil {
		return err
	}
	scores, err := s.d.Store.Scores(ctx, ids(records), row)
	if err != nil || len(scores) < row {
		return err
	}
	for _, past := range scores {
		if past.Score < s.d.Policy.VIPScore || before(past.At, person.Care.TierAt) {
			return nil
		}
	}
	err = s.setTier(ctx, TierChange{
		Customer: person.ID, Tier: triage.TierVIP, By: systemActor, At: s.d.Now(), Was: person.Tier, Manager: owner,
		Reason: fmt.Sprintf("连续 %d 次满意度不低于 %g 分", row, s.d.Policy.VIPScore),
	})
	if triage.CodeOf(err) == triage.CodeConflict {
		return nil // somebody decided on the tier meanwhile
	}
	return err
}

// before says whether a score is older than a decision, which may be none.
func before(score, decision time.Time) bool { return !decision.IsZero() && score.Before(decision) }
