package main

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
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
	db        *store.DB
	life      *life.Service
	customers *customer.Service
	now       func() time.Time
}

const (
	// hearings bounds how often a case that changes under the hands is read again.
	hearings = 3
	// maxMerges bounds the way from a case to the one that it goes on in.
	maxMerges = 10
)

// Hear implements [mailbox.Desk]. It may be called again after a crash at any
// point. What is said about a case that was merged into another one of the same
// customer is heard there; about a case that nobody works on, it opens a task.
func (v *conversation) Hear(ctx context.Context, s mailbox.Said) (err error) {
	for range hearings {
		if err = v.hear(ctx, s); triage.CodeOf(err) != triage.CodeConflict {
			return err
		}
	}
	return nil // somebody of ours is at the case, and finds the message there
}

// hear is one attempt; CodeConflict says that the case changed meanwhile.
func (v *conversation) hear(ctx context.Context, s mailbox.Said) error {
	id, err := v.survivor(ctx, s.Case)
	if err != nil {
		return err
	}
	if err := v.keep(ctx, s, id); err != nil {
		return err
	}
	c, err := v.db.Case(ctx, id)
	switch {
	case err != nil:
		return err
	case c.Status == triage.StatusMerged || c.Status == triage.StatusWithdrawn:
		return v.customers.Heard(ctx, &c, s.Key)
	case !c.Work.WaitingSince.IsZero():
		_, err = v.life.Resume(ctx, id, "客户已回复", byCustomer, 0)
	case s.Reopen && (c.Status == triage.StatusClosed || c.Status == triage.StatusCalledBack):
		_, err = v.life.Move(ctx, life.Order{
			Case: id, Move: life.MoveReopen, By: byCustomer, Owner: c.Work.Owner, Facts: map[string]string{"reason": "客户来信"},
		})
	}
	return err
}

// survivor is the case that another goes on in, itself when that is one of
// another customer, who must not hear what this one says.
func (v *conversation) survivor(ctx context.Context, id triage.ComplaintID) (triage.ComplaintID, error) {
	own, err := v.db.Case(ctx, id)
	c := own
	for range maxMerges {
		if err != nil || c.Status != triage.StatusMerged {
			break
		}
		if c, err = v.db.Case(ctx, c.Work.MergedInto); err != nil {
			break
		}
		same, err := v.customers.Same(ctx, &own, &c)
		if err != nil || !same {
			return id, err
		}
	}
	return c.ID, err
}

// keep stores the words as they came: a new telephone number is what the
// customer writes them for.
func (v *conversation) keep(ctx context.Context, s mailbox.Said, id triage.ComplaintID) error {
	m := reply.Message{
		Complaint: id, Direction: reply.In, Channel: string(s.Channel), Text: s.Text, By: byCustomer, At: s.At, Key: s.Key,
	}
	if id != s.Case {
		m.Text = "（来自已并入的投诉 " + string(s.Case) + "）\n" + s.Text
	}
	e := triage.AuditEntry{At: v.now(), Actor: byCustomer, Action: "heard", Object: triage.CaseObject(id)}
	_, err := v.db.AddMessage(ctx, m, e)
	if triage.CodeOf(err) == triage.CodeConflict {
		return nil // kept already
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
