package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// inOrder lists the open cases by priority.
func inOrder(t *testing.T, s Store) []triage.ComplaintID {
	t.Helper()
	page, err := s.Queue(t.Context(), triage.QueueFilter{Sort: "priority"})
	check(t, err)
	return ids(page.Cases)
}

// complaintsOf accepts a case of each customer, an hour apart, the first one's
// first in the order of work.
func complaintsOf(t *testing.T, s Store, customers ...triage.CustomerID) {
	t.Helper()
	for i, id := range customers {
		c := simple(i)
		c.CustomerID, c.At = id, start.Add(time.Duration(i)*time.Hour)
		c.Assessment.Urgency.Level = nlp.UrgencyNormal
		c.Work = triage.Work{Tier: triage.TierOrdinary, Version: 1}
		c.Work.PriorityAt = life.PriorityAt(&c)
		accept(t, s, c)
	}
}

var retierTests = map[string]func(*testing.T, Store){
	"the open cases of a person follow the tier": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"}, triage.Customer{ID: "b2"})
		merged(t, s, "b2", "b")
		complaintsOf(t, s, "a", "b", "b2", "b")
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0003", Resolution: "已修复", At: start}))
		up := customer.TierChange{Customer: "b", Tier: triage.TierVIP, Reason: "连续好评", By: "li", At: start}
		check(t, s.Care.SetTier(t.Context(), up, audit("customer.tier")))
		equal(t, "order", inOrder(t, s), []triage.ComplaintID{"c0001", "c0002", "c0000"})
		for id, tier := range map[triage.ComplaintID]triage.Tier{
			"c0000": triage.TierOrdinary, "c0001": triage.TierVIP, "c0002": triage.TierVIP, "c0003": triage.TierOrdinary,
		} {
			c, err := s.Case(t.Context(), id)
			check(t, err)
			equal(t, "tier of "+string(id), c.Work.Tier, tier)
			equal(t, "place of "+string(id), c.Work.PriorityAt, life.PriorityAt(&c))
		}
	},
	"who read a case before can still change it, and the tier stays": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"})
		complaintsOf(t, s, "a")
		read, err := s.Case(t.Context(), "c0000")
		check(t, err)
		up := customer.TierChange{Customer: "a", Tier: triage.TierVIP, Reason: "连续好评", By: "li", At: start}
		check(t, s.Care.SetTier(t.Context(), up, audit("customer.tier")))
		check(t, s.Advance(t.Context(), change(read)))
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "tier", got.Work.Tier, triage.TierVIP)
		equal(t, "place", got.Work.PriorityAt, life.PriorityAt(&got))
	},
	"merging gives the cases the person's tier, and taking it back their own": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"}, triage.Customer{ID: "v", Tier: triage.TierVIP})
		complaintsOf(t, s, "a", "b")
		merged(t, s, "b", "v")
		equal(t, "merged", inOrder(t, s), []triage.ComplaintID{"c0001", "c0000"})
		check(t, s.Care.Unmerge(t.Context(), "b", audit("customer.unmerge")))
		equal(t, "taken back", inOrder(t, s), []triage.ComplaintID{"c0000", "c0001"})
	},
	"a case that gets its customer gets the tier": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "v", Tier: triage.TierVIP}, triage.Customer{ID: "v2"})
		merged(t, s, "v2", "v")
		complaintsOf(t, s, "a", "")
		check(t, s.Care.Identify(t.Context(), "c0001", "v2", audit("case.customer")))
		equal(t, "the person's", inOrder(t, s), []triage.ComplaintID{"c0001", "c0000"})
		check(t, s.Care.Identify(t.Context(), "c0001", "unknown", audit("case.customer")))
		equal(t, "a stranger's", inOrder(t, s), []triage.ComplaintID{"c0000", "c0001"})
	},
	"one key that everybody has leaves room for the others": func(t *testing.T, s Store) {
		crowd := make([]triage.Customer, 50)
		for i := range crowd {
			crowd[i] = triage.Customer{ID: triage.CustomerID("k" + string(rune('A'+i))), Phone: "10086000000"}
		}
		enrol(t, s, append(crowd, triage.Customer{ID: "z", Phone: "19900000001"})...)
		got, err := s.Care.ByAddress(t.Context(), []string{"10086000000", "19900000001"})
		check(t, err)
		equal(t, "of the crowd", len(got["10086000000"]), 10)
		equal(t, "of one", len(got["19900000001"]), 1)
		var orders []triage.Case
		for i := range 50 {
			c := simple(i)
			c.CustomerID, c.OrderID = crowd[i].ID, "D-0"
			orders = append(orders, c)
		}
		orders[49].OrderID = "D-9"
		accept(t, s, orders...)
		by, err := s.Care.ByOrder(t.Context(), []string{"D-0", "D-9"})
		check(t, err)
		equal(t, "in order", slices.IsSorted(by["D-0"]), true)
		equal(t, "of all orders", len(by["D-0"]), 10)
		equal(t, "of one order", by["D-9"], []triage.CustomerID{crowd[49].ID})
	},
}
