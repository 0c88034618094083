package card_test

import (
	"os"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
)

type labelled struct {
	cause card.Cause
	text  string
}

// sentences returns those of a part of causes.tsv, see testdata/README.md.
func sentences(t *testing.T, half string) []labelled {
	t.Helper()
	content, err := os.ReadFile("testdata/causes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var list []labelled
	for line := range strings.Lines(string(content)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 3 && f[0] == half {
			list = append(list, labelled{card.Cause(f[1]), f[2]})
		}
	}
	return list
}

// macroF1 is the mean over the causes of the harmonic mean of precision and
// recall.
func macroF1(t *testing.T, half string) float64 {
	t.Helper()
	list := sentences(t, half)
	right, said, are := map[card.Cause]float64{}, map[card.Cause]float64{}, map[card.Cause]float64{}
	for _, s := range list {
		got, _ := card.CauseOf(s.text)
		said[got]++
		are[s.cause]++
		if got == s.cause {
			right[got]++
		} else if !strings.HasSuffix(half, "unseen") {
			t.Logf("%s, not %s: %s", got, s.cause, s.text)
		}
	}
	sum := 0.0
	for _, c := range card.Causes {
		sum += 2 * right[c] / (said[c] + are[c])
	}
	return sum / float64(len(card.Causes))
}

func TestCauseOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		half  string
		least float64
	}{{"seen", 0.9}, {"unseen", 0.9}, {"stranger-looked", 0.9}, {"stranger-unseen", 0.76}} {
		t.Run(tt.half, func(t *testing.T) {
			t.Parallel()
			list := sentences(t, tt.half)
			if len(list) < 50 {
				t.Fatalf("got %d sentences, want 50 or more", len(list))
			}
			f1 := macroF1(t, tt.half)
			t.Logf("macro F1 %.3f on %d sentences", f1, len(list))
			if f1 < tt.least {
				t.Errorf("got a macro F1 of %.3f, want %.2f", f1, tt.least)
			}
		})
	}
}

func TestCauseOfShowsItsWords(t *testing.T) {
	t.Parallel()
	cause, words := card.CauseOf("回复T退订后还继续发")
	if cause != card.RandomSMS || len(words) == 0 {
		t.Errorf("got %s because of %q, want random_sms and words", cause, words)
	}
	if cause, words := card.CauseOf(""); cause != card.OtherCause || words != nil {
		t.Errorf("of no text: got %s because of %q", cause, words)
	}
}

func TestEndOfAContractIsNoCue(t *testing.T) {
	t.Parallel()
	const text = "客户参加的存费送机活动，合约到期后手机无法上网，要求处理"
	if cause, words := card.CauseOf(text); cause == card.Planning {
		t.Errorf("got planning because of %q", words)
	}
}
