package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

var guardTests = map[string]func(*testing.T, Store){
	"customers are suppressed by themselves and by their addresses": func(t *testing.T, s Store) {
		for _, x := range []prevention.Suppression{
			{Customer: "self"}, {Address: "+86 100 0000 0001"}, {Address: "Someone@Example.com"}, {Customer: "both", Address: "10000000002"},
		} {
			x.Reason, x.At = "reply", start
			check(t, s.Suppress(t.Context(), x))
			check(t, s.Suppress(t.Context(), x))
		}
		got, err := s.Suppressed(t.Context(), []triage.Customer{
			{ID: "self"}, {ID: "phone", Phone: "100-0000-0001"}, {ID: "email", Email: "someone@example.com"},
			{ID: "both"}, {ID: "same phone", Phone: "10000000002"}, {ID: "free", Phone: "10000000003", Email: "other@example.com"}, {ID: "none"},
		})
		check(t, err)
		equal(t, "suppressed", got, map[triage.CustomerID]bool{"self": true, "phone": true, "email": true, "both": true, "same phone": true})
	},
	"suppressions are listed in portions": func(t *testing.T, s Store) {
		all := []prevention.Suppression{
			{Address: "10000000001"}, {Customer: "A", Address: "10000000002"}, {Customer: "B"}, {Address: "x@example.com"}, {Customer: "A"},
		}
		for i := range all {
			all[i].Reason, all[i].At, all[i].By = "blocklist", start.Add(time.Duration(i/3)*time.Hour), "bo"
		}
		for _, x := range slices.Backward(all) {
			check(t, s.Suppress(t.Context(), x))
		}
		var got []prevention.Suppression
		for {
			page, err := s.Suppressions(t.Context(), time.Time{}, len(got), 2)
			check(t, err)
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
		}
		equal(t, "list", got, all)
		late, err := s.Suppressions(t.Context(), all[3].At, 1, 10)
		check(t, err)
		equal(t, "of late", late, all[4:])
	},
	"a suppression of nobody is invalid": func(t *testing.T, s Store) {
		code(t, s.Suppress(t.Context(), prevention.Suppression{Address: "  "}), triage.CodeInvalid)
		got, err := s.Suppressed(t.Context(), []triage.Customer{{ID: "A"}, {}})
		check(t, err)
		equal(t, "suppressed", got, map[triage.CustomerID]bool{})
	},
	"contacts count what was sent, is being sent or may have been": func(t *testing.T, s Store) {
		first, second := running(t, s, "K1", "A", "B", "C", "D", "E"), running(t, s, "K2", "A", "F")
		sent(t, s, first, "A", start.Add(time.Hour))
		sent(t, s, second, "A", start.Add(2*time.Hour))
		began(t, s, first, "B")
		n := began(t, s, first, "C")
		n.State = prevention.NoticeUnclear
		settle(t, s, n, true)
		settleAs(t, s, first, "D", prevention.NoticeFailed, "rejected")
		customers := []triage.CustomerID{"A", "A", "B", "C", "D", "E", "F"}
		got, err := s.Contacts(t.Context(), customers, start)
		check(t, err)
		equal(t, "contacts", got, map[triage.CustomerID]int{"A": 2, "B": 1, "C": 1})
		got, err = s.Contacts(t.Context(), customers, start.Add(2*time.Hour))
		check(t, err)
		equal(t, "contacts of late", got, map[triage.CustomerID]int{"A": 1})
	},
	"noticed is who has a notice that was not skipped": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B")
		settleAs(t, s, id, "B", prevention.NoticeSkipped, "cap")
		customers := []triage.CustomerID{"A", "B", "C"}
		got, err := s.Noticed(t.Context(), "cluster:K1", customers)
		check(t, err)
		equal(t, "noticed", got, map[triage.CustomerID]bool{"A": true})
		got, err = s.Noticed(t.Context(), "cluster:K2", customers)
		check(t, err)
		equal(t, "about another cause", got, map[triage.CustomerID]bool{})
	},
	"customers are found by their address": func(t *testing.T, s Store) {
		_, err := s.PutCustomers(t.Context(), []triage.Customer{
			{ID: "a", Phone: "10000000001"}, {ID: "b", Phone: "+8610000000001"}, {ID: "c", Email: "Some@Example.com"}, {ID: "d"},
		})
		check(t, err)
		for address, want := range map[string][]triage.CustomerID{
			"10000000001": {"a", "b"}, "+86 100 0000 0001": {"a", "b"}, "some@example.com": {"c"}, "10000000009": nil, "": nil,
		} {
			got, err := s.CustomersAt(t.Context(), address)
			check(t, err)
			equal(t, address, got, want)
		}
	},
}
