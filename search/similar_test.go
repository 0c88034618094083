package search_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

func similar(t *testing.T, x *search.Index, q triage.SimilarQuery) []triage.Hit {
	t.Helper()
	hits, err := x.Similar(t.Context(), q)
	if err != nil {
		t.Fatalf("Similar(%+v): %v", q, err)
	}
	for i, h := range hits {
		if h.Score <= 0 || h.Score > 1 || i > 0 && h.Score > hits[i-1].Score {
			t.Errorf("Similar(%q): hit %d has the score %v", q.Text, i, h.Score)
		}
	}
	return hits
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	x, f := open(t, t.TempDir()), &feed{changes: readCases(t, "telecom")}
	catchUp(t, x, f, 5)
	tests := []struct {
		name  string
		query triage.SimilarQuery
		want  []string
	}{
		{"shared words, most first", triage.SimilarQuery{Text: "我充值话费，钱没有到账", Limit: 2}, []string{"c1", "c2"}},
		{"the case itself is left out", triage.SimilarQuery{Text: f.changes[0].Text, Exclude: "c1", Limit: 1}, []string{"c2"}},
		{"limit", triage.SimilarQuery{Text: "宽带断网没有修好", Limit: 1}, []string{"c3"}},
		{"full width and traditional text", triage.SimilarQuery{Text: "【寬帶】斷網", Limit: 1}, []string{"c3"}},
		{"no limit, no hits", triage.SimilarQuery{Text: "宽带"}, []string{}},
		{"empty text", triage.SimilarQuery{Limit: 5}, []string{}},
		{"only emoji", triage.SimilarQuery{Text: "😡😡", Limit: 5}, []string{}},
		{"unknown words", triage.SimilarQuery{Text: "冰箱不制冷", Limit: 5}, []string{}},
		{"invalid UTF-8", triage.SimilarQuery{Text: "\xff宽带\xfe断网", Limit: 1}, []string{"c3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, hitIDs(similar(t, x, tt.query))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSimilarScoreIsOneForTheSameWords(t *testing.T) {
	t.Parallel()
	x, f := open(t, t.TempDir()), &feed{changes: readCases(t, "telecom")}
	catchUp(t, x, f, 5)
	for _, weights := range []map[string]float64{nil, {"费用": 0.7, "网络": 0.3}} {
		hits := similar(t, x, triage.SimilarQuery{Text: f.changes[0].Text, TypeWeights: weights, Limit: 1})
		if len(hits) != 1 || hits[0].ID != "c1" || hits[0].Score < 0.999 {
			t.Errorf("type weights %v: got %+v, want c1 with the score 1", weights, hits)
		}
	}
}

func TestSimilarPrefersTheLikelyType(t *testing.T) {
	t.Parallel()
	x := open(t, t.TempDir())
	catchUp(t, x, &feed{changes: []triage.Case{
		{Complaint: triage.Complaint{ID: "a", Text: "宽带费用太高", Type: "网络"}},
		{Complaint: triage.Complaint{ID: "b", Text: "宽带费用太高", Type: "费用"}},
	}}, 2)
	for typ, want := range map[string]string{"网络": "a", "费用": "b"} {
		hits := similar(t, x, triage.SimilarQuery{Text: "宽带费用高", TypeWeights: map[string]float64{typ: 0.9}, Limit: 2})
		if len(hits) != 2 || string(hits[0].ID) != want {
			t.Errorf("likely type %s: got %+v, want %s first", typ, hits, want)
		}
	}
}

func TestSimilarAfterUpdatesAndReopening(t *testing.T) {
	t.Parallel()
	dir, f := t.TempDir(), &feed{changes: readCases(t, "telecom")}
	x := open(t, dir)
	catchUp(t, x, f, 5)
	c := f.changes[2]
	c.Text = "发票抬头开错了"
	f.write(c)
	catchUp(t, x, f, 1)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if diff := cmp.Diff([]string{"c3"}, hitIDs(similar(t, x, triage.SimilarQuery{Text: "发票开错", Limit: 5}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, h := range similar(t, x, triage.SimilarQuery{Text: "宽带断网", Limit: 5}) {
		if h.ID == "c3" {
			t.Error("c3 is still found by its old text")
		}
	}
}

func TestSimilarMegabyteWithoutPunctuation(t *testing.T) {
	t.Parallel()
	x := open(t, t.TempDir())
	text := strings.Repeat("宽带断网话费充值", 1<<17)
	catchUp(t, x, &feed{changes: []triage.Case{{Complaint: triage.Complaint{ID: "big", Text: text}}}}, 1)
	if diff := cmp.Diff([]string{"big"}, hitIDs(similar(t, x, triage.SimilarQuery{Text: text, Limit: 5}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
