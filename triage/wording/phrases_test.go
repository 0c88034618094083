package wording_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// A mistake must be found in one plain sentence, and a proper sentence must
// pass. Some of the sentences hold more mistakes than the one they are for.
func TestPhrases(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	c := checker(t)
	demand := wording.Matter{Text: "你们的产品有问题，要求退款。", Demand: nlp.DemandRefund}
	for line := range strings.Lines(string(data)) {
		kind, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		about := demand
		if kind == "clean" {
			about = wording.Matter{} // the sentences answer different complaints
		}
		report := c.Check(text, about)
		switch {
		case kind == "clean" && len(report.Flags) > 0:
			t.Errorf("%s: flagged %+v", text, report.Flags)
		case kind != "clean" && !slices.Contains(kindsOf(report), wording.Kind(kind)):
			t.Errorf("%s: got %v, want %s", text, kindsOf(report), kind)
		}
	}
}
