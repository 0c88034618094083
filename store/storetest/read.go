package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

var readTests = map[string]func(*testing.T, Store){
	"an unknown case is not found": func(t *testing.T, s Store) {
		_, err := s.Case(t.Context(), "nobody")
		code(t, err, triage.CodeNotFound)
	},
	"cases come in the order asked, without the unknown": func(t *testing.T, s Store) {
		accept(t, s, many(3)...)
		got, err := s.Cases(t.Context(), []triage.ComplaintID{"c0002", "nobody", "c0000", "c0002"})
		check(t, err)
		equal(t, "ids", ids(got), []triage.ComplaintID{"c0002", "c0000", "c0002"})
		none, err := s.Cases(t.Context(), nil)
		check(t, err)
		equal(t, "no ids", none, []triage.Case{})
	},
	"recent cases are the customer's, in the range, latest first": func(t *testing.T, s Store) {
		cases := many(6)
		for i := range cases {
			cases[i].CustomerID = "K-1"
		}
		cases[2].CustomerID = "K-2"
		accept(t, s, cases...)
		got, err := s.Recent(t.Context(), triage.RecentQuery{Customer: "K-1", Since: cases[1].At, Before: cases[5].At, Limit: 10})
		check(t, err)
		equal(t, "ids", ids(got), []triage.ComplaintID{"c0004", "c0003", "c0001"})
		got, err = s.Recent(t.Context(), triage.RecentQuery{Customer: "K-1", Before: cases[5].At, Limit: 2})
		check(t, err)
		equal(t, "two without a lower bound", ids(got), []triage.ComplaintID{"c0004", "c0003"})
	},
	"a complaint without a time counts as of its receipt": func(t *testing.T, s Store) {
		c := simple(0)
		c.CustomerID, c.At = "K-1", time.Time{}
		accept(t, s, c)
		got, err := s.Recent(t.Context(), triage.RecentQuery{Customer: "K-1", Since: c.ReceivedAt, Before: c.ReceivedAt.Add(1e9), Limit: 1})
		check(t, err)
		equal(t, "ids", ids(got), []triage.ComplaintID{c.ID})
	},
	"of many customers those with a case are known": func(t *testing.T, s Store) {
		cases := many(3)
		cases[0].CustomerID, cases[1].CustomerID = "K-1", "K-2"
		accept(t, s, cases...)
		got, err := s.KnownCustomers(t.Context(), []triage.CustomerID{"K-1", "K-1", "K-3", "K-2"})
		check(t, err)
		equal(t, "known", got, map[triage.CustomerID]bool{"K-1": true, "K-2": true})
		got, err = s.KnownCustomers(t.Context(), nil)
		check(t, err)
		equal(t, "none asked", got, map[triage.CustomerID]bool{})
	},
	"nobody has no recent cases": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		got, err := s.Recent(t.Context(), triage.RecentQuery{Before: start.Add(time.Hour), Limit: 9})
		check(t, err)
		equal(t, "cases", got, []triage.Case{})
	},
}

var changeTests = map[string]func(*testing.T, Store){
	"an empty store has no changes": func(t *testing.T, s Store) {
		cases, last, err := s.Changed(t.Context(), 0, 10)
		check(t, err)
		equal(t, "cases", cases, []triage.Case{})
		equal(t, "last", last, int64(0))
	},
	"changes are read in portions without a gap": func(t *testing.T, s Store) {
		accept(t, s, many(7)...)
		var seen []triage.ComplaintID
		for after := int64(0); ; {
			cases, last, err := s.Changed(t.Context(), after, 3)
			check(t, err)
			if len(cases) == 0 {
				equal(t, "last of nothing", last, after)
				break
			}
			seen, after = append(seen, ids(cases)...), last
		}
		equal(t, "ids", seen, ids(many(7)))
	},
	"a decision brings its case back": func(t *testing.T, s Store) {
		accept(t, s, many(3)...)
		before, err := s.LastChange(t.Context())
		check(t, err)
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: "c0001", Type: "network", At: start}))
		cases, last, err := s.Changed(t.Context(), before, 10)
		check(t, err)
		equal(t, "ids", ids(cases), []triage.ComplaintID{"c0001"})
		equal(t, "type", cases[0].Type, "network")
		now, err := s.LastChange(t.Context())
		check(t, err)
		equal(t, "last change", now, last)
	},
	"a duplicate changes nothing": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		_, err := s.Accept(t.Context(), many(1))
		check(t, err)
		last, err := s.LastChange(t.Context())
		check(t, err)
		equal(t, "last change", last, int64(1))
	},
}
