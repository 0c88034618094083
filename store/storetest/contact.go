package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// contact is a payment of a customer, so many minutes after the start.
func contact(customer triage.CustomerID, key string, minute int, attrs map[string]any) triage.Exposure {
	return triage.Exposure{CustomerID: customer, Kind: "payment", Key: key, At: start.Add(time.Duration(minute) * time.Minute), Attrs: attrs}
}

// put stores exposures.
func put(t *testing.T, s Store, list ...triage.Exposure) {
	t.Helper()
	_, err := s.PutExposures(t.Context(), list)
	check(t, err)
}

var exposureTests = map[string]func(*testing.T, Store){
	"exposures of customers come by customer and time": func(t *testing.T, s Store) {
		failed := map[string]any{"status": "failed", "amount": 50.0}
		put(t, s, contact("b", "x", 3, failed), contact("b", "y", 1, nil), contact("B", "x", 2, failed), contact("c", "x", 2, nil),
			contact("b", "x", 9, nil), contact("b", "x", 0, nil))
		got, err := s.ExposuresOf(t.Context(), []triage.CustomerID{"b", "nobody", "B", "b"}, start.Add(time.Minute), start.Add(9*time.Minute))
		check(t, err)
		equal(t, "exposures", got, []triage.Exposure{contact("B", "x", 2, failed), contact("b", "y", 1, nil), contact("b", "x", 3, failed)})
	},
	"exposures of many customers": func(t *testing.T, s Store) {
		var want []triage.Exposure
		var customers []triage.CustomerID
		for i := range 300 {
			want = append(want, contact(triage.CustomerID(fmt.Sprintf("K-%03d", i)), "x", i, nil))
			customers = append(customers, want[i].CustomerID)
		}
		put(t, s, want...)
		slices.Reverse(customers)
		got, err := s.ExposuresOf(t.Context(), customers, start, start.AddDate(0, 0, 1))
		check(t, err)
		equal(t, "exposures", got, want)
	},
	"a scan is in order of time": func(t *testing.T, s Store) {
		visit := contact("a", "x", 2, nil)
		visit.Kind = "visit"
		put(t, s, contact("a", "y", 4, nil), contact("b", "x", 3, nil), contact("a", "x", 1, nil), contact("c", "x", 9, nil), visit)
		for key, want := range map[string][]triage.Exposure{
			"x": {contact("a", "x", 1, nil), contact("b", "x", 3, nil)},
			"":  {contact("a", "x", 1, nil), contact("b", "x", 3, nil), contact("a", "y", 4, nil)},
			"z": nil,
		} {
			var got []triage.Exposure
			check(t, s.ScanExposures(t.Context(), "payment", key, start.Add(time.Minute), start.Add(9*time.Minute), func(e triage.Exposure) error {
				got = append(got, e)
				return nil
			}))
			equal(t, "key "+key, got, want)
		}
	},
	"a scan stops at the error of its callee": func(t *testing.T, s Store) {
		put(t, s, contact("a", "x", 1, nil), contact("b", "x", 3, nil))
		calls := 0
		err := s.ScanExposures(t.Context(), "payment", "x", start, start.AddDate(0, 0, 1), func(triage.Exposure) error {
			calls++
			return errStop
		})
		equal(t, "calls", calls, 1)
		if !errors.Is(err, errStop) {
			t.Errorf("got %v, want the error of the callee", err)
		}
	},
	"new exposures are told in the order they came in": func(t *testing.T, s Store) {
		late := []triage.Exposure{contact("a", "x", 9, nil), contact("b", "x", 5, nil)}
		put(t, s, late...)
		put(t, s, contact("a", "x", 1, nil))
		put(t, s, late...) // known
		got, err := s.ExposureBatches(t.Context(), 0, 10)
		check(t, err)
		minute := func(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }
		want := []prevention.ExposureBatch{{Seq: 1, From: minute(5), To: minute(9)}, {Seq: 2, From: minute(1), To: minute(1)}}
		equal(t, "batches", got, want)
		got, err = s.ExposureBatches(t.Context(), 1, 1)
		check(t, err)
		equal(t, "batches after the first", got, want[1:])
	},
	"kinds are counted, the most frequent first": func(t *testing.T, s Store) {
		put(t, s, contact("a", "x", 1, nil), contact("b", "x", 2, nil), contact("a", "y", 3, nil), contact("a", "x", 90, nil))
		got, err := s.CountKinds(t.Context(), start, start.Add(time.Hour))
		check(t, err)
		equal(t, "counts", got, []prevention.KindCount{{Kind: "payment", Key: "x", Count: 2}, {Kind: "payment", Key: "y", Count: 1}})
	},
	"customers are read by id and counted by region": func(t *testing.T, s Store) {
		_, err := s.PutCustomers(t.Context(), []triage.Customer{{ID: "a", Region: "大连", Phone: "1"}, {ID: "b", Region: "大连"}, {ID: "c"}})
		check(t, err)
		got, err := s.CustomersByID(t.Context(), []triage.CustomerID{"c", "nobody", "a"})
		check(t, err)
		equal(t, "number", len(got), 2)
		equal(t, "region", got["a"].Region, "大连")
		equal(t, "phone", got["a"].Phone.Reveal(), "1")
		regions, err := s.CountByRegion(t.Context())
		check(t, err)
		equal(t, "regions", regions, map[string]int{"大连": 2, "": 1})
	},
	"complainants come with their first complaint": func(t *testing.T, s Store) {
		m := members(4)
		m[2].Customer, m[3].Customer = "K-1", ""
		raised(t, s, "K1", m...)
		got, err := s.Complainants(t.Context(), "K1")
		check(t, err)
		equal(t, "complainants", got, map[triage.CustomerID]time.Time{"K-0": m[0].At, "K-1": m[1].At})
		none, err := s.Complainants(t.Context(), "")
		check(t, err)
		equal(t, "of no cluster", none, map[triage.CustomerID]time.Time{})
	},
}

var dailyTests = map[string]func(*testing.T, Store){
	"days are those of the zone": func(t *testing.T, s Store) {
		zone := time.FixedZone("CST", 8*3600)
		midnight := time.Date(2026, time.March, 2, 0, 0, 0, 0, zone)
		cases := many(5)
		at := []time.Time{
			midnight.Add(-time.Millisecond), midnight, midnight.Add(time.Hour), midnight.Add(24*time.Hour - time.Millisecond), midnight.AddDate(0, 0, 2),
		}
		m := members(5)
		for i := range cases {
			cases[i].At, m[i].At = at[i], at[i]
		}
		m[2].Customer = m[1].Customer
		accept(t, s, cases...)
		raised(t, s, "K1", append(m[:3:3], m[4])...)
		got, err := s.Daily(t.Context(), "K1", midnight.AddDate(0, 0, -1).Add(time.Hour), midnight.AddDate(0, 0, 2), zone)
		check(t, err)
		equal(t, "days", got, []prevention.DayCount{
			{Day: midnight.AddDate(0, 0, -1), Customers: 1, Complaints: 1},
			{Day: midnight, Customers: 1, Complaints: 3},
			{Day: midnight.AddDate(0, 0, 1)},
		})
	},
	"nameless complaints count each": func(t *testing.T, s Store) {
		m := members(3)
		m[0].Customer, m[1].Customer = "", ""
		raised(t, s, "K1", m...)
		got, err := s.Daily(t.Context(), "K1", start, start.Add(time.Hour), time.UTC)
		check(t, err)
		equal(t, "days", len(got), 1)
		equal(t, "customers", got[0].Customers, 3)
	},
	"many clusters at once are counted like each": func(t *testing.T, s Store) {
		zone := time.FixedZone("CST", 8*3600)
		m := members(6)
		for i := range m {
			m[i].At = start.Add(time.Duration(i) * 7 * time.Hour)
		}
		m[1].Customer, m[4].Customer, m[5].Customer = m[0].Customer, "", ""
		raised(t, s, "K1", m[:4]...)
		raised(t, s, "K2", m[4:]...)
		spans := []prevention.ClusterSpan{
			{Cluster: "K1", From: start, To: start.AddDate(0, 0, 2)}, {Cluster: "K2", From: start.AddDate(0, 0, 1), To: start.AddDate(0, 0, 3)},
			{Cluster: "K1", From: start.AddDate(0, 0, 1), To: start.AddDate(0, 0, 1).Add(time.Hour)}, {Cluster: "K9", From: start, To: start.Add(time.Hour)},
			{From: start, To: start.Add(time.Hour)}, {Cluster: "K1", From: start, To: start},
		}
		got, err := s.DailyCustomers(t.Context(), spans, zone)
		check(t, err)
		want := make([][]int, len(spans))
		for i, span := range spans {
			days, err := s.Daily(t.Context(), span.Cluster, span.From, span.To, zone)
			check(t, err)
			for _, day := range days {
				want[i] = append(want[i], day.Customers)
			}
		}
		equal(t, "customers", got, want)
		none, err := s.DailyCustomers(t.Context(), nil, zone)
		check(t, err)
		equal(t, "of no clusters", none, [][]int{})
	},
	"an empty time has no days": func(t *testing.T, s Store) {
		got, err := s.Daily(t.Context(), "K1", start, start.AddDate(0, 0, -1), time.UTC)
		check(t, err)
		equal(t, "days", got, []prevention.DayCount{})
	},
}
