package card

import (
	"regexp"
	"strings"
	"testing"
)

// Hearing all cues at once must find what a search for each alone finds, also in
// a text with many sentences and with broken characters.
func TestHearFindsWhatEachPatternFinds(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, e := range append(ownExamples(t), lookedExamples(t)...) {
		texts = append(texts, e.text)
	}
	texts = append(texts, "", strings.Join(texts[:60], "，"), "短信\xff\xfe天天发", "积分100变成250，TD还发")
	alone := make([]*regexp.Regexp, len(cues))
	for i, c := range cues {
		alone[i] = regexp.MustCompile(c.pattern)
	}
	heard := 0
	for _, text := range texts {
		for i, got := range hear(text) {
			if want := alone[i].FindString(text); got != want {
				t.Errorf("%q: cue %d (%s) got %q, want %q", text, i, cues[i].pattern, got, want)
			}
			if got != "" {
				heard++
			}
		}
	}
	if heard < 200 {
		t.Errorf("only %d cues were heard in %d texts", heard, len(texts))
	}
}

func BenchmarkCauseOfLongest(b *testing.B) {
	text := strings.Repeat("付款页面转了十分钟，钱扣了订单没有，客服让我等三天。", 500)
	for b.Loop() {
		CauseOf(text)
	}
}
