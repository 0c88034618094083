package search_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

// fixtureSearch is one entry of testdata/<set>/searches.json.
type fixtureSearch struct {
	Name  string
	Query struct {
		Words, Type, Product, Region, Customer string

		Status        triage.Status
		Channel       triage.Channel
		From, To      time.Time
		Offset, Limit int
	}
	Want  []string
	Total *int
}

func TestSearchFixtures(t *testing.T) {
	t.Parallel()
	sets, err := filepath.Glob("testdata/*/searches.json")
	if err != nil || len(sets) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range sets {
		set := filepath.Base(filepath.Dir(path))
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var searches []fixtureSearch
			if err := json.Unmarshal(data, &searches); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			x, f := open(t, t.TempDir()), &feed{changes: readCases(t, set)}
			catchUp(t, x, f, len(f.changes))
			checkSearches(t, x, searches)
			if n, err := x.Rebuild(t.Context(), f, nil); err != nil || n != len(f.changes) {
				t.Fatalf("Rebuild = %d, %v, want %d cases", n, err, len(f.changes))
			}
			checkSearches(t, x, searches)
		})
	}
}

func checkSearches(t *testing.T, x *search.Index, searches []fixtureSearch) {
	t.Helper()
	for _, s := range searches {
		page, err := x.Search(t.Context(), search.Query{
			Words: s.Query.Words, Type: s.Query.Type, Status: s.Query.Status, Product: s.Query.Product,
			Channel: s.Query.Channel, Region: s.Query.Region, CustomerID: triage.CustomerID(s.Query.Customer),
			From: s.Query.From, To: s.Query.To, Offset: s.Query.Offset, Limit: s.Query.Limit,
		})
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if diff := cmp.Diff(s.Want, hitIDs(page.Hits)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.Name, diff)
		}
		total := len(s.Want)
		if s.Total != nil {
			total = *s.Total
		}
		if page.Total != total {
			t.Errorf("%s: total %d, want %d", s.Name, page.Total, total)
		}
		for i, h := range page.Hits {
			if h.Score < 0 || h.Score > 1 || i > 0 && h.Score > page.Hits[i-1].Score {
				t.Errorf("%s: hit %d has the score %v", s.Name, i, h.Score)
			}
		}
	}
}

func TestSearchRefusesAnOffsetOutOfRange(t *testing.T) {
	t.Parallel()
	x := open(t, t.TempDir())
	for _, offset := range []int{-1, 1_000_000} {
		if _, err := x.Search(t.Context(), search.Query{Offset: offset}); triage.CodeOf(err) != triage.CodeInvalid {
			t.Errorf("Search with offset %d: got error %v, want one of code %q", offset, err, triage.CodeInvalid)
		}
	}
}

func TestHighlight(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, query string
		want              []string
	}{
		{"words in order", "宽带断网，退款！宽带很慢", "宽带退款", []string{"宽带", "退款", "宽带"}},
		{"neighbours become one span", "话费充值不到账", "话费充值", []string{"话费充值"}},
		{"emoji before", "😡👨‍👩‍👧要求退款", "退款", []string{"退款"}},
		{"full width and case", "ＶｏＬＴＥ通话", "volte", []string{"ＶｏＬＴＥ"}},
		{"traditional text", "兩週沒退錢", "退钱", []string{"退錢"}},
		{"invalid bytes before", "\xff\xfe退款", "退款", []string{"退款"}},
		{"punctuation is no match", "退款！！！", "！", nil},
		{"empty query", "退款", "", nil},
		{"empty text", "", "退款", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			runes := []rune(tt.text)
			for _, s := range search.Highlight(segment.Default(), tt.text, tt.query) {
				got = append(got, string(runes[s.Start:s.End]))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Highlight(%q, %q) (-want +got):\n%s", tt.text, tt.query, diff)
			}
		})
	}
}
