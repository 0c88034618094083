package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// proven is the proof of a trail that must hold.
func proven(t *testing.T, s Store) triage.AuditProof {
	t.Helper()
	p, err := s.VerifyAudit(t.Context(), nil)
	check(t, err)
	if !p.Holds() {
		t.Fatalf("entry %d: %s", p.Broken, p.Reason)
	}
	return p
}

var chainTests = map[string]func(*testing.T, Store){
	"an empty trail holds": func(t *testing.T, s Store) {
		equal(t, "proof", proven(t, s), triage.AuditProof{})
	},
	"every entry is linked to the one before": func(t *testing.T, s Store) {
		accept(t, s, many(30)...)
		check(t, s.Append(t.Context(), triage.AuditEntry{At: start, Actor: "li", Action: "unmask", Object: "case:c0001", Detail: "坏\xff\x00"}))
		p := proven(t, s)
		equal(t, "entries", p.Entries, int64(31))
		page, err := s.AuditPage(t.Context(), triage.AuditFilter{Limit: 31})
		check(t, err)
		prev := triage.AuditHash{}
		for _, e := range slices.Backward(page.Entries) {
			if e.Prev != prev || e.Hash != e.Link() {
				t.Errorf("entry %d does not follow the one before", e.ID)
			}
			prev = e.Hash
		}
		equal(t, "head", p.Head, prev)
	},
	"the chain holds under many writers, failures and large batches": func(t *testing.T, s Store) {
		accept(t, s, simple(9999))
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 20 {
					check(t, s.Append(t.Context(), triage.AuditEntry{At: start, Actor: fmt.Sprint("w", w), Action: fmt.Sprint(i), Object: "race"}))
					// A call that fails leaves its neighbours in the transaction alone.
					code(t, s.Close(t.Context(), triage.Closing{Complaint: "nobody", At: start}), triage.CodeNotFound)
				}
			})
		}
		wg.Go(func() {
			_, err := s.Accept(t.Context(), many(1000))
			check(t, err)
		})
		wg.Wait()
		equal(t, "entries", proven(t, s).Entries, int64(1+8*20+1000))
	},
	"a noted hash finds a trail that was written anew": func(t *testing.T, s Store) {
		for i := range 3 {
			check(t, s.Append(t.Context(), triage.AuditEntry{At: start, Actor: "li", Action: fmt.Sprint(i), Object: "x"}))
		}
		p := proven(t, s)
		again, err := s.VerifyAudit(t.Context(), map[int64]triage.AuditHash{p.Last: p.Head})
		check(t, err)
		equal(t, "proof", again, p)
		other, err := s.VerifyAudit(t.Context(), map[int64]triage.AuditHash{p.Last - 1: p.Head})
		check(t, err)
		equal(t, "broken", other.Broken, p.Last-1)
	},
	"the trail is filtered and paged, newest first": func(t *testing.T, s Store) {
		for i := range 10 {
			check(t, s.Append(t.Context(), triage.AuditEntry{
				At: start.Add(time.Duration(i) * time.Hour), Actor: []string{"li", "wang"}[i%2], Action: "view", Object: fmt.Sprint("case:", i%3),
			}))
		}
		count := func(f triage.AuditFilter) (n int) {
			f.Limit = 2
			last := int64(1 << 62)
			for {
				page, err := s.AuditPage(t.Context(), f)
				check(t, err)
				for _, e := range page.Entries {
					if e.ID >= last {
						t.Errorf("entry %d comes after %d", e.ID, last)
					}
					last = e.ID
				}
				n += len(page.Entries)
				if page.Next == 0 {
					return n
				}
				f.Before = page.Next
			}
		}
		equal(t, "all", count(triage.AuditFilter{}), 10)
		equal(t, "of li", count(triage.AuditFilter{Actor: "li"}), 5)
		equal(t, "about 0 by li", count(triage.AuditFilter{Actor: "li", Object: "case:0"}), 2)
		equal(t, "exports", count(triage.AuditFilter{Action: "export"}), 0)
		equal(t, "three hours", count(triage.AuditFilter{From: start.Add(time.Hour), To: start.Add(4 * time.Hour)}), 3)
		n := 0
		check(t, s.EachAudit(t.Context(), start.Add(time.Hour), time.Time{}, func(triage.ChainedEntry) error { n++; return nil }))
		equal(t, "from the second hour on", n, 9)
	},
}
