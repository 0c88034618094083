package customer

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// Merge is a person's word that two records are one person.
type Merge struct {
	// From is merged into Into, whose person stands for both from then on.
	From, Into triage.CustomerID
	Reason     string
	By         string
}

// Merge links the persons of two records and returns the record that stands for
// both. Cases, contacts, tasks and exposures stay with their records. Records
// of one person already are CodeConflict.
func (s *Service) Merge(ctx context.Context, m Merge) (triage.CustomerID, error) {
	reason, err := reasonOf(m.Reason)
	if err != nil {
		return "", err
	}
	l := Link{Into: m.Into, By: m.By, At: s.d.Now(), Reason: reason}
	person, err := s.d.Store.Merge(ctx, m.From, l, triage.AuditEntry{
		At: l.At, Actor: m.By, Action: "customer.merge", Object: Object(m.From), Detail: detail("into", string(m.Into), "reason", reason),
	})
	if err != nil {
		return "", err
	}
	return person, s.replan(ctx)
}

// Unmerge takes back the merge of a record: it stands for itself again,
// together with the records that were merged into it, as before. CodeConflict
// when the record was not merged.
func (s *Service) Unmerge(ctx context.Context, id triage.CustomerID, reason, by string) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	err = s.d.Store.Unmerge(ctx, id, triage.AuditEntry{
		At: s.d.Now(), Actor: by, Action: "customer.unmerge", Object: Object(id), Detail: detail("reason", reason),
	})
	if err != nil {
		return err
	}
	return s.replan(ctx)
}

// replan plans what a change has left without a plan. What it does not get to,
// the job does.
func (s *Service) replan(ctx context.Context) error {
	_, err := s.planSome(ctx, planBatch)
	return err
}

// Identify names the customer of a case, because a person knows, and closes the
// tasks that ask for it.
func (s *Service) Identify(ctx context.Context, id triage.ComplaintID, who triage.CustomerID, by string) error {
	person, err := s.Person(ctx, who)
	if err != nil {
		return err
	}
	now := s.d.Now()
	err = s.d.Store.Identify(ctx, id, person.ID, triage.AuditEntry{
		At: now, Actor: by, Action: "case.customer", Object: triage.CaseObject(id), Detail: detail("customer", string(person.ID)),
	})
	if err != nil {
		return err
	}
	open, err := s.d.Store.Tasks(ctx, TaskFilter{Kind: TaskMatch, Case: id}, Page{})
	if err != nil {
		return err
	}
	for _, t := range open.Rows {
		t.Customer = person.ID
		if err := s.complete(ctx, t, "客户 "+string(person.ID), by); err != nil {
			return err
		}
	}
	return nil
}

// maxNote bounds what people write, maxReason what goes into the audit trail, in
// characters.
const (
	maxNote   = 4000
	maxReason = 200
)

// required cleans a text that must not be empty.
func required(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", triage.FieldErrorf(field, "is empty: it is part of the record")
	}
	return text, bounded(field, text, maxNote)
}

// reasonOf cleans the reason of a decision.
func reasonOf(text string) (string, error) {
	text, err := required("reason", text)
	if err != nil {
		return "", err
	}
	return text, bounded("reason", text, maxReason)
}

func bounded(field, text string, limit int) error {
	if utf8.RuneCountInString(text) > limit {
		return &triage.Error{Code: triage.CodeTooLarge, Field: field, Message: "is longer than " + number(int64(limit)) + " characters; shorten it"}
	}
	return nil
}
