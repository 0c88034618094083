package search_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

// feed is a change feed in memory: a list of writes, the last one of each case
// counts.
type feed struct {
	mu      sync.Mutex
	changes []triage.Case
	fail    error
	reads   int
}

func (f *feed) write(cases ...triage.Case) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes = append(f.changes, cases...)
}

func (f *feed) Changed(_ context.Context, after int64, limit int) ([]triage.Case, int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads++
	if f.fail != nil {
		return nil, 0, f.fail
	}
	var cases []triage.Case
	last := after
	for i := int(after); i < len(f.changes) && len(cases) < limit; i++ {
		last = int64(i + 1)
		later := func(c triage.Case) bool { return c.ID == f.changes[i].ID }
		if !slices.ContainsFunc(f.changes[i+1:], later) {
			cases = append(cases, f.changes[i])
		}
	}
	return cases, last, nil
}

func (f *feed) LastChange(context.Context) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.changes)), f.fail
}

var errFeed = errors.New("the database is away")

func open(tb testing.TB, dir string) *search.Index {
	tb.Helper()
	x, err := search.Open(dir, segment.Default(), search.Options{})
	if err != nil {
		tb.Fatalf("Open: %v", err)
	}
	tb.Cleanup(func() {
		if err := x.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return x
}

func catchUp(tb testing.TB, x *search.Index, f triage.ChangeFeed, want int) {
	tb.Helper()
	n, err := x.CatchUp(tb.Context(), f, nil)
	if err != nil {
		tb.Fatalf("CatchUp: %v", err)
	}
	if n != want {
		tb.Fatalf("CatchUp indexed %d cases, want %d", n, want)
	}
}

func ids(tb testing.TB, x *search.Index, q search.Query) []string {
	tb.Helper()
	page, err := x.Search(tb.Context(), q)
	if err != nil {
		tb.Fatalf("Search(%+v): %v", q, err)
	}
	return hitIDs(page.Hits)
}

func hitIDs(hits []triage.Hit) []string {
	got := []string{}
	for _, h := range hits {
		got = append(got, string(h.ID))
	}
	return got
}

// fixtureCase is one line of testdata/<set>/docs.jsonl.
type fixtureCase struct {
	ID, Title, Text, Type, Product, Region, Customer, Resolution string

	Channel triage.Channel
	Status  triage.Status
	At      time.Time
}

func readCases(tb testing.TB, set string) []triage.Case {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", set, "docs.jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	var cases []triage.Case
	for line := range strings.Lines(string(data)) {
		var c fixtureCase
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			tb.Fatalf("%s: %v in %s", set, err, line)
		}
		cases = append(cases, triage.Case{
			Complaint: triage.Complaint{
				ID: triage.ComplaintID(c.ID), Title: c.Title, Text: c.Text, Type: c.Type, Product: c.Product,
				Region: c.Region, CustomerID: triage.CustomerID(c.Customer), Channel: c.Channel, At: c.At, Resolution: c.Resolution,
			},
			Status: c.Status,
		})
	}
	return cases
}
