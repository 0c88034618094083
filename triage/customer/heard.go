package customer

import (
	"context"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// heardTitles are of what was heard on cases that nobody works on.
var heardTitles = map[triage.Status]string{
	triage.StatusWithdrawn: "客户在已撤回的投诉上留言，请联系",
	triage.StatusMerged:    "客户在已并入其他客户投诉的案件上留言，请联系",
}

// Heard opens the task of answering what a customer said about a case that
// nobody works on any more, so that a person sees it: one task for each key, and
// one open at a time for a case.
func (s *Service) Heard(ctx context.Context, c *triage.Case, key string) error {
	person, err := s.personOf(ctx, c)
	if err != nil {
		return err
	}
	title, known := heardTitles[c.Status]
	if !known {
		title = "客户留言，请联系"
	}
	t := Task{
		Kind: TaskCallBack, Customer: person.ID, Case: c.ID, Title: title, CreatedBy: systemActor, CreatedAt: s.d.Now(), Key: "heard:" + key,
	}
	t.DueAt = s.d.Calendar.AddDays(t.CreatedAt, s.d.Policy.CallBackDays)
	if t.Owner, t.Department, err = s.owner(ctx, &Care{Manager: c.Work.Owner}, c); err != nil {
		return err
	}
	_, err = s.open(ctx, t)
	return err
}

// Same says whether two cases are surely of one customer: of one person, or with
// the same phone or e-mail address.
func (s *Service) Same(ctx context.Context, a, b *triage.Case) (bool, error) {
	if a.ID == b.ID || sameAttr(a, b, attrPhone, phoneDigits) || sameAttr(a, b, attrEmail, strings.ToLower) {
		return true, nil
	}
	if a.CustomerID == "" || b.CustomerID == "" || a.CustomerID == b.CustomerID {
		return a.CustomerID != "" && a.CustomerID == b.CustomerID, nil
	}
	first, err := s.personOf(ctx, a)
	if err != nil {
		return false, err
	}
	second, err := s.personOf(ctx, b)
	return first.ID == second.ID, err
}

// sameAttr says whether two cases have an attribute, and the same.
func sameAttr(a, b *triage.Case, name string, plain func(string) string) bool {
	x := plain(text(a.Attrs, name))
	return x != "" && x == plain(text(b.Attrs, name))
}

// phoneDigits are the digits of a phone, without the country code of China.
func phoneDigits(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if len(digits) == len("8613800138000") && strings.HasPrefix(digits, "861") {
		return digits[len("86"):]
	}
	return digits
}
