package storetest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// enrol stores customers with nothing but an id, or more.
func enrol(t *testing.T, s Store, list ...triage.Customer) {
	t.Helper()
	_, err := s.PutCustomers(t.Context(), list)
	check(t, err)
}

// merged links two records.
func merged(t *testing.T, s Store, from, into triage.CustomerID) {
	t.Helper()
	_, err := s.Care.Merge(t.Context(), from, customer.Link{Into: into, By: "li", At: start, Reason: "同一人"},
		triage.AuditEntry{At: start, Actor: "li", Action: "customer.merge", Object: customer.Object(from)})
	check(t, err)
}

// recordsOf lists the records of a person, the one that stands for them first.
func recordsOf(t *testing.T, s Store, id triage.CustomerID) string {
	t.Helper()
	records, err := s.Care.Records(t.Context(), id)
	check(t, err)
	var names []string
	for _, r := range records {
		if r.Person != records[0].ID {
			t.Errorf("record %s of %s belongs to %s", r.ID, records[0].ID, r.Person)
		}
		names = append(names, string(r.ID))
	}
	return strings.Join(names, " ")
}

func audit(action string) triage.AuditEntry {
	return triage.AuditEntry{At: start, Actor: "li", Action: action, Object: "customer:test"}
}

var personTests = map[string]func(*testing.T, Store){
	"a merge is taken back exactly, in any order": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"}, triage.Customer{ID: "c"}, triage.Customer{ID: "d"})
		merged(t, s, "a", "b")
		merged(t, s, "b", "c") // a comes with b
		merged(t, s, "d", "a") // into the person of a
		for _, id := range []triage.CustomerID{"a", "b", "c", "d"} {
			equal(t, "person of "+string(id), recordsOf(t, s, id), "c a b d")
		}
		check(t, s.Care.Unmerge(t.Context(), "b", audit("customer.unmerge")))
		equal(t, "b after leaving", recordsOf(t, s, "a"), "b a")
		equal(t, "c after b left", recordsOf(t, s, "d"), "c d")
		check(t, s.Care.Unmerge(t.Context(), "a", audit("customer.unmerge")))
		check(t, s.Care.Unmerge(t.Context(), "d", audit("customer.unmerge")))
		for _, id := range []triage.CustomerID{"a", "b", "c", "d"} {
			equal(t, "person", recordsOf(t, s, id), string(id))
		}
		code(t, s.Care.Unmerge(t.Context(), "a", audit("customer.unmerge")), triage.CodeConflict)
	},
	"one person is not merged again, and nobody is not merged": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"})
		merged(t, s, "a", "b")
		for _, pair := range [][2]triage.CustomerID{{"a", "b"}, {"b", "a"}, {"a", "a"}} {
			_, err := s.Care.Merge(t.Context(), pair[0], customer.Link{Into: pair[1]}, audit("customer.merge"))
			code(t, err, triage.CodeConflict)
		}
		_, err := s.Care.Merge(t.Context(), "a", customer.Link{Into: "nobody"}, audit("customer.merge"))
		code(t, err, triage.CodeNotFound)
		_, err = s.Care.Records(t.Context(), "nobody")
		code(t, err, triage.CodeNotFound)
	},
	"crosswise merges at once make no circle": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"})
		var wg sync.WaitGroup
		for _, pair := range [][2]triage.CustomerID{{"a", "b"}, {"b", "a"}} {
			wg.Go(func() {
				_, err := s.Care.Merge(t.Context(), pair[0], customer.Link{Into: pair[1]}, audit("customer.merge"))
				if got := triage.CodeOf(err); got != "" && got != triage.CodeConflict {
					t.Errorf("got %v", err)
				}
			})
		}
		wg.Wait()
		if got := recordsOf(t, s, "a"); got != "a b" && got != "b a" {
			t.Errorf("person is %q", got)
		}
	},
	"a link says who, when and why, and is in the trail": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"})
		merged(t, s, "a", "b")
		records, err := s.Care.Records(t.Context(), "a")
		check(t, err)
		equal(t, "link", records[1].Link, customer.Link{Into: "b", By: "li", At: start, Reason: "同一人"})
		trail, err := s.Trail(t.Context(), "customer:a")
		check(t, err)
		equal(t, "entries", len(trail), 1)
	},
	"tier and opt-out are those of the person": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a", Tier: triage.TierOrdinary, OptedOut: true}, triage.Customer{ID: "b", Tier: triage.TierVIP},
			triage.Customer{ID: "c", Tier: triage.TierHigh}, triage.Customer{ID: "d", Tier: triage.TierHigh})
		merged(t, s, "a", "b")
		merged(t, s, "c", "b")
		got, err := s.CustomersByID(t.Context(), []triage.CustomerID{"a", "b", "c", "d"})
		check(t, err)
		for id, tier := range map[triage.CustomerID]triage.Tier{"a": triage.TierVIP, "b": triage.TierVIP, "c": triage.TierVIP, "d": triage.TierHigh} {
			equal(t, "tier of "+string(id), got[id].Tier, tier)
			equal(t, "opt-out of "+string(id), got[id].OptedOut, id != "d")
		}
	},
	"a decision on the tier outlives an import": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a", Tier: triage.TierOrdinary})
		up := customer.TierChange{Customer: "a", Tier: triage.TierVIP, Was: triage.TierOrdinary, Reason: "连续好评", By: "li", At: start, Manager: "wang"}
		check(t, s.Care.SetTier(t.Context(), up, audit("customer.tier")))
		code(t, s.Care.SetTier(t.Context(), up, audit("customer.tier")), triage.CodeConflict)
		enrol(t, s, triage.Customer{ID: "a", Tier: triage.TierOrdinary, Region: "广东"})
		got, err := s.Care.ByID(t.Context(), []triage.CustomerID{"a", "nobody"})
		check(t, err)
		equal(t, "tier", got["a"].Tier, triage.TierVIP)
		equal(t, "region", got["a"].Region, "广东")
		equal(t, "care", got["a"].Care, customer.Care{Manager: "wang", TierBy: "li", TierReason: "连续好评", TierAt: start})
		check(t, s.Care.SetManager(t.Context(), "a", "zhao", audit("customer.manager")))
		code(t, s.Care.SetManager(t.Context(), "nobody", "zhao", audit("customer.manager")), triage.CodeNotFound)
	},
	"addresses find records however they are written": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a", Phone: "+86 199-0000-0001", Email: "Li@Example.com"}, triage.Customer{ID: "b", Phone: "19900000001"},
			triage.Customer{ID: "c"}, triage.Customer{ID: "d", Phone: "无"})
		got, err := s.Care.ByAddress(t.Context(), []string{"8619900000001", "199 0000 0001", "li@example.COM", "", "无", "19900000009"})
		check(t, err)
		found := map[string]string{}
		for a, records := range got {
			for _, r := range records {
				found[a] += string(r.ID)
			}
		}
		equal(t, "found", found, map[string]string{"8619900000001": "ab", "199 0000 0001": "ab", "li@example.COM": "a"})
	},
	"an address of everybody gives a few": func(t *testing.T, s Store) {
		var list []triage.Customer
		for i := range 40 {
			list = append(list, triage.Customer{ID: triage.CustomerID(strings.Repeat("k", i+1)), Phone: "19900000000"})
		}
		enrol(t, s, list...)
		got, err := s.Care.ByAddress(t.Context(), []string{"19900000000"})
		check(t, err)
		equal(t, "records", len(got["19900000000"]), 10)
	},
	"orders find the customers of their cases": func(t *testing.T, s Store) {
		a, b, c := simple(0), simple(1), simple(2)
		a.OrderID, a.CustomerID, b.OrderID, b.CustomerID, c.OrderID = "D-1", "k1", "D-1", "k2", "D-2"
		accept(t, s, a, b, c)
		got, err := s.Care.ByOrder(t.Context(), []string{"D-1", "D-2", "D-3"})
		check(t, err)
		equal(t, "customers", got, map[string][]triage.CustomerID{"D-1": {"k1", "k2"}})
	},
	"the list finds whole values only, page by page": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a", Name: "张三", Phone: "19900000001", Region: "广东", Tier: triage.TierHigh},
			triage.Customer{ID: "b", Name: "张三丰", Email: "B@example.com", Region: "广东"}, triage.Customer{ID: "c", Region: "广西"},
			triage.Customer{ID: "d", Region: "广东", Tier: triage.TierHigh})
		for _, test := range []struct {
			f    customer.Filter
			want string
		}{
			{customer.Filter{}, "abcd"}, {customer.Filter{Find: "张三"}, "a"}, {customer.Filter{Find: "+86 19900000001"}, "a"},
			{customer.Filter{Find: "1990000"}, ""}, {customer.Filter{Find: "b@EXAMPLE.com"}, "b"}, {customer.Filter{Find: "c"}, "c"},
			{customer.Filter{Region: "广东"}, "abd"}, {customer.Filter{Tier: triage.TierHigh}, "ad"},
			{customer.Filter{Find: "' OR '1'='1"}, ""}, {customer.Filter{Find: "%"}, ""},
		} {
			var found []string
			for p := (customer.Page{Limit: 1}); ; {
				page, err := s.Care.List(t.Context(), test.f, p)
				check(t, err)
				for _, r := range page.Rows {
					found = append(found, string(r.ID))
				}
				if p.Cursor = page.Next; p.Cursor == "" {
					break
				}
			}
			if got := strings.Join(found, ""); got != test.want {
				t.Errorf("%+v: got %q, want %q", test.f, got, test.want)
			}
		}
	},
	"a case gets its customer": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		before, err := s.LastChange(t.Context())
		check(t, err)
		check(t, s.Care.Identify(t.Context(), "c0000", "k1", audit("case.customer")))
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "customer", got.CustomerID, triage.CustomerID("k1"))
		after, err := s.LastChange(t.Context())
		check(t, err)
		equal(t, "changes", after-before, int64(1))
		code(t, s.Care.Identify(t.Context(), "nobody", "k1", audit("case.customer")), triage.CodeNotFound)
	},
	"a customer whom only cases name can be looked after": func(t *testing.T, s Store) {
		k := simple(0)
		k.CustomerID = "k1"
		accept(t, s, k)
		equal(t, "person", recordsOf(t, s, "k1"), "k1")
		check(t, s.Care.SetManager(t.Context(), "k1", "zhao", audit("customer.manager")))
		got, err := s.Care.ByID(t.Context(), []triage.CustomerID{"k1"})
		check(t, err)
		equal(t, "manager", got["k1"].Care.Manager, "zhao")
	},
	"cases, exposures and figures are over all records, latest first": func(t *testing.T, s Store) {
		var cases []triage.Case
		for i := range 5 {
			k := simple(i)
			k.CustomerID = []triage.CustomerID{"a", "b"}[i%2]
			cases = append(cases, k)
		}
		cases[4].Status, cases[4].Satisfaction, cases[4].ClosedAt = triage.StatusClosed, new(70.0), start.Add(time.Hour)
		cases[3].Satisfaction = new(90.0)
		accept(t, s, cases...)
		put(t, s, contact("a", "x", 1, nil), contact("b", "y", 2, nil), contact("b", "z", 2, nil), contact("a", "w", 3, nil), contact("c", "x", 9, nil))
		both := []triage.CustomerID{"a", "b"}
		var seen []triage.ComplaintID
		for p := (customer.Page{Limit: 2}); ; {
			page, err := s.Care.CasesOf(t.Context(), both, p)
			check(t, err)
			seen = append(seen, ids(page.Rows)...)
			if p.Cursor = page.Next; p.Cursor == "" {
				break
			}
		}
		equal(t, "cases", seen, []triage.ComplaintID{"c0004", "c0003", "c0002", "c0001", "c0000"})
		var keys []string
		for p := (customer.Page{Limit: 2}); ; {
			page, err := s.Care.LatestExposures(t.Context(), both, p)
			check(t, err)
			for _, e := range page.Rows {
				keys = append(keys, e.Key)
			}
			if p.Cursor = page.Next; p.Cursor == "" {
				break
			}
		}
		equal(t, "exposures", strings.Join(keys, ""), "wyzx")
		f, err := s.Care.Figures(t.Context(), both, cases[1].At)
		check(t, err)
		equal(t, "figures", f, customer.Figures{Complaints: 4, Open: 4, Satisfaction: new(80.0), Scored: 2})
		scores, err := s.Care.Scores(t.Context(), both, 1)
		check(t, err)
		equal(t, "latest score", scores, []customer.Score{{Case: "c0004", Customer: "a", Score: 70, At: start.Add(time.Hour)}})
	},
}
