package quality_test

import (
	"math/rand/v2"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// book is random rows of so many days up to the day before today.
func book(tb testing.TB, today fact.Day, days, perDay int) *fact.Book {
	tb.Helper()
	r := rand.New(rand.NewPCG(2, 9))
	b := fact.NewBook()
	types := []string{"billing", "network", "service"}
	for d := today - fact.Day(days); d < today; d++ {
		rows := make([]fact.Row, perDay)
		for i := range rows {
			row := fact.Row{Seq: int64(d)*10000 + int64(i), Day: d, Customer: uint64(r.IntN(days * perDay)), Respond: int32(r.IntN(300)) - 1, Verify: fact.None, Resolve: fact.None, Satisfaction: fact.None}
			row.Values[fact.Type] = types[r.IntN(len(types))]
			for k := range fact.FlagCount {
				if r.IntN(10) == 0 {
					row.Flags |= 1 << k
				}
			}
			if r.IntN(3) == 0 {
				row.Resolve, row.Satisfaction = int32(r.IntN(9000)), float32(r.IntN(101))
			}
			rows[i] = row
		}
		b.Put(d, rows)
	}
	return b
}

// Every filter of a summary chooses as many cases as the summary says.
func TestSummaryNamesItsCases(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-03-10")
	b := book(t, today, 100, 30)
	for name, f := range map[string]fact.Filter{
		"a month":   {From: day(t, "2026-02-01"), To: day(t, "2026-03-01")},
		"that runs": {From: day(t, "2026-03-01"), To: day(t, "2026-04-01")},
		"of a type": fact.Filter{From: day(t, "2026-02-01"), To: day(t, "2026-03-01")}.With(fact.Type, "billing"),
		"nothing":   fact.Filter{From: day(t, "2026-02-01"), To: day(t, "2026-03-01")}.With(fact.Type, "unheard of"),
	} {
		first, _, _ := b.Days()
		c := quality.Compare(quality.Period{From: f.From, To: f.To}, quality.Before, first, today)
		s := quality.Summarise(b, f, c)
		if len(s.Keys) != 13 {
			t.Errorf("%s: got %d key figures, want 13", name, len(s.Keys))
		}
		for _, k := range s.Keys {
			if _, total := b.Cases(k.Filter, 0, 0); total != k.Cases {
				t.Errorf("%s, %s: %d cases, but its filter has %d", name, k.Name, k.Cases, total)
			}
			if k.Other == nil {
				continue
			}
			if _, total := b.Cases(*k.Other, 0, 0); total != k.OtherCases {
				t.Errorf("%s, %s: %d other cases, but their filter has %d", name, k.Name, k.OtherCases, total)
			}
		}
		if len(f.Is) == 1 && f.Is[0].Value == "unheard of" {
			if got := s.Keys[0].Change.State; got != quality.Nothing {
				t.Errorf("nothing against nothing: got %s", got)
			}
		} else if got := s.Keys[0].Change; got.State != quality.Known || got.Then == 0 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// BenchmarkSummarise is all of a million rows over three years, and one month.
func BenchmarkSummarise(b *testing.B) {
	today := fact.Date(2026, 3, 1)
	rows := book(b, today, 1095, 913)
	first, _, _ := rows.Days()
	for name, f := range map[string]fact.Filter{"everything": {From: first, To: today}, "a month": {From: today - 30, To: today}} {
		c := quality.Compare(quality.Period{From: f.From, To: f.To}, quality.Before, first, today)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				quality.Summarise(rows, f, c)
			}
		})
	}
}
