package outreach

import (
	"context"
	"encoding/json"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Decide lets a person say what became of an unclear notice: told or not. One
// that was not told is failed; it is not sent again.
func (s *Service) Decide(ctx context.Context, plan prevention.PlanID, notice int64, told bool, by string) error {
	page, err := s.d.Notices.Notices(ctx, prevention.NoticeQuery{
		Plan: plan, States: []prevention.NoticeState{prevention.NoticeUnclear}, After: notice - 1, Limit: 1,
	})
	if err != nil {
		return err
	}
	if len(page) == 0 || page[0].ID != notice {
		return notUnclear(notice)
	}
	n := page[0]
	n.State, n.Reason = prevention.NoticeFailed, ReasonSettled
	if told {
		n.State, n.SentAt = prevention.NoticeSent, n.BegunAt
	}
	detail, err := json.Marshal(map[string]any{"notice": notice, "told": told})
	if err != nil {
		return err
	}
	e := entry(s.d.Now(), by, "plan.decide", plan)
	e.Detail = string(detail)
	stored, err := s.d.Outbox.Decide(ctx, n, e)
	if err == nil && !stored {
		return notUnclear(notice) // somebody was faster
	}
	return err
}

func notUnclear(notice int64) error {
	return refuseAs(triage.CodeConflict, "通知 %d 不在“结果不明”状态", "notice %d is not unclear", notice)
}
