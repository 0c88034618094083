package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

var acceptTests = map[string]func(*testing.T, Store){
	"every field comes back as it went in": func(t *testing.T, s Store) {
		want := full()
		accept(t, s, want)
		want.Seq = 1
		got, err := s.Case(t.Context(), want.ID)
		check(t, err)
		equal(t, "case", got, want)
	},
	"similar cases and suggestions are not kept": func(t *testing.T, s Store) {
		c := full()
		c.Assessment.Similar = []triage.SimilarCase{{ID: "x"}}
		c.Assessment.Suggestions = []triage.Suggestion{{Text: "退款"}}
		accept(t, s, c)
		got, err := s.Case(t.Context(), c.ID)
		check(t, err)
		if len(got.Assessment.Similar)+len(got.Assessment.Suggestions) > 0 {
			t.Errorf("got %v and %v, want none", got.Assessment.Similar, got.Assessment.Suggestions)
		}
		if len(c.Assessment.Similar) != 1 {
			t.Error("the caller's case was changed")
		}
	},
	"numbers run from 1 without gaps": func(t *testing.T, s Store) {
		first, err := s.Accept(t.Context(), many(3))
		check(t, err)
		equal(t, "first call", first, []triage.Accepted{{Seq: 1, New: true}, {Seq: 2, New: true}, {Seq: 3, New: true}})
		second, err := s.Accept(t.Context(), []triage.Case{simple(1), simple(3)})
		check(t, err)
		equal(t, "second call", second, []triage.Accepted{{Seq: 2}, {Seq: 4, New: true}})
	},
	"a stored case is left as it is": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		changed := simple(0)
		changed.Text = "另一段文字"
		_, err := s.Accept(t.Context(), []triage.Case{changed})
		check(t, err)
		got, err := s.Case(t.Context(), changed.ID)
		check(t, err)
		equal(t, "text", got.Text, simple(0).Text)
	},
	"of two with one id in a call the first is new": func(t *testing.T, s Store) {
		got, err := s.Accept(t.Context(), []triage.Case{simple(0), simple(1), simple(0)})
		check(t, err)
		equal(t, "answers", got, []triage.Accepted{{Seq: 1, New: true}, {Seq: 2, New: true}, {Seq: 1}})
	},
	"no cases is no error": func(t *testing.T, s Store) {
		got, err := s.Accept(t.Context(), nil)
		check(t, err)
		equal(t, "answers", got, []triage.Accepted{})
	},
	"a large call is stored in order": func(t *testing.T, s Store) {
		cases := many(1100)
		accept(t, s, cases...)
		got, err := s.Cases(t.Context(), ids(cases))
		check(t, err)
		equal(t, "ids", ids(got), ids(cases))
		if got[1099].Seq != 1100 {
			t.Errorf("the last case has number %d, want 1100", got[1099].Seq)
		}
	},
	"a complaint of the year 9999 comes back": func(t *testing.T, s Store) {
		c := simple(0)
		c.At = time.Date(9999, time.December, 31, 23, 59, 59, 999e6, time.UTC)
		c.Assessment.SLA.ResolveBy = c.At.Add(72 * time.Hour)
		accept(t, s, c)
		got, err := s.Case(t.Context(), c.ID)
		check(t, err)
		equal(t, "time", got.At, c.At)
	},
	"unknown times come back as zero, 1970 does not": func(t *testing.T, s Store) {
		unknown, epoch := simple(0), simple(1)
		unknown.At = time.Time{}
		epoch.At = time.Unix(0, 0)
		accept(t, s, unknown, epoch)
		got, err := s.Cases(t.Context(), []triage.ComplaintID{unknown.ID, epoch.ID})
		check(t, err)
		if !got[0].At.IsZero() || !got[0].ClosedAt.IsZero() {
			t.Errorf("unknown times came back as %v and %v", got[0].At, got[0].ClosedAt)
		}
		equal(t, "1970", got[1].At, epoch.At)
	},
	"a time in another zone is the same instant in UTC": func(t *testing.T, s Store) {
		c := simple(0)
		c.At = c.At.In(time.FixedZone("CST", 8*3600))
		accept(t, s, c)
		got, err := s.Case(t.Context(), c.ID)
		check(t, err)
		equal(t, "instant", got.At, c.At)
		equal(t, "zone", got.At.Location().String(), "UTC")
	},
	"concurrent calls each get their own answer": acceptConcurrently,
	"an ended context stores nothing": func(t *testing.T, s Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Accept(ctx, many(1)); err == nil {
			t.Error("got no error")
		}
		last, err := s.LastChange(t.Context())
		check(t, err)
		equal(t, "last change", last, int64(0))
	},
}

// acceptConcurrently lets writers overlap: half of their ids are shared.
func acceptConcurrently(t *testing.T, s Store) {
	const writers, each = 8, 20
	news := make([][]bool, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				own := simple(n)
				own.ID = triage.ComplaintID(fmt.Sprintf("w%d-%d", w, n))
				got, err := s.Accept(t.Context(), []triage.Case{simple(n), own})
				if err != nil {
					t.Error(err)
					return
				}
				stored, err := s.Case(t.Context(), own.ID)
				if err != nil || stored.Seq != got[1].Seq {
					t.Errorf("%s: number %d (%v), the answer was %d", own.ID, stored.Seq, err, got[1].Seq)
				}
				news[w] = append(news[w], got[0].New)
			}
		})
	}
	wg.Wait()
	fresh := 0
	for _, isNew := range slices.Concat(news...) {
		if isNew {
			fresh++
		}
	}
	equal(t, "shared ids that were new", fresh, each)
	last, err := s.LastChange(t.Context())
	check(t, err)
	equal(t, "last change", last, int64(writers*each+each))
}
