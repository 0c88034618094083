package search_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

// TestSimilarFindsCasesOfTheSameType measures the share of cases of the same
// type among the first five, leave-one-out on real telecom complaints, texts
// with the same Han characters left out: without type weights, and with the
// votes of the twenty nearest cases in the place of a classifier.
func TestSimilarFindsCasesOfTheSameType(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("3 000 queries take some seconds")
	}
	data, err := os.ReadFile(filepath.Join(testkit.Shared(t), "data", "telecom", "complaints.train.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	f, x := &feed{}, open(t, t.TempDir())
	for line := range strings.Lines(string(data)) {
		if typ, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && typ != "label" {
			f.write(triage.Case{Complaint: triage.Complaint{
				ID: triage.ComplaintID(strconv.Itoa(len(f.changes))), Type: typ, Text: text,
			}})
		}
	}
	catchUp(t, x, f, len(f.changes))

	plain, weighted := 0.0, 0.0
	for i := range f.changes {
		q := triage.SimilarQuery{Text: f.changes[i].Text, Exclude: f.changes[i].ID, Limit: 40}
		hits := withoutTwins(t, x, f.changes, i, q)
		plain += shareOfType(f.changes, hits, f.changes[i].Type)
		q.TypeWeights = votes(f.changes, hits)
		weighted += shareOfType(f.changes, withoutTwins(t, x, f.changes, i, q), f.changes[i].Type)
	}
	n := float64(len(f.changes))
	plain, weighted = plain/n, weighted/n
	t.Logf("same type in the first five of %d cases: %.4f, with votes as type weights %.4f", len(f.changes), plain, weighted)
	if plain < 0.74 || weighted < 0.79 {
		t.Errorf("got %.4f and %.4f, want at least 0.74 and 0.79", plain, weighted)
	}
}

func withoutTwins(t *testing.T, x *search.Index, cases []triage.Case, i int, q triage.SimilarQuery) []triage.Hit {
	t.Helper()
	hits, err := x.Similar(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	kept := hits[:0]
	for _, h := range hits {
		if hanOnly(cases[number(h)].Text) != hanOnly(cases[i].Text) {
			kept = append(kept, h)
		}
	}
	return kept
}

func number(h triage.Hit) int {
	n, err := strconv.Atoi(string(h.ID))
	if err != nil {
		panic(err) // the ids are made above
	}
	return n
}

func hanOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return -1
	}, s)
}

func shareOfType(cases []triage.Case, hits []triage.Hit, typ string) float64 {
	same := 0
	for _, h := range hits[:min(5, len(hits))] {
		if cases[number(h)].Type == typ {
			same++
		}
	}
	return float64(same) / 5
}

func votes(cases []triage.Case, hits []triage.Hit) map[string]float64 {
	w, sum := make(map[string]float64), 0.0
	for _, h := range hits[:min(20, len(hits))] {
		v := h.Score * h.Score * h.Score
		w[cases[number(h)].Type] += v
		sum += v
	}
	for typ := range w {
		w[typ] /= sum
	}
	return w
}
