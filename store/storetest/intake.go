package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

// intakePorts are the roles of the store in taking complaints in.
type intakePorts interface {
	mailbox.Ledger
	// The codes of the public pages; their package lies above the store.
	AddFollowCode(ctx context.Context, hash string, id triage.ComplaintID, at time.Time) error
	FollowedCase(ctx context.Context, hash string) (triage.ComplaintID, error)
}

func lastMail(t *testing.T, s Store, box string, validity, want uint32) {
	t.Helper()
	got, err := s.LastMail(t.Context(), box, validity)
	check(t, err)
	equal(t, "last mail", got, want)
}

var intakeTests = map[string]func(*testing.T, Store){
	"mails are counted by box and validity": func(t *testing.T, s Store) {
		lastMail(t, s, "service", 1, 0)
		for _, e := range []mailbox.Entry{
			{Box: "service", Validity: 1, UID: 7, Outcome: mailbox.Ignored, Reason: "bounce", At: start},
			{Box: "service", Validity: 1, UID: 3, Outcome: mailbox.Ignored, Reason: "own", At: start},
			{Box: "service", Validity: 4294967295, UID: 4294967295, Outcome: mailbox.Ignored, At: start},
			{Box: "vip", Validity: 1, UID: 9, Outcome: mailbox.Ignored, At: start},
		} {
			check(t, s.RecordMail(t.Context(), e))
		}
		lastMail(t, s, "service", 1, 7)
		lastMail(t, s, "service", 2, 0)
		lastMail(t, s, "service", 4294967295, 4294967295)
		lastMail(t, s, "vip", 1, 9)
	},
	"a mail that is marked stays as it is": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		e := mailbox.Entry{Box: "service", Validity: 1, UID: 7, Message: "m1", Outcome: mailbox.Complaint, Case: "c0000", At: start}
		check(t, s.RecordMail(t.Context(), e))
		e.Case, e.Outcome = "c0001", mailbox.Message
		check(t, s.RecordMail(t.Context(), e))
		got, err := s.MailCases(t.Context(), []string{"m1"})
		check(t, err)
		equal(t, "cases", got, map[string]triage.ComplaintID{"m1": "c0000"})
	},
	"a mail is known by its key": func(t *testing.T, s Store) {
		for i, id := range []triage.ComplaintID{"", "c0000", "c0000"} {
			e := mailbox.Entry{Box: "a", Validity: 1, UID: uint32(i + 1), Key: fmt.Sprintf("k%d", min(i, 1)), Outcome: mailbox.Complaint, Case: id, At: start}
			check(t, s.RecordMail(t.Context(), e))
		}
		for key, want := range map[string]triage.ComplaintID{"k0": "", "k1": "c0000"} {
			id, found, err := s.TakenMail(t.Context(), key)
			check(t, err)
			equal(t, key, []any{id, found}, []any{want, true})
		}
		_, found, err := s.TakenMail(t.Context(), "k2")
		check(t, err)
		equal(t, "found", found, false)
	},
	"mails without a case or an id are no thread": func(t *testing.T, s Store) {
		check(t, s.RecordMail(t.Context(), mailbox.Entry{Box: "a", Validity: 1, UID: 1, Message: "m1", Outcome: mailbox.Ignored, At: start}))
		check(t, s.RecordMail(t.Context(), mailbox.Entry{Box: "a", Validity: 1, UID: 2, Outcome: mailbox.Complaint, Case: "c0000", At: start}))
		got, err := s.MailCases(t.Context(), []string{"m1", "", "unknown"})
		check(t, err)
		equal(t, "cases", got, map[string]triage.ComplaintID{})
	},
	"letters lead to their case": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		for _, m := range []reply.Message{
			{Complaint: "c0001", Direction: reply.Out, Channel: "smtp", Text: "您好", By: "ann", At: start, Key: "R1"},
			{Complaint: "c0000", Direction: reply.In, Channel: "email", Text: "你好", By: "customer", At: start, Key: "mail-1"},
			{Complaint: "c0000", Direction: reply.Out, Channel: reply.Spoken, Text: "说过了", By: "ann", At: start},
		} {
			_, err := s.AddMessage(t.Context(), m, triage.AuditEntry{At: start, Actor: m.By, Action: "reply", Object: triage.CaseObject(m.Complaint)})
			check(t, err)
		}
		got, err := s.LetterCases(t.Context(), []string{"R1", "mail-1", "", "R2"})
		check(t, err)
		equal(t, "cases", got, map[string]triage.ComplaintID{"R1": "c0001"})
	},
	"letters of surveys lead to the case they ask about": func(t *testing.T, s Store) {
		accept(t, s, many(1)...)
		v := asked(t, s, question("c0000"))
		key := fmt.Sprintf("survey-%d-1", v.ID)
		got, err := s.LetterCases(t.Context(), []string{key, "survey-999999999999999999-1", "survey-1", "survey-x-1"})
		check(t, err)
		equal(t, "cases", got, map[string]triage.ComplaintID{key: "c0000"})
	},
	"a code leads to its case": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		for range 2 { // a form that is sent twice
			check(t, s.AddFollowCode(t.Context(), "h1", "c0000", start))
			check(t, s.AddFollowCode(t.Context(), "h2", "c0000", start.Add(time.Hour)))
		}
		code(t, s.AddFollowCode(t.Context(), "h1", "c0001", start), triage.CodeConflict)
		code(t, s.AddFollowCode(t.Context(), "h3", "c9999", start), triage.CodeNotFound)
		for hash, want := range map[string]triage.Code{"h1": "", "h2": "", "h3": triage.CodeNotFound, "": triage.CodeNotFound} {
			id, err := s.FollowedCase(t.Context(), hash)
			code(t, err, want)
			if want == "" {
				equal(t, "case", id, triage.ComplaintID("c0000"))
			}
		}
	},
}
