package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// spoke is an entry of the contact log, so many days after the start.
func spoke(id triage.CustomerID, days int) customer.Contact {
	return customer.Contact{
		Customer: id, At: start.AddDate(0, 0, days), People: "李、张总", Channel: triage.ChannelHotline, Content: "例行联系", Feedback: "满意", By: "li",
	}
}

// log stores a contact whose next one is due a month later.
func log(t *testing.T, s Store, k customer.Contact) {
	t.Helper()
	_, err := s.Care.AddContact(t.Context(), k, k.At.AddDate(0, 1, 0), audit("customer.contact"))
	check(t, err)
}

// planAll gives all that have no plan the time.
func planAll(t *testing.T, s Store, due time.Time) (planned int) {
	t.Helper()
	list, err := s.Care.Unplanned(t.Context(), 100)
	check(t, err)
	for i := range list {
		list[i].Care.DueAt = due
	}
	check(t, s.Care.Plan(t.Context(), list))
	return len(list)
}

// due lists the ids of the due list, page by page.
func due(t *testing.T, s Store, f customer.DueFilter) string {
	t.Helper()
	var list []string
	for p := (customer.Page{Limit: 1}); ; {
		page, err := s.Care.DueContacts(t.Context(), f, p)
		check(t, err)
		for _, r := range page.Rows {
			list = append(list, string(r.ID))
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			return strings.Join(list, " ")
		}
	}
}

var contactPlanTests = map[string]func(*testing.T, Store){
	"the contact log is over all records, latest first, page by page": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"})
		want := []customer.Contact{spoke("a", 3), spoke("b", 2), spoke("b", 2), spoke("a", 1)}
		for i := range want {
			log(t, s, want[len(want)-1-i])
			want[len(want)-1-i].ID = int64(i + 1)
		}
		var got []customer.Contact
		for p := (customer.Page{Limit: 2}); ; {
			page, err := s.Care.Contacts(t.Context(), []triage.CustomerID{"a", "b"}, p)
			check(t, err)
			got = append(got, page.Rows...)
			if p.Cursor = page.Next; p.Cursor == "" {
				break
			}
		}
		equal(t, "log", got, want)
		_, err := s.Care.AddContact(t.Context(), spoke("nobody", 1), start, audit("customer.contact"))
		code(t, err, triage.CodeNotFound)
		trail, err := s.Trail(t.Context(), "customer:test")
		check(t, err)
		equal(t, "entries", len(trail), 4)
	},
	"a contact moves the plan forward, never back": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"})
		equal(t, "planned", planAll(t, s, start), 1)
		log(t, s, spoke("a", 5))
		log(t, s, spoke("a", 2))
		got, err := s.Care.ByID(t.Context(), []triage.CustomerID{"a"})
		check(t, err)
		equal(t, "contacted", got["a"].Care.ContactedAt, spoke("a", 5).At)
		equal(t, "due", got["a"].Care.DueAt, spoke("a", 5).At.AddDate(0, 1, 0))
	},
	"a contact while a plan is made is not lost": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"})
		list, err := s.Care.Unplanned(t.Context(), 100)
		check(t, err)
		log(t, s, spoke("a", 5))
		check(t, s.Care.Plan(t.Context(), list))
		got, err := s.Care.ByID(t.Context(), []triage.CustomerID{"a"})
		check(t, err)
		equal(t, "contacted", got["a"].Care.ContactedAt, spoke("a", 5).At)
		equal(t, "planned next time", planAll(t, s, start), 1)
		equal(t, "planned again", planAll(t, s, start), 0)
	},
	"each person is planned once for a tier": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a", Tier: triage.TierHigh}, triage.Customer{ID: "b"}, triage.Customer{ID: "c"})
		log(t, s, spoke("b", 4))
		merged(t, s, "b", "c")
		list, err := s.Care.Unplanned(t.Context(), 1)
		check(t, err)
		equal(t, "limit", len(list), 1)
		list, err = s.Care.Unplanned(t.Context(), 100)
		check(t, err)
		equal(t, "unplanned", fmt.Sprint(list[0].ID, list[1].ID, len(list)), "ac2")
		equal(t, "contact of a linked record", list[1].Care.ContactedAt, spoke("b", 4).At)
		equal(t, "planned", planAll(t, s, start), 2)
		equal(t, "planned again", planAll(t, s, start), 0)
		enrol(t, s, triage.Customer{ID: "a", Tier: triage.TierPotential})
		equal(t, "planned after an import with another tier", planAll(t, s, start), 1)
		check(t, s.Care.Unmerge(t.Context(), "b", audit("customer.unmerge")))
		list, err = s.Care.Unplanned(t.Context(), 100)
		check(t, err)
		equal(t, "unplanned after parting", len(list), 2)
		equal(t, "contact of b", list[0].Care.ContactedAt, spoke("b", 4).At)
		equal(t, "contact of c", list[1].Care.ContactedAt, time.Time{})
	},
	"the due list is in order and keeps apart whom nobody may contact": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a", Phone: "1", Tier: triage.TierHigh}, triage.Customer{ID: "b", Email: "b@example.com"}, triage.Customer{ID: "c", Phone: "3"},
			triage.Customer{ID: "none"}, triage.Customer{ID: "out", Phone: "4", OptedOut: true}, triage.Customer{ID: "twin", OptedOut: true},
			triage.Customer{ID: "later", Phone: "5"}, triage.Customer{ID: "of twin", Phone: "6"}, triage.Customer{ID: "never", Phone: "7"})
		merged(t, s, "twin", "of twin")
		list, err := s.Care.Unplanned(t.Context(), 100)
		check(t, err)
		for i, r := range list {
			list[i].Care.DueAt = start.AddDate(0, 0, map[triage.CustomerID]int{"c": -1, "later": 9}[r.ID])
			if r.ID == "never" {
				list[i].Care.DueAt = time.Time{}
			}
		}
		check(t, s.Care.Plan(t.Context(), list))
		check(t, s.Care.SetManager(t.Context(), "b", "li", audit("customer.manager")))
		until := start.AddDate(0, 0, 1)
		for _, test := range []struct {
			f    customer.DueFilter
			want string
		}{
			{customer.DueFilter{Until: until}, "c a b"}, {customer.DueFilter{}, "c a b later"},
			{customer.DueFilter{Until: until, Tier: triage.TierHigh}, "a"}, {customer.DueFilter{Until: until, Manager: "li"}, "b"},
			{customer.DueFilter{Until: until, Reach: customer.NoAddress}, "none"},
			{customer.DueFilter{Until: until, Reach: customer.OptedOut}, "of twin out"},
		} {
			if got := due(t, s, test.f); got != test.want {
				t.Errorf("%+v: got %q, want %q", test.f, got, test.want)
			}
		}
		_, err = s.Care.DueContacts(t.Context(), customer.DueFilter{Reach: "somehow"}, customer.Page{})
		code(t, err, triage.CodeInvalid)
		_, err = s.Care.DueContacts(t.Context(), customer.DueFilter{}, customer.Page{Cursor: "x"})
		code(t, err, triage.CodeInvalid)
	},
}
