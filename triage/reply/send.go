package reply

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

const (
	// lease is how long sending one letter may take; what takes longer was left
	// by a process that died.
	lease = 10 * time.Minute
	// sendTimeout bounds one letter; it is well below the lease.
	sendTimeout = time.Minute
)

// The actions of the audit trail: a letter is begun and then sent, unclear or
// failed; what was said already is a reply at once.
const (
	actionReply   = "reply"
	actionBegin   = "reply.begin"
	actionUnclear = "reply.unclear"
	actionFailed  = "reply.failed"
)

// Sending is how an answer goes out.
type Sending struct {
	// Via is "" for a letter, Spoken or AtCounter for what was said already.
	Via string
	// Confirmed sends in spite of warnings.
	Confirmed bool
	By        string
}

// Send sends an answer and records it; or, with Via, only records it. It is
// refused with a *RefusedError when the check blocks it, or warns and nobody has
// confirmed. That a letter is begun is on disk before it goes, so that the same
// text goes out for a case once, whatever crashes and however many processes
// there are: a second time is CodeConflict. So is a letter of which the postman
// cannot say whether it went out: it stays in the conversation as StateUnclear. A
// message that offers a solution to a customer counts as its use.
func (d *Desk) Send(ctx context.Context, a Answer, s Sending) (Message, error) {
	if s.Via != "" && s.Via != Spoken && s.Via != AtCounter {
		return Message{}, triage.FieldErrorf("via", "%.20q is not %q, %q or empty", s.Via, Spoken, AtCounter)
	}
	a.Text = strings.TrimSpace(a.Text)
	k, c, verdict, err := d.weigh(ctx, &a)
	if err != nil {
		return Message{}, err
	}
	if len(verdict.Blocks) > 0 || len(verdict.Warnings) > 0 && !s.Confirmed {
		return Message{}, &RefusedError{verdict}
	}
	m := Message{
		Complaint: k.ID, Direction: Out, Channel: s.Via, Text: masked(a.Text), By: s.By, At: d.d.Now(), Solution: a.Solution,
	}
	if s.Via == "" {
		if err := d.begin(ctx, &m, a.Text, verdict.Score); err != nil {
			return Message{}, err
		}
		if err := d.post(ctx, &m, &c, a.Text, verdict.Score); err != nil {
			return Message{}, err
		}
	} else if m.ID, err = d.d.Talk.AddMessage(ctx, m, entry(&m, actionReply, verdict.Score)); err != nil {
		return Message{}, err
	}
	// The reply is gone: nothing of what follows may fail it.
	if err := d.follow(context.WithoutCancel(ctx), &m); err != nil {
		d.d.Log.WarnContext(ctx, "a reply could not be followed up; the job tries again", "complaint_id", k.ID, "err", err)
	}
	return m, nil
}

// begin records that a letter is being sent. A postman that has forgotten an old
// key must not send it again, so the conversation is what knows.
func (d *Desk) begin(ctx context.Context, m *Message, text string, score int) error {
	if d.d.Postman == nil {
		return triage.FieldErrorf("via", "no channel to customers is configured: record a call, or configure one")
	}
	m.Key, m.State = letterKey(m.Complaint, text), StateSending
	before, err := d.d.Talk.Messages(ctx, m.Complaint)
	if err != nil {
		return err
	}
	for i := range before {
		if before[i].Key == m.Key {
			return twice(before[i].State)
		}
	}
	m.ID, err = d.d.Talk.AddMessage(ctx, *m, entry(m, actionBegin, score))
	return err
}

// twice says why a letter is not sent again.
func twice(s State) error {
	switch s {
	case StateSending:
		return triage.Errorf(triage.CodeConflict, "this reply is being sent already")
	case StateUnclear:
		return errUnclear
	}
	return triage.Errorf(triage.CodeConflict, "this reply has been sent already")
}

var errUnclear = triage.Errorf(triage.CodeConflict,
	"this reply may have gone out already and is not sent again: ask the customer by phone, and record the call or send another text")

// post sends a letter that was begun and stores what became of it, also when the
// caller has gone away: what was sent stays sent.
func (d *Desk) post(ctx context.Context, m *Message, c *triage.Customer, text string, score int) error {
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	channel, failure := d.d.Postman.Send(sending, triage.Letter{
		// The code in brackets brings an answer back to the case: package mailbox.
		Key: m.Key, Phone: c.Phone, Email: c.Email, Subject: "关于您反映的问题的回复 [#" + string(m.Complaint) + "]",
		Text: strings.ReplaceAll(text, solution.Salutation, salutation(c.Name.Reveal())),
	})
	cancel()
	ctx = context.WithoutCancel(ctx)
	m.Channel = channel
	switch triage.CodeOf(failure) {
	case "":
		m.State = StateSaid
		return d.settle(ctx, m, entry(m, actionReply, score))
	case triage.CodeInvalid, triage.CodeUnavailable:
		if err := d.d.Talk.DropMessage(ctx, m.ID, entry(m, actionFailed, score)); err != nil {
			return err
		}
		return failure
	}
	d.d.Log.WarnContext(ctx, "a reply may not have gone out; it is not sent again", "complaint_id", m.Complaint, "err", failure)
	m.State = StateUnclear
	if err := d.settle(ctx, m, entry(m, actionUnclear, score)); err != nil {
		return err
	}
	return errUnclear
}

func (d *Desk) settle(ctx context.Context, m *Message, e triage.AuditEntry) error {
	settled, err := d.d.Talk.SettleMessage(ctx, *m, e)
	if err == nil && !settled { // it took longer than the lease
		return errUnclear
	}
	return err
}

// letterKey is the same for the same words about the same case.
func letterKey(id triage.ComplaintID, text string) string {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + text))
	return "reply-" + hex.EncodeToString(sum[:24])
}

// entry is an audit entry about a message: how, by which solution and with what
// score, never the words.
func entry(m *Message, action string, score int) triage.AuditEntry {
	detail, err := json.Marshal(map[string]any{"channel": m.Channel, "key": m.Key, "solution": m.Solution, "score": score})
	if err != nil {
		detail = nil // cannot happen: texts and a number have a JSON form
	}
	return triage.AuditEntry{At: m.At, Actor: m.By, Action: action, Object: triage.CaseObject(m.Complaint), Detail: string(detail)}
}
