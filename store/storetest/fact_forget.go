package storetest

import (
	"fmt"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// forgottenFacts lets texts be forgotten, at their time and at somebody's word:
// no figure changes, neither by itself nor when all is counted anew.
func forgottenFacts(t *testing.T, s Store) {
	f := s.Facts(shanghai, markByLength)
	w := newFactWorld(t, s, 11)
	w.live(250)
	rolledUp(t, f)
	before := bookOf(t, f)
	unchanged := func(when string) {
		t.Helper()
		rolledUp(t, f)
		after := bookOf(t, f)
		equal(t, "figures "+when, after.Total(fact.Filter{}), before.Total(fact.Filter{}))
		equal(t, "customers "+when, after.Customers(fact.Filter{}), before.Customers(fact.Filter{}))
		for _, d := range []fact.Dim{fact.Campaign, fact.Owner, fact.Type} {
			equal(t, "by "+d.String()+" "+when, after.By(fact.Filter{}, d), before.By(fact.Filter{}, d))
		}
	}
	n, err := s.ForgetCases(t.Context(), start.AddDate(0, 0, 3), 1000)
	check(t, err)
	cases, err := s.Cases(t.Context(), w.ids)
	check(t, err)
	forgotten := 0
	for _, c := range cases {
		if c.Text == "" {
			forgotten++
		}
	}
	if n < 10 || forgotten != n || forgotten == len(cases) {
		t.Fatalf("%d of %d cases are forgotten, %d without a text", n, len(cases), forgotten)
	}
	unchanged("after texts were forgotten")
	erased := 0
	for k := range 5 {
		id := triage.CustomerID(fmt.Sprintf("k%d", k))
		switch _, err := s.ErasePerson(t.Context(), []triage.CustomerID{id}, "gone-"+string(id), triage.AuditEntry{At: start, Object: "customer:" + string(id)}); triage.CodeOf(err) {
		case "":
			erased++
		case triage.CodeConflict, triage.CodeNotFound: // a case is open
		default:
			t.Fatal(err)
		}
	}
	t.Logf("%d people were erased", erased)
	unchanged("after people were erased")
	check(t, f.Rebuild(t.Context()))
	unchanged("after a rebuild")
}
