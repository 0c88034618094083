package fact_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

func TestCounts(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 10, 200)
	f := fact.Filter{From: 20002}.Having(fact.Repeat)
	dims := []fact.Dim{fact.Type, fact.Owner}
	for k, list := range b.Counts(f, dims...) {
		var want []fact.Number
		for _, g := range b.By(f, dims[k]) {
			want = append(want, fact.Number{Value: g.Value, Cases: g.Cases})
		}
		if diff := cmp.Diff(want, list); diff != "" {
			t.Errorf("%s (-By +Counts):\n%s", dims[k], diff)
		}
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 10, 200)
	rows := make([]fact.Row, 1200) // more pairs than are kept in a table
	for i := range rows {
		rows[i].Day = 20010
		rows[i].Values[fact.Product], rows[i].Values[fact.Region] = string(rune('一'+i)), string(rune('一'+i%1100))
	}
	b.Put(20010, rows)
	for _, dims := range [][2]fact.Dim{{fact.Type, fact.Owner}, {fact.Product, fact.Region}} {
		want := map[[2]string]int{}
		for _, c := range b.Cross(fact.Filter{}, dims[0], dims[1]) {
			want[[2]string{c.A, c.B}] = c.Cases
		}
		if diff := cmp.Diff(want, b.Pairs(fact.Filter{}, dims[0], dims[1])); diff != "" {
			t.Errorf("%s × %s (-Cross +Pairs):\n%s", dims[0], dims[1], diff)
		}
	}
}
