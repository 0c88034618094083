package customer_test

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

func TestContactPlan(t *testing.T) {
	t.Parallel()
	midnight := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, shanghai) }
	for _, test := range []struct {
		name      string
		tier      triage.Tier
		now       time.Time
		contacted time.Time
		want      time.Time
	}{
		{"high, never contacted", triage.TierHigh, day(time.May, 11), time.Time{}, midnight(time.June, 1)},
		{"VIP, contacted this month", triage.TierVIP, day(time.May, 11), day(time.May, 1), midnight(time.July, 1)},
		{"VIP, contacted on the last evening", triage.TierVIP, day(time.May, 11), time.Date(2026, 4, 30, 23, 59, 0, 0, shanghai), midnight(time.June, 1)},
		{"high, contacted two months ago: late", triage.TierHigh, day(time.May, 11), day(time.March, 9), midnight(time.May, 1)},
		{"potential, first half", triage.TierPotential, day(time.May, 11), time.Time{}, midnight(time.May, 16)},
		{"potential, second half", triage.TierPotential, day(time.May, 16), time.Time{}, midnight(time.July, 1)},
		{"potential, contacted in the first half", triage.TierPotential, day(time.May, 11), day(time.April, 2), midnight(time.July, 1)},
		{"potential, contacted in the second half", triage.TierPotential, day(time.June, 11), day(time.June, 2), time.Date(2026, 8, 16, 0, 0, 0, 0, shanghai)},
		{"ordinary, never contacted", triage.TierOrdinary, day(time.May, 11), time.Time{}, midnight(time.July, 1)},
		{"ordinary, contacted last December", triage.TierOrdinary, day(time.May, 11), time.Date(2025, 12, 31, 9, 0, 0, 0, shanghai), midnight(time.April, 1)},
		{"without a tier", "", day(time.May, 11), day(time.April, 1), midnight(time.October, 1)},
		{"a tier nobody knows", "gold", day(time.December, 11), time.Time{}, time.Date(2027, 1, 1, 0, 0, 0, 0, shanghai)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.now = test.now
			w.enrol(t, triage.Customer{ID: "k", Tier: test.tier, Phone: "1"})
			if !test.contacted.IsZero() {
				_, err := w.LogContact(t.Context(), customer.Contact{Customer: "k", At: test.contacted, Channel: triage.ChannelHotline, Content: "回访", By: "li"})
				check(t, err)
			}
			for _, want := range []int{1, 0} {
				n, err := w.Plan(t.Context())
				check(t, err)
				if n != want {
					t.Errorf("planned %d, want %d", n, want)
				}
			}
			r, err := w.Person(t.Context(), "k")
			check(t, err)
			if !r.Care.DueAt.Equal(test.want) {
				t.Errorf("due at %s, want %s", r.Care.DueAt.In(shanghai), test.want)
			}
		})
	}
}

func TestContactsFulfilThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrol(t, triage.Customer{ID: "a", Tier: triage.TierHigh, Phone: "1"}, triage.Customer{ID: "b", Tier: triage.TierHigh, Phone: "2"},
		triage.Customer{ID: "c", Tier: triage.TierHigh, Phone: "3"})
	n, err := w.Plan(t.Context())
	check(t, err)
	if n != 3 {
		t.Fatalf("planned %d, want 3", n)
	}
	_, err = w.Merge(t.Context(), customer.Merge{From: "b", Into: "a", Reason: "同一人", By: "li"})
	check(t, err)
	due := func() (list string) {
		page, err := w.Due(t.Context(), customer.DueFilter{Until: day(time.June, 2)}, customer.Page{})
		check(t, err)
		for _, r := range page.Rows {
			list += string(r.ID)
		}
		return list
	}
	if got := due(); got != "ac" {
		t.Fatalf("due are %q, want ac", got)
	}
	logged, err := w.LogContact(t.Context(), customer.Contact{Customer: "b", Channel: triage.ChannelCounter, Content: " 到店拜访 ", Feedback: "满意", By: "li"})
	check(t, err)
	if logged.Customer != "a" || !logged.At.Equal(w.now) || logged.Content != "到店拜访" {
		t.Errorf("logged %+v", logged)
	}
	if got := due(); got != "c" {
		t.Errorf("due after the contact are %q, want c", got)
	}
	check(t, w.Unmerge(t.Context(), "b", "弄错了", "li"))
	if got := due(); got != "bc" { // the contact was with a
		t.Errorf("due after parting are %q, want bc", got)
	}
	for field, c := range map[string]customer.Contact{
		"content": {Customer: "a", Channel: triage.ChannelApp}, "channel": {Customer: "a", Content: "x", Channel: "pigeon"},
		"at": {Customer: "a", Content: "x", Channel: triage.ChannelApp, At: w.now.Add(time.Second)},
	} {
		_, err := w.LogContact(t.Context(), c)
		wantCode(t, err, triage.CodeInvalid)
		if fieldOf(err) != field {
			t.Errorf("got %v, want field %s", err, field)
		}
	}
	_, err = w.LogContact(t.Context(), customer.Contact{Customer: "nobody", Channel: triage.ChannelApp, Content: "x"})
	wantCode(t, err, triage.CodeNotFound)
}
