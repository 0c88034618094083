package storetest

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

// Facts are the roll-ups of a store.
type Facts interface {
	fact.DaySource
	RollUp(ctx context.Context) (fact.Rolled, error)
	Rebuild(ctx context.Context) error
	Verify(ctx context.Context) (fact.Verified, error)
}

// factPorts is what the tests of roll-ups need beside other ports.
type factPorts interface {
	CasesBySeq(ctx context.Context, seqs []int64) ([]triage.Case, error)
	AttributeByHand(ctx context.Context, a campaign.Attribution, e triage.AuditEntry) error
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// markByLength marks replies so that different texts have different marks.
func markByLength(text, complaint string) int { return (len(text) + len(complaint)) % 6 }

// rolledUp rolls up and wants the days to be what a recount says.
func rolledUp(t *testing.T, f Facts) fact.Rolled {
	t.Helper()
	r, err := f.RollUp(t.Context())
	check(t, err)
	v, err := f.Verify(t.Context())
	check(t, err)
	for _, d := range v.Differ {
		t.Errorf("%s differs from a recount: %v %s (as in case %d)", d.Day, d.Cases, d.Unreadable, d.Example)
	}
	return r
}

// bookOf reads all stored days.
func bookOf(t *testing.T, f Facts) *fact.Book {
	t.Helper()
	book := fact.NewBook()
	check(t, fact.NewKeeper(f, book).Follow(t.Context()))
	if !book.Ready() {
		t.Fatal("the book is not ready")
	}
	return book
}

var factTests = map[string]func(*testing.T, Store){
	"roll-ups are equal to a recount whatever happens to cases": randomFacts,
	"every kind of change reaches the days by itself":           singleFacts,
	"what changes while its day is built is built again":        overtakenFacts,
	"a run that is killed anywhere loses and doubles nothing":   killedFacts,
	"what was counted in a text stays when it is forgotten":     forgottenFacts,
	"several runs at once lose and double nothing": func(t *testing.T, s Store) {
		f := s.Facts(shanghai, markByLength)
		w := newFactWorld(t, s, 7)
		w.live(60)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := f.RollUp(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		w.live(40)
		wg.Wait()
		rolledUp(t, f)
		equal(t, "cases", bookOf(t, f).Total(fact.Filter{}).Cases, len(w.ids))
	},
	"nothing is rolled up again that has not changed": func(t *testing.T, s Store) {
		f := s.Facts(shanghai, nil)
		accept(t, s, many(3)...)
		equal(t, "first run", rolledUp(t, f), fact.Rolled{Days: 1, Cases: 3, Anew: true})
		equal(t, "second run", rolledUp(t, f), fact.Rolled{})
		worked(t, s, "c0001", func(w *triage.Work) { w.Owner = "zhao" })
		equal(t, "after a change", rolledUp(t, f), fact.Rolled{Days: 1, Cases: 3})
	},
	"without cases the figures are ready and empty": func(t *testing.T, s Store) {
		f := s.Facts(shanghai, nil)
		book := fact.NewBook()
		keeper := fact.NewKeeper(f, book)
		check(t, keeper.Follow(t.Context()))
		if book.Ready() {
			t.Error("the book is ready before the first roll-up")
		}
		_, err := f.Verify(t.Context())
		code(t, err, triage.CodeConflict)
		_, err = f.RollUp(t.Context())
		check(t, err)
		check(t, keeper.Follow(t.Context()))
		if _, _, ok := book.Days(); !book.Ready() || ok {
			t.Errorf("got ready %v, days %v; want a ready book without days", book.Ready(), ok)
		}
	},
	"the recount sees what has not been rolled up": func(t *testing.T, s Store) {
		f := s.Facts(shanghai, nil)
		accept(t, s, many(2)...)
		_, err := f.RollUp(t.Context())
		check(t, err)
		worked(t, s, "c0001", func(w *triage.Work) { w.Owner, w.Department = "zhao", "维修部" })
		accept(t, s, simple(2))
		v, err := f.Verify(t.Context())
		check(t, err)
		equal(t, "verified", v, fact.Verified{Days: 1, Cases: 3, Differ: []fact.DayDiffers{{
			Day: "2026-03-01", Cases: map[string]int{"owner": 1, "department": 1, "stays": 1, "missing": 1}, Example: 2,
		}}})
	},
	"another zone and a rebuild make all days anew, and those who read see one or the other": func(t *testing.T, s Store) {
		accept(t, s, many(600)...) // 09:30 to 19:30 UTC
		f := s.Facts(shanghai, nil)
		book := fact.NewBook()
		keeper := fact.NewKeeper(f, book)
		rolledUp(t, f)
		check(t, keeper.Follow(t.Context()))
		equal(t, "days of Shanghai", len(book.Over(fact.Filter{}, fact.Daily)), 2)
		utc := s.Facts(time.UTC, nil)
		rolledUp(t, utc)
		check(t, keeper.Follow(t.Context()))
		equal(t, "days of UTC", len(book.Over(fact.Filter{}, fact.Daily)), 1)
		check(t, utc.Rebuild(t.Context()))
		check(t, keeper.Follow(t.Context()))
		equal(t, "cases while all is made anew", book.Total(fact.Filter{}).Cases, 600)
		equal(t, "rebuilt", rolledUp(t, utc), fact.Rolled{Days: 1, Cases: 600, Anew: true})
		check(t, keeper.Follow(t.Context()))
		equal(t, "cases afterwards", book.Total(fact.Filter{}).Cases, 600)
	},
	"cases are read by their numbers in the order asked": func(t *testing.T, s Store) {
		accept(t, s, many(300)...)
		var seqs []int64
		var want []triage.ComplaintID
		for n := 300; n > 0; n-- {
			seqs, want = append(seqs, int64(n), int64(n+1000)), append(want, simple(n-1).ID)
		}
		cases, err := s.CasesBySeq(t.Context(), seqs)
		check(t, err)
		equal(t, "cases", ids(cases), want)
	},
}

// randomFacts lets all kinds of things happen to cases and compares after each
// spell: the stored days with a recount, and a book that follows with one that
// is read from nothing.
func randomFacts(t *testing.T, s Store) {
	f := s.Facts(shanghai, markByLength)
	w := newFactWorld(t, s, 1)
	book := fact.NewBook()
	keeper := fact.NewKeeper(f, book)
	for range 8 {
		w.live(1 + w.rng.IntN(60))
		rolledUp(t, f)
		check(t, keeper.Follow(t.Context()))
		fresh := bookOf(t, f)
		for d := range fact.Dims {
			equal(t, "by "+d.String(), book.By(fact.Filter{}, d), fresh.By(fact.Filter{}, d))
		}
		equal(t, "cases", book.Total(fact.Filter{}).Cases, len(w.ids))
	}
	// Everything that can be counted must have happened, or nothing was compared.
	all := book.Total(fact.Filter{})
	for i, n := range all.With {
		if n == 0 {
			t.Errorf("no case has flag %s", fact.Flags(1 << i).Names()[0])
		}
	}
	if all.Scored == 0 || all.Verified == 0 || all.FactsKnown == 0 || all.Replies == 0 || len(book.Stays(fact.Filter{}, fact.Owner)) < 2 {
		t.Errorf("too little has happened: %+v", all)
	}
}

// singleFacts rolls up after each thing that happens, so that nothing gets there
// on the back of another one.
func singleFacts(t *testing.T, s Store) {
	f := s.Facts(shanghai, markByLength)
	w := newFactWorld(t, s, 5)
	w.live(60)
	rolledUp(t, f)
	for _, do := range []func(triage.ComplaintID){w.confirm, w.work, w.reply, w.settle, w.survey, w.attribute, w.retier} {
		changes := 0
		for range 12 {
			do(pick(w.rng, w.ids...))
			changes += rolledUp(t, f).Days
		}
		if changes == 0 {
			t.Error("one kind of change has changed no day")
		}
	}
}

// overtakenFacts changes a case after the run has read it, and lets another run
// see the change and be killed before it has built the day.
func overtakenFacts(t *testing.T, s Store) {
	accept(t, s, many(2)...)
	_, err := s.AddMessage(t.Context(), reply.Message{Complaint: "c0000", Direction: reply.Out, Text: "您好", By: "li", At: start},
		triage.AuditEntry{At: start, Actor: "li", Object: "case:c0000"})
	check(t, err)
	overtaken := false
	f := s.Facts(shanghai, func(string, string) int {
		if overtaken {
			return 3
		}
		overtaken = true
		worked(t, s, "c0001", func(w *triage.Work) { w.Owner = "zhao" })
		ctx, cancel := context.WithCancel(t.Context())
		other := s.Facts(shanghai, func(string, string) int {
			cancel()
			return 3
		})
		if _, err := other.RollUp(ctx); err == nil {
			t.Error("the other run was not killed")
		}
		return 3
	})
	_, err = f.RollUp(t.Context())
	check(t, err)
	rolledUp(t, f)
	equal(t, "cases of zhao", bookOf(t, f).Total(fact.Filter{}.With(fact.Owner, "zhao")).Cases, 1)
}

// killedFacts ends runs at every place where a reply is marked.
func killedFacts(t *testing.T, s Store) {
	w := newFactWorld(t, s, 3)
	w.live(80)
	left := 0
	cancel := func() {}
	f := s.Facts(shanghai, func(text, complaint string) int {
		if left--; left == 0 {
			cancel()
		}
		return markByLength(text, complaint)
	})
	killed := 0
	for n := 1; n < 40; n++ {
		var ctx context.Context
		ctx, cancel = context.WithCancel(t.Context())
		left = n
		if _, err := f.RollUp(ctx); err != nil {
			killed++
		}
		cancel()
		if n%10 == 0 {
			w.live(5)
			check(t, f.Rebuild(t.Context()))
		}
	}
	if killed == 0 {
		t.Error("no run was killed")
	}
	left, cancel = 0, func() {}
	rolledUp(t, f)
	equal(t, "cases", bookOf(t, f).Total(fact.Filter{}).Cases, len(w.ids))
}

// chance is true in so many of a hundred draws.
func chance(rng *rand.Rand, percent int) bool { return rng.IntN(100) < percent }

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }
