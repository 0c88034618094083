package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// evalReport is the answer of eval. Rows of Confusion are true labels, columns
// answers, both in the order of Labels. ECE and RiskCoverage are null where the
// answers carry no probability.
type evalReport struct {
	Task         nlp.Task                      `json:"task"`
	Count        int                           `json:"count"`
	Accuracy     float64                       `json:"accuracy"`
	MacroF1      float64                       `json:"macro_f1"`
	ECE          *float64                      `json:"ece"`
	Labels       []string                      `json:"labels"`
	Classes      map[string]linear.ClassReport `json:"classes"`
	Confusion    [][]int                       `json:"confusion"`
	RiskCoverage []linear.CoveragePoint        `json:"risk_coverage"`
}

// evaluate asks the oracle about every text, on all cores.
func evaluate(o *oracle, texts []labelledText) *evalReport {
	asked := map[string]bool{}
	for i := range texts {
		texts[i].label = o.own(texts[i].label)
		asked[texts[i].label] = true
	}
	answers := make([]string, len(texts))
	predictions := make([]linear.Prediction, len(texts))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(texts); i += workers {
				answers[i], predictions[i].Confidence = o.judge(texts[i].text, asked)
			}
		})
	}
	wg.Wait()

	labels := append(slices.Clone(o.labels), labelsOf(texts)...)
	labels = append(labels, answers...)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	for i := range texts {
		predictions[i].True, _ = slices.BinarySearch(labels, texts[i].label)
		predictions[i].Predicted, _ = slices.BinarySearch(labels, answers[i])
	}
	j := linear.Judge(predictions, len(labels))
	r := &evalReport{
		Task: o.task, Count: j.Count, Accuracy: j.Accuracy, MacroF1: j.MacroF1,
		Labels: labels, Classes: map[string]linear.ClassReport{}, Confusion: j.Confusion,
	}
	for i, l := range labels {
		r.Classes[l] = j.Classes[i]
	}
	if o.calibrated {
		r.ECE, r.RiskCoverage = &j.ECE, j.RiskCoverage
	}
	return r
}

// print writes the report for people.
func (r *evalReport) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "task %s, %d texts: accuracy %.4f, macro F1 %.4f", r.Task, r.Count, r.Accuracy, r.MacroF1)
	if r.ECE != nil {
		fmt.Fprintf(w, ", ECE %.4f", *r.ECE)
	}
	fmt.Fprintf(w, "\n\nlabel\tprecision\trecall\tF1\tsupport\n")
	for _, l := range r.Labels {
		c := r.Classes[l]
		fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%.4f\t%d\n", l, c.Precision, c.Recall, c.F1, c.Support)
	}
	fmt.Fprintf(w, "\nconfusion: a row is a true label, a column an answer\n")
	for i := range r.Labels {
		fmt.Fprintf(w, "\t%d", i+1)
	}
	fmt.Fprintln(w)
	for i, row := range r.Confusion {
		fmt.Fprintf(w, "%d %s\t%s\n", i+1, r.Labels[i], strings.Trim(strings.ReplaceAll(fmt.Sprint(row), " ", "\t"), "[]"))
	}
	if len(r.RiskCoverage) > 0 {
		fmt.Fprintf(w, "\ncoverage\taccuracy\tconfidence from\n")
	}
	for _, p := range r.RiskCoverage {
		fmt.Fprintf(w, "%.2f\t%.4f\t%.4f\n", p.Coverage, p.Accuracy, p.Confidence)
	}
	return w.Flush()
}
