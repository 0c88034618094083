package fact_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// surveyed is a book of random rows.
func surveyed(tb testing.TB, days, perDay int) *fact.Book {
	tb.Helper()
	r := rand.New(rand.NewPCG(5, 8))
	b := fact.NewBook()
	types := []string{"billing", "network", "service", "delivery", "marketing"}
	for d := range fact.Day(days) {
		rows := make([]fact.Row, perDay)
		for i := range rows {
			row := &rows[i]
			row.Seq, row.Day, row.Minute, row.Customer = int64(d)*int64(perDay)+int64(i)+1, 20000+d, uint16(r.IntN(1440)), uint64(r.IntN(days*perDay))*7
			row.Values[fact.Type], row.Values[fact.Owner] = types[r.IntN(len(types))], "agent"+strconv.Itoa(r.IntN(150))
			row.Flags = fact.Flags(r.IntN(1 << fact.FlagCount))
			row.Respond, row.Verify, row.Resolve = int32(r.IntN(600)), int32(r.IntN(3000))-1, int32(r.ExpFloat64()*20000)
			row.Satisfaction = float32(r.IntN(102) - 1)
		}
		b.Put(20000+d, rows)
	}
	return b
}

// A survey says in one pass what the separate counts say.
func TestSurvey(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 30, 500)
	for name, f := range map[string]fact.Filter{
		"all":     {},
		"days":    {From: 20003, To: 20009},
		"type":    fact.Filter{}.With(fact.Type, "billing"),
		"flag":    {All: fact.Repeat},
		"nothing": fact.Filter{}.With(fact.Type, "unheard of"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := b.Survey(f)
			if diff := cmp.Diff(b.Total(f), got.Figures); diff != "" {
				t.Errorf("figures (-Total +Survey):\n%s", diff)
			}
			if want := b.Customers(f); got.Customers != want {
				t.Errorf("got %d customers, want %d", got.Customers, want)
			}
			f.Any = fact.Escalated
			if _, want := b.Cases(f, 0, 0); got.Escalated != want {
				t.Errorf("got %d escalated, want %d", got.Escalated, want)
			}
			f.Any = 0
			late := f
			late.All |= fact.LateVerify
			late.Longer = []fact.Longer{{Clock: fact.Verify, Than: fact.None}}
			if _, want := b.Cases(late, 0, 0); got.Late[fact.Verify] != want {
				t.Errorf("got %d verified late, want %d", got.Late[fact.Verify], want)
			}
			for k := range fact.Clocks {
				if diff := cmp.Diff(b.Times(f, k), got.Clocks[k].Times); diff != "" {
					t.Errorf("%s (-Times +Survey):\n%s", k, diff)
				}
				if s := got.Clocks[k]; s.Low > s.Median || s.High < s.Median {
					t.Errorf("%s: the median %d is outside of its interval %d..%d", k, s.Median, s.Low, s.High)
				}
			}
		})
	}
}

func TestSurveyBy(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 20, 300)
	groups := b.SurveyBy(fact.Filter{}, fact.Type)
	if len(groups) != 5 {
		t.Fatalf("got %d groups, want 5", len(groups))
	}
	for _, g := range groups {
		want := b.Survey(fact.Filter{}.With(fact.Type, g.Value))
		want.Customers, want.Escalated = 0, 0
		if diff := cmp.Diff(want, g.Survey); diff != "" {
			t.Errorf("%s (-Survey +SurveyBy):\n%s", g.Value, diff)
		}
	}
	if !slices.IsSortedFunc(groups, func(a, b fact.GroupSurvey) int { return b.Cases - a.Cases }) {
		t.Error("the groups are not sorted by their number of cases")
	}
}

func TestDaily(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 12, 40)
	b.Put(20004, nil) // a day without rows between others
	for name, f := range map[string]fact.Filter{"all": {}, "bounds": {From: 20002, To: 20007}, "type": fact.Filter{}.With(fact.Type, "network")} {
		from, counts := b.Daily(f)
		for i, n := range counts {
			day := from + fact.Day(i)
			if _, want := b.Cases(f.Between(day, day+1), 0, 0); n != want {
				t.Errorf("%s, %s: got %d, want %d", name, day, n, want)
			}
		}
	}
	if _, counts := fact.NewBook().Daily(fact.Filter{}); counts != nil {
		t.Errorf("an empty book has %d days", len(counts))
	}
}

// BenchmarkSurvey is a million rows over three years, with 150 owners.
func BenchmarkSurvey(b *testing.B) {
	book := surveyed(b, 1095, 913)
	b.Run("survey", func(b *testing.B) {
		for b.Loop() {
			book.Survey(fact.Filter{})
		}
	})
	b.Run("by owner", func(b *testing.B) {
		for b.Loop() {
			book.SurveyBy(fact.Filter{}, fact.Owner)
		}
	})
	b.Run("daily of a type", func(b *testing.B) {
		f := fact.Filter{}.With(fact.Type, "billing")
		for b.Loop() {
			book.Daily(f)
		}
	})
}
