package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/corpus"
)

// labelledFile writes complaints of two types from the corpus, under the given
// labels.
func labelledFile(t *testing.T, labels [2]string) string {
	t.Helper()
	items, err := corpus.Read()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("label\ttext\n")
	count := map[string]int{}
	for _, it := range items {
		k := slices.Index([]string{"logistics", "billing"}, it.Type)
		if k >= 0 && count[it.Type] < 60 {
			count[it.Type]++
			fmt.Fprintf(&b, "%s\t%s\n", labels[k], strings.Join(strings.Fields(it.Text), " "))
		}
	}
	return file(t, "labelled.tsv", b.String())
}

func TestTrainEvalAndUse(t *testing.T) {
	t.Parallel()
	in := labelledFile(t, [2]string{"logistics", "billing"})
	model := filepath.Join(t.TempDir(), "m.model")
	r := qianyi(t, "", "train", "--task", "type", "--in", in, "--out", model, "--json").must(t, exitOK)
	var figures struct {
		Examples int     `json:"examples"`
		Accuracy float64 `json:"accuracy"`
	}
	if err := json.Unmarshal([]byte(r.out), &figures); err != nil || figures.Examples != 120 || figures.Accuracy < 0.9 {
		t.Errorf("figures %s (%v)", r.out, err)
	}
	r = qianyi(t, "", "eval", "--model", model, "--in", in, "--json").must(t, exitOK)
	var report map[string]any
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"accuracy", "macro_f1", "ece", "count", "labels", "classes", "confusion", "risk_coverage"} {
		if report[key] == nil {
			t.Errorf("eval --json lacks %s: %.300s", key, r.out)
		}
	}
	if report["accuracy"].(float64) < 0.99 {
		t.Errorf("accuracy on its own training data is %v", report["accuracy"])
	}
	r = qianyi(t, "", "eval", "--model", model, "--in", in).must(t, exitOK)
	if !strings.Contains(r.out, "macro F1") || !strings.Contains(r.out, "confusion") {
		t.Errorf("eval prints\n%s", r.out)
	}
}

func TestEvalCountsUnknownLabelsAsErrors(t *testing.T) {
	t.Parallel()
	model := filepath.Join(t.TempDir(), "m.model")
	qianyi(t, "", "train", "--task", "type", "--in", labelledFile(t, [2]string{"a", "b"}), "--out", model).must(t, exitOK)
	r := qianyi(t, "", "eval", "--model", model, "--in", labelledFile(t, [2]string{"a", "c"}), "--json").must(t, exitOK)
	var report evalReport
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatal(err)
	}
	if report.Accuracy > 0.5 || report.Accuracy < 0.45 || report.Count != 120 || strings.Join(report.Labels, " ") != "a b c" {
		t.Errorf("accuracy %v of %d over %v, want about 0.5 of 120 over a b c", report.Accuracy, report.Count, report.Labels)
	}
}

func TestEvalOfAPackTakesCodesAndNames(t *testing.T) {
	t.Parallel()
	in := file(t, "in.tsv", "label\ttext\n物流配送\t快递丢了三天物流不更新，包裹丢失\nlogistics\t快递丢件，物流信息停滞\n")
	r := qianyi(t, "", "eval", "--pack", "general", "--words-only", "--in", in, "--json").must(t, exitOK)
	var report evalReport
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatal(err)
	}
	if report.Classes["logistics"].Support != 2 || report.ECE == nil {
		t.Errorf("got %.400s", r.out)
	}
	in = file(t, "in.tsv", "label\ttext\n1\t很好吃，五星好评\n0\t太难吃了，差评\n")
	r = qianyi(t, "", "eval", "--pack", "general", "--task", "sentiment", "--in", in, "--json").must(t, exitOK)
	if err := json.Unmarshal([]byte(r.out), &report); err != nil || report.Accuracy != 1 || report.Count != 2 {
		t.Errorf("sentiment: %.400s (%v)", r.out, err)
	}
}

func TestTrainingDataMistakes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ content, says string }{
		"one label":  {"label\ttext\na\t快递丢了\na\t快递迟到\n", "two different labels"},
		"no row":     {"label\ttext\n", "no row"},
		"no label":   {"id,text\n1,快递丢了\n", "no row"},
		"empty file": {"", "empty"},
	} {
		path := file(t, "in.tsv", tt.content)
		out := filepath.Join(t.TempDir(), "m.model")
		r := qianyi(t, "", "train", "--task", "type", "--in", path, "--out", out).must(t, exitFailure)
		if !strings.Contains(r.err, path) || !strings.Contains(r.err, tt.says) {
			t.Errorf("%s: stderr is %q", name, r.err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: a model was written", name)
		}
	}
}

func TestEvalNamesADamagedModel(t *testing.T) {
	t.Parallel()
	model := file(t, "m.model", "QIANYI MODEL 1\n"+strings.Repeat("damage", 100))
	r := qianyi(t, "", "eval", "--model", model, "--in", labelledFile(t, [2]string{"a", "b"})).must(t, exitFailure)
	if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, model) {
		t.Errorf("stderr is %q, want one line that names the model", r.err)
	}
}
