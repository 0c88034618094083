package triage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

// recogniser knows customers by the attribute phone.
type recogniser struct {
	known    map[string]triage.Matched
	asked    int
	doubted  []triage.ComplaintID
	err      error
	doubtErr error
}

func (r *recogniser) Match(_ context.Context, cases []triage.Case) ([]triage.Matched, error) {
	r.asked++
	matched := make([]triage.Matched, len(cases))
	for i := range cases {
		phone, _ := cases[i].Attrs["phone"].(string)
		matched[i] = r.known[phone]
	}
	return matched, r.err
}

func (r *recogniser) Doubt(_ context.Context, cases []triage.Case) error {
	for i := range cases {
		r.doubted = append(r.doubted, cases[i].ID)
	}
	return r.doubtErr
}

// from is a complaint that names no customer but a phone.
func from(id, phone string) triage.Complaint {
	c := complaint(id, "多扣费了")
	c.CustomerID, c.Attrs = "", map[string]any{"phone": phone}
	return c
}

func newMatching(t *testing.T) (*desk, *recogniser) {
	t.Helper()
	d := newDesk(t)
	r := &recogniser{known: map[string]triage.Matched{"1": {Customer: "K-1", Basis: "phone"}, "2": {Doubt: true}}}
	d.deps.Matcher = r
	d.Service = triage.New(d.deps)
	return d, r
}

func TestCustomersAreRecognised(t *testing.T) {
	t.Parallel()
	t.Run("and their repeats linked", func(t *testing.T) {
		t.Parallel()
		d, r := newMatching(t)
		first := complaint("a", "多扣费了")
		mine := from("b", "1")
		got := d.submit(t, first, mine, from("c", "2"), from("d", "3"))
		var customers []triage.CustomerID
		for _, g := range got {
			customers = append(customers, g.Case.CustomerID)
		}
		if diff := cmp.Diff([]triage.CustomerID{"K-1", "K-1", "", ""}, customers); diff != "" {
			t.Errorf("customers (-want +got)\n%s", diff)
		}
		if got[1].Case.Predecessor != "a" || got[1].Case.Attrs[triage.AttrMatchedBy] != "phone" {
			t.Errorf("case %+v", got[1].Case.Complaint)
		}
		if len(mine.Attrs) != 1 {
			t.Errorf("the caller's attributes became %v", mine.Attrs)
		}
		if diff := cmp.Diff([]triage.ComplaintID{"c"}, r.doubted); diff != "" || r.asked != 1 {
			t.Errorf("asked %d times, doubted (-want +got)\n%s", r.asked, diff)
		}
	})
	t.Run("a duplicate raises no doubt, a named customer is not looked for", func(t *testing.T) {
		t.Parallel()
		d, r := newMatching(t)
		d.submit(t, from("c", "2"))
		d.submit(t, from("c", "2"))
		d.submit(t, complaint("a", "多扣费了"))
		if len(r.doubted) != 1 || r.asked != 2 {
			t.Errorf("doubted %v, asked %d times", r.doubted, r.asked)
		}
	})
	t.Run("a failure does not stop intake", func(t *testing.T) {
		t.Parallel()
		d, r := newMatching(t)
		r.doubtErr = errors.New("no tasks today")
		d.submit(t, from("c", "2"))
		r.err = errors.New("directory is gone")
		got := d.submit(t, from("b", "1"))
		if got[0].Case.CustomerID != "" || got[0].Duplicate {
			t.Errorf("receipt %+v", got[0])
		}
		for _, want := range []string{"no tasks today", "directory is gone"} {
			if !strings.Contains(d.log.String(), want) {
				t.Errorf("log has no %q: %s", want, d.log)
			}
		}
	})
}
