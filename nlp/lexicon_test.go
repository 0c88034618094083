package nlp_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

// odds is the log odds that a lexicon gives "a" against "b".
func odds(t *testing.T, words map[string]map[string]float64, text string) float64 {
	t.Helper()
	n := nlp.Normalize(text)
	d, _ := nlp.NewLexicon(words).Judge(n.Text)
	if diff := cmp.Diff([]string{"a", "b"}, d.Labels); diff != "" {
		t.Fatalf("labels (-want +got):\n%s", diff)
	}
	if sum := d.P[0] + d.P[1]; math.Abs(sum-1) > 1e-12 {
		t.Fatalf("probabilities %v add up to %v", d.P, sum)
	}
	return math.Log(d.P[0] / d.P[1])
}

func TestLexiconJudge(t *testing.T) {
	t.Parallel()
	words := map[string]map[string]float64{
		"a": {"话费": 1, "话费充值": 2, "充值": 1, "ＶＩＰ": 1, "不是话费": -2},
		"b": {"宽带": 1, "话费": 1},
	}
	only := func(weights map[string]float64) map[string]map[string]float64 {
		return map[string]map[string]float64{"a": weights, "b": {}}
	}
	tests := []struct {
		name, text string
		same       map[string]map[string]float64 // the lexicon and text that must give the same odds
		as         string
	}{
		{"the longest word of a label wins", "话费充值失败", map[string]map[string]float64{"a": {"话费充值": 2}, "b": {"话费": 1}}, "话费充值"},
		{"a word counts once", "充值充值充值", only(map[string]float64{"充值": 1}), "充值"},
		{"words beside each other both count", "充值vip", only(map[string]float64{"x": 2}), "x"},
		{"width and case do not matter", "ｖｉｐ", only(map[string]float64{"x": 1}), "x"},
		{"negative weights speak against", "不是话费", map[string]map[string]float64{"a": {"x": -2}, "b": {"x": 1}}, "x"},
		{"a word of both labels decides nothing", "话费", only(nil), "x"},
		{"no word, no opinion", "你好", only(nil), "x"},
		{"empty", "", only(nil), "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, want := odds(t, words, tt.text), odds(t, tt.same, tt.as)
			if math.Abs(got-want) > 1e-12 {
				t.Errorf("log odds of %q = %v, want %v", tt.text, got, want)
			}
		})
	}
}

func TestLexiconDampensManyWords(t *testing.T) {
	t.Parallel()
	words := map[string]map[string]float64{"a": {"甲": 1, "乙": 1, "丙": 1, "丁": 1}, "b": {}}
	last, step := 0.0, math.Inf(1)
	for _, text := range []string{"甲", "甲乙", "甲乙丙", "甲乙丙丁"} {
		got := odds(t, words, text)
		if got <= last || got-last >= step {
			t.Errorf("log odds of %q = %v after %v: want more, and less more than the step of %v before", text, got, last, step)
		}
		last, step = got, got-last
	}
}

func TestLexiconWithoutWords(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]map[string]map[string]float64{
		"no labels": nil, "no words": {"a": nil}, "words of nothing": {"a": {"": 1, "\u200b": 2}},
	} {
		d, marks := nlp.NewLexicon(words).Judge("话费")
		if len(d.P) != len(words) || len(marks) != 0 {
			t.Errorf("%s: %v, %v", name, d, marks)
		}
	}
}
