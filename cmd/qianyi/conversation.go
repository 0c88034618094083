package main

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

var _ mailbox.Desk = (*conversation)(nil)

// byCustomer acts in the record when the customer's own word moves a case.
const byCustomer = life.ByCustomer

// conversation joins what is said about a case with its life: an answer of ours
// acknowledges it, a word of the customer ends the waiting.
type conversation struct {
	db   *store.DB
	life *life.Service
	now  func() time.Time
}

// Hear implements [mailbox.Desk]. It may be called again after a crash at any
// point. The words are kept as they came: a new telephone number is what the
// customer writes them for.
func (v *conversation) Hear(ctx context.Context, s mailbox.Said) error {
	m := reply.Message{
		Complaint: s.Case, Direction: reply.In, Channel: string(s.Channel), Text: s.Text, By: byCustomer, At: s.At, Key: s.Key,
	}
	e := triage.AuditEntry{At: v.now(), Actor: byCustomer, Action: "heard", Object: triage.CaseObject(s.Case)}
	if _, err := v.db.AddMessage(ctx, m, e); err != nil && triage.CodeOf(err) != triage.CodeConflict {
		return err
	}
	c, err := v.db.Case(ctx, s.Case)
	switch {
	case err != nil:
		return err
	case !c.Work.WaitingSince.IsZero():
		_, err = v.life.Resume(ctx, s.Case, "客户已回复", byCustomer, 0)
	case s.Reopen && (c.Status == triage.StatusClosed || c.Status == triage.StatusCalledBack):
		_, err = v.life.Move(ctx, life.Order{
			Case: s.Case, Move: life.MoveReopen, By: byCustomer, Owner: c.Work.Owner, Facts: map[string]string{"reason": "客户来信"},
		})
	}
	if triage.CodeOf(err) == triage.CodeConflict {
		return nil // somebody of ours was faster
	}
	return err
}

// answered acknowledges a case by its first answer.
func (v *conversation) answered(ctx context.Context, id triage.ComplaintID, by string) error {
	c, err := v.db.Case(ctx, id)
	if err != nil || c.Status != triage.StatusReceived {
		return err
	}
	_, err = v.life.Move(ctx, life.Order{
		Case: id, Move: life.MoveAcknowledge, By: by,
		Facts: map[string]string{"answered_how": "回复客户", "answered_at": v.now().Format(time.RFC3339)},
	})
	if triage.CodeOf(err) == triage.CodeConflict {
		return nil // acknowledged meanwhile
	}
	return err
}
