package staff_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/staff"
)

// book puts rows into a book, by day.
func book(all rows) *fact.Book {
	days := make(map[fact.Day][]fact.Row)
	for i := range all {
		all[i].Seq = int64(i + 1)
		days[all[i].Day] = append(days[all[i].Day], all[i])
	}
	b := fact.NewBook()
	for day, list := range days {
		b.Put(day, list)
	}
	return b
}

// mixed are cases of any kind: open, taken back, scored or not, with and without
// an owner.
func mixed(n int) rows {
	r := rand.New(rand.NewPCG(7, 7))
	all := make(rows, n)
	for i := range all {
		row := fact.Row{
			Day: fact.Date(2026, 1, 1+r.IntN(120)), Respond: int32(r.IntN(90) - 1), Verify: fact.None, Resolve: int32(r.IntN(900) - 1),
			Satisfaction: float32(r.IntN(120) - 20), Flags: fact.Flags(r.Uint32N(1<<7) &^ uint32(fact.Withdrawn)),
			FactsNeeded: uint8(r.IntN(3)), Replies: uint8(r.IntN(3)),
		}
		if r.IntN(20) == 0 {
			row.Flags |= fact.Withdrawn
		}
		row.FactsKnown, row.Points = row.FactsNeeded/2, 4*uint16(row.Replies)
		row.Values[fact.Type], row.Values[fact.Urgency] = fmt.Sprint("T", r.IntN(4)), fmt.Sprint(r.IntN(3))
		if owner := r.IntN(8); owner > 0 {
			row.Values[fact.Owner] = fmt.Sprint("agent", owner)
		}
		all[i] = row
	}
	return all
}

func TestTheCasesBehindAMeasureAreThoseItCounts(t *testing.T) {
	t.Parallel()
	b := book(mixed(4000))
	h := staff.Compare(b, fact.Filter{}.Between(fact.Date(2026, 1, 10), fact.Date(2026, 4, 1)), fact.Owner)
	if len(h.Cards) != 7 {
		t.Fatalf("%d cards, want those of 7 agents and none of nobody", len(h.Cards))
	}
	for _, c := range h.Cards {
		if _, n := b.Cases(c.Filter, 0, 0); n != c.Cases {
			t.Errorf("%s: %d cases, %d behind them", c.Name, c.Cases, n)
		}
		for m := range staff.Measures {
			all, bad, exact := m.Behind(c.Filter)
			if !exact {
				continue
			}
			r := c.Results[m]
			if _, n := b.Cases(all, 0, 0); n != r.N {
				t.Errorf("%s %s: taken from %d cases, %d behind it", c.Name, m, r.N, n)
			}
			if m.Kind() != staff.Share {
				continue
			}
			want := r.Observed * float64(r.N)
			if m == staff.Satisfied {
				want = float64(r.N) - want
			}
			if _, n := b.Cases(bad, 0, 0); n != int(want+0.5) {
				t.Errorf("%s %s: %v counted, %d behind them", c.Name, m, want, n)
			}
		}
	}
}

func TestNoVerdictWithoutComparison(t *testing.T) {
	t.Parallel()
	closed := func(owner, typ string, n int) (list rows) {
		for i := range n {
			row := fact.Row{Day: fact.Date(2026, 1, 1+i%28), Flags: fact.Ended, Respond: 10, Resolve: int32(60 + i%7), Satisfaction: fact.None}
			row.Values[fact.Owner], row.Values[fact.Type] = owner, typ
			list = append(list, row)
		}
		return list
	}
	for name, c := range map[string]struct {
		cases rows
		want  staff.Verdict
	}{
		"few cases":      {append(append(closed("a", "T", 19), closed("b", "T", 90)...), closed("c", "T", 90)...), staff.TooFew},
		"few colleagues": {append(closed("a", "T", 90), closed("b", "T", 90)...), staff.TooFew},
		"cases of their own": {
			append(append(append(closed("a", "X", 90), closed("b", "T", 90)...), closed("c", "T", 90)...), closed("d", "T", 90)...), staff.NoPeers,
		},
		"like the others": {append(append(closed("a", "T", 90), closed("b", "T", 90)...), closed("c", "T", 90)...), staff.Same},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card, ok := staff.Compare(c.cases, fact.Filter{}, fact.Owner).Card("a")
			if got := card.Results[staff.Resolve].Verdict; !ok || got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := card.Results[staff.Satisfied]; got.N != 0 || got.Verdict != staff.TooFew {
				t.Errorf("without scores: got %+v", got)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	t.Parallel()
	h := staff.Compare(fact.NewBook(), fact.Filter{}, fact.Department)
	if _, ok := h.Card("anybody"); ok || len(h.Cards) != 0 {
		t.Errorf("got %+v", h)
	}
	if l := h.Limits(staff.Late, 0); l.Low95 != 1 || l.High998 != 1 {
		t.Errorf("limits of nothing: %+v", l)
	}
}

func TestLimitsOfAShare(t *testing.T) {
	t.Parallel()
	h := staff.Compare(mixed(4000), fact.Filter{}, fact.Owner)
	near, far := h.Limits(staff.Late, 1000), h.Limits(staff.Late, 10)
	if !(far.High998 > far.High95 && far.High95 > near.High95 && near.High95 > 1 && near.Low95 < 1 && far.Low998 <= far.Low95) {
		t.Errorf("limits do not narrow: %+v at 1000, %+v at 10", near, far)
	}
}

func BenchmarkCompare(b *testing.B) {
	full := book(mixed(1_000_000))
	for b.Loop() {
		staff.Compare(full, fact.Filter{}, fact.Owner)
	}
}
