package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/privacy"
)

// person stores one customer with a closed case and a purchase.
func person(t *testing.T, s Store) {
	t.Helper()
	accept(t, s, full())
	_, err := s.PutCustomers(t.Context(), []triage.Customer{{ID: "K-7", Name: "王小明", Phone: "13800138000", Email: "w@example.com", Tier: triage.TierHigh}})
	check(t, err)
	_, err = s.PutExposures(t.Context(), []triage.Exposure{
		{CustomerID: "K-7", Kind: "purchase", Key: "宽带", At: start, Attrs: map[string]any{"address": "某路1号"}},
		{CustomerID: "K-8", Kind: "purchase", Key: "宽带", At: start},
	})
	check(t, err)
	check(t, s.Suppress(t.Context(), prevention.Suppression{Customer: "K-7", Address: "13800138000", Reason: "asked", At: start}))
}

func exported(t *testing.T, s Store, id triage.CustomerID) map[string]int {
	t.Helper()
	rows := map[string]int{}
	check(t, s.ExportPerson(t.Context(), []triage.CustomerID{id}, func(table string, row map[string]any) error {
		if len(row) == 0 {
			t.Errorf("a row of %s is empty", table)
		}
		rows[table]++
		return nil
	}))
	return rows
}

var privacyTests = map[string]func(*testing.T, Store){
	"an export has every row of the person and of nobody else": func(t *testing.T, s Store) {
		person(t, s)
		equal(t, "rows", exported(t, s, "K-7"), map[string]int{"cases": 1, "customers": 1, "exposures": 1, "suppressions": 1})
		equal(t, "rows of the other", exported(t, s, "K-8"), map[string]int{"exposures": 1})
	},
	"erasing takes the words and keeps what is counted": func(t *testing.T, s Store) {
		person(t, s)
		check(t, s.AddFollowCode(t.Context(), "h1", "T-2026-0001", start))
		before, err := s.LastChange(t.Context())
		check(t, err)
		erased, err := s.ErasePerson(t.Context(), []triage.CustomerID{"K-7"}, "erased-1", triage.AuditEntry{At: start, Actor: "li", Action: "person.erase", Object: "customer:K-7"})
		check(t, err)
		equal(t, "erased", erased, privacy.Erased{"cases": 1, "customers": 1, "exposures": 1, "follow_codes": 1, "suppressions": 1})
		_, err = s.FollowedCase(t.Context(), "h1")
		code(t, err, triage.CodeNotFound)
		got, err := s.Case(t.Context(), "T-2026-0001")
		check(t, err)
		want := full()
		equal(t, "what is left in words", []string{got.Title, got.Text, got.OrderID, got.Resolution}, []string{"", "", "", ""})
		equal(t, "facts, entities and reasons", len(got.Attrs)+len(got.Assessment.Entities)+len(got.Assessment.Reasons)+len(got.Assessment.Urgency.Reasons), 0)
		equal(t, "customer", got.CustomerID, triage.CustomerID("erased-1.1"))
		equal(t, "type", got.Type, want.Type)
		equal(t, "score", *got.Satisfaction, *want.Satisfaction)
		equal(t, "rows under the old id", exported(t, s, "K-7"), map[string]int{})
		if after, err := s.LastChange(t.Context()); err != nil || after <= before {
			t.Errorf("change number %d after %d (%v): the search index would keep the words", after, before, err)
		}
		trail, err := s.Trail(t.Context(), "customer:K-7")
		check(t, err)
		equal(t, "trail", len(trail), 1)
	},
	"what was read before an erasure cannot be stored after it": eraseBetween,
	"nobody is erased while a case is open": func(t *testing.T, s Store) {
		person(t, s)
		open := simple(1)
		open.CustomerID = "K-7"
		accept(t, s, open)
		_, err := s.ErasePerson(t.Context(), []triage.CustomerID{"K-7"}, "erased-1", triage.AuditEntry{At: start, Object: "customer:K-7"})
		code(t, err, triage.CodeConflict)
		equal(t, "rows", exported(t, s, "K-7")["customers"], 1)
	},
	"nobody to erase is not found": func(t *testing.T, s Store) {
		_, err := s.ErasePerson(t.Context(), []triage.CustomerID{"nobody"}, "erased-1", triage.AuditEntry{At: start})
		code(t, err, triage.CodeNotFound)
	},
	"cases forget after their time, open ones never": func(t *testing.T, s Store) {
		accept(t, s, full(), simple(1))
		end := full().ClosedAt
		n, err := s.ForgetCases(t.Context(), end, 10)
		check(t, err)
		equal(t, "forgotten on the day", n, 0)
		n, err = s.ForgetCases(t.Context(), end.Add(time.Second), 10)
		check(t, err)
		equal(t, "forgotten", n, 1)
		n, err = s.ForgetCases(t.Context(), end.Add(time.Second), 10)
		check(t, err)
		equal(t, "forgotten again", n, 0)
		got, err := s.Cases(t.Context(), []triage.ComplaintID{"T-2026-0001", "c0001"})
		check(t, err)
		equal(t, "texts", []string{got[0].Text, got[1].Text}, []string{"", simple(1).Text})
		equal(t, "customer", got[0].CustomerID, full().CustomerID)
	},
	"old exposures are deleted, in portions": func(t *testing.T, s Store) {
		person(t, s)
		n, err := s.ForgetExposures(t.Context(), start.Add(time.Second), 1)
		check(t, err)
		equal(t, "first portion", n, 1)
		n, err = s.ForgetExposures(t.Context(), start.Add(time.Second), 5)
		check(t, err)
		equal(t, "the rest", n, 1)
	},
}

func eraseBetween(t *testing.T, s Store) {
	k := full()
	k.Type, k.Subtype = "", "" // nobody has labelled it
	accept(t, s, k)
	before, err := s.Case(t.Context(), k.ID)
	check(t, err)
	_, err = s.ErasePerson(t.Context(), []triage.CustomerID{"K-7"}, "erased-1", triage.AuditEntry{At: start, Object: "customer:K-7"})
	check(t, err)
	before.Resolution = "王小明已签收"
	code(t, s.Advance(t.Context(), life.Change{Case: before, Step: life.Step{Case: k.ID}}), triage.CodeConflict)
	o := opinion(k.ID, "billing", cascade.VerdictDiffers)
	o.Seen = before.Work.Version
	code(t, s.PutOpinion(t.Context(), o, &before.Assessment), triage.CodeConflict)
	after, err := s.Case(t.Context(), k.ID)
	check(t, err)
	equal(t, "what came back", len(after.Assessment.Entities)+len(after.Assessment.Reasons)+len(after.Resolution), 0)
}
