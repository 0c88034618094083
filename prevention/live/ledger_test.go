package live_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/triage"
)

// book is a ledger over a store with ten customers, A to J.
type book struct {
	*service
	*live.Ledger
}

func newBook(t *testing.T) *book {
	t.Helper()
	b := &book{service: newService(t)}
	var customers []triage.Customer
	for c := 'A'; c <= 'J'; c++ {
		customers = append(customers, triage.Customer{ID: triage.CustomerID(c)})
	}
	_, err := b.db.PutCustomers(t.Context(), customers)
	b.must(err)
	b.Ledger = live.NewLedger(live.LedgerSources{Exposures: b.db, Feed: b.db, Customers: b.db})
	return b
}

// pays stores that customers paid by card on a day.
func (b *book) pays(on int, customers ...triage.CustomerID) {
	b.t.Helper()
	var list []triage.Exposure
	for _, c := range customers {
		list = append(list, triage.Exposure{CustomerID: c, Kind: "payment", Key: "card", At: start.Add(time.Duration(on) * day)})
	}
	_, err := b.db.PutExposures(b.t.Context(), list)
	b.must(err)
}

// at lets the ledger look and follow to a day.
func (b *book) at(on int) time.Time {
	b.t.Helper()
	now := start.Add(time.Duration(on)*day + time.Hour)
	b.must(b.Refresh(b.t.Context(), now))
	b.must(b.Follow(b.t.Context(), now))
	return now
}

var card = detect.Fact{Field: "payment", Value: "card"}

func TestLedger(t *testing.T) {
	t.Parallel()
	t.Run("knows what was stored before it began", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		b.pays(70, "A", "B")
		now := b.at(80)
		same(t, "facts of A", []detect.Fact{card}, b.FactsAt("A", now))
		same(t, "share", 0.2, b.Share(card, now))
		same(t, "share before", 0, b.Share(card, start.Add(60*day)))
	})
	t.Run("learns what is imported days late", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		b.pays(70, "A")
		b.at(80)
		b.pays(75, "C")
		now := b.at(81)
		same(t, "facts of C", []detect.Fact{card}, b.FactsAt("C", now))
		same(t, "share", 0.2, b.Share(card, now))
	})
	t.Run("uses nothing of the future until it has come", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		b.pays(90, "A")
		now := b.at(80)
		same(t, "share at day 80", 0, b.Share(card, now))
		same(t, "facts at day 80", nil, b.FactsAt("A", now))
		same(t, "facts at day 91", []detect.Fact{card}, b.FactsAt("A", b.at(91)))
	})
	t.Run("counts what is said twice once", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		b.pays(70, "A", "A")
		b.at(80)
		b.pays(70, "A", "B")
		b.pays(79, "A")
		now := b.at(81)
		same(t, "facts of A", []detect.Fact{card}, b.FactsAt("A", now))
		same(t, "share", 0.2, b.Share(card, now))
		now = b.at(105)
		same(t, "share when the first has passed", 0.1, b.Share(card, now))
		now = b.at(112)
		same(t, "share when all have passed", 0, b.Share(card, now))
	})
	t.Run("goes with the time of the complaints", func(t *testing.T) {
		t.Parallel()
		b := newBook(t)
		b.pays(10, "A")
		b.pays(200, "B")
		b.must(b.Refresh(t.Context(), start.Add(300*day)))
		then := start.Add(20 * day)
		b.must(b.Follow(t.Context(), then))
		same(t, "facts of A, long ago", []detect.Fact{card}, b.FactsAt("A", then))
		same(t, "share, long ago", 0.1, b.Share(card, then))
		b.must(b.Follow(t.Context(), start.Add(210*day)))
		same(t, "facts of A", nil, b.FactsAt("A", start.Add(210*day)))
		same(t, "facts of B", []detect.Fact{card}, b.FactsAt("B", start.Add(210*day)))
	})
}

// Exposures that are imported after a Run help the next one.
func TestRunKnowsExposuresThatCameLate(t *testing.T) {
	t.Parallel()
	s := newService(t)
	st := newStream(18).ordinary(0, 60, 6)
	var affected []triage.Exposure
	for i := range 20 {
		id := triage.CustomerID(string(rune('a' + i)))
		at := start.Add(50*day + time.Duration(i)*4*time.Hour)
		st.add(triage.Complaint{CustomerID: id, At: at, Text: st.text(), Type: "billing"})
		affected = append(affected, triage.Exposure{CustomerID: id, Kind: "campaign", Key: "spring", At: start.Add(45 * day)})
	}
	var customers []triage.Customer
	for i := range st.cases {
		customers = append(customers, triage.Customer{ID: st.cases[i].CustomerID})
	}
	for i := range 2000 {
		customers = append(customers, triage.Customer{ID: triage.CustomerID(fmt.Sprint("silent", i))})
	}
	_, err := s.db.PutCustomers(t.Context(), customers)
	s.must(err)
	cases := s.before(49, st.sorted())
	s.live(cases, func(today int) {
		if today == 51 {
			same(t, "clusters before the import", 0, len(s.clusters()))
			_, err := s.db.PutExposures(t.Context(), affected)
			s.must(err)
		}
	})
	c := s.only()
	same(t, "fact", map[string]string{"campaign": "spring"}, c.Explanation.Combination.Facts)
}
