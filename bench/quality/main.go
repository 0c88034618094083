// Command quality measures what the service makes of the visible telecom set:
// a trained type model and the words alone on unseen texts, calibration, and
// the likeness of similar cases. It prints the figures of docs/performance.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/nlp/linear"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

const folds = 5

func main() {
	shared := flag.String("shared", "../shared/data", "folder of the shared data")
	only := flag.String("only", "", "measure one part: curve or path; everything without")
	draws := flag.Int("draws", 3, "draws of labels for each fold of the learning curve")
	flag.Parse()
	if err := run(context.Background(), *shared, *only, *draws); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, shared, only string, draws int) error {
	examples, err := read(filepath.Join(shared, "telecom/complaints.train.tsv"))
	if err != nil {
		return err
	}
	shipped, err := pack.LoadShipped()
	if err != nil {
		return err
	}
	tokenizer, err := pack.NewTokenizer(nil)
	if err != nil {
		return err
	}
	groups := group(examples)
	switch only {
	case "curve":
		return curve(ctx, examples, groups, draws)
	case "path":
		return productPath(ctx, examples, groups)
	}
	posteriors, err := crossValidate(ctx, shipped, tokenizer, examples, groups)
	if err != nil {
		return err
	}
	if err := words(examples); err != nil {
		return err
	}
	if err := curve(ctx, examples, groups, draws); err != nil {
		return err
	}
	if err := productPath(ctx, examples, groups); err != nil {
		return err
	}
	return similar(ctx, tokenizer, examples, posteriors)
}

// crossValidate trains on four fifths and judges the rest, near-copies kept
// together, and returns every example's out-of-fold type probabilities.
func crossValidate(ctx context.Context, shipped *pack.Shipped, tokenizer *pack.Tokenizer, examples []nlp.Example, groups []int) ([]map[string]float64, error) {
	number := map[string]int{}
	for _, l := range labelsOf(examples) {
		number[l] = len(number)
	}
	posteriors := make([]map[string]float64, len(examples))
	var predictions []linear.Prediction
	for fold := range folds {
		var train []nlp.Example
		for i, e := range examples {
			if groups[i]%folds != fold {
				train = append(train, e)
			}
		}
		m, err := shipped.Train(ctx, nlp.TaskType, train, tokenizer, nil)
		if err != nil {
			return nil, err
		}
		c, err := nlp.NewClassifier(m, tokenizer)
		if err != nil {
			return nil, err
		}
		for i, e := range examples {
			if groups[i]%folds != fold {
				continue
			}
			d := c.Classify(e.Text)[0]
			best := d.Best()
			posteriors[i] = map[string]float64{}
			for k, l := range d.Labels {
				posteriors[i][l] = d.P[k]
			}
			predictions = append(predictions, linear.Prediction{
				True: number[e.Labels[nlp.TaskType]], Predicted: number[d.Labels[best]], Confidence: d.P[best],
			})
		}
	}
	r := linear.Judge(predictions, len(number))
	fmt.Printf("telecom trained, unseen (%d folds of %d): accuracy %.4f, macro F1 %.4f, ECE %.4f\n", folds, r.Count, r.Accuracy, r.MacroF1, r.ECE)
	return posteriors, nil
}

// words judges the telecom pack without any label: by its words alone, and
// with the shipped model's help.
func words(examples []nlp.Example) error {
	for _, only := range []bool{true, false} {
		a, err := pack.NewAnalyzer(pack.Options{Pack: "telecom", WordsOnly: only})
		if err != nil {
			return err
		}
		var right, count [2]int
		for i, e := range examples {
			count[i%2]++
			if a.Assess(&triage.Complaint{Text: e.Text}).TypeName == e.Labels[nlp.TaskType] {
				right[i%2]++
			}
		}
		// The words were chosen by reading the even lines of the file, which are
		// the examples 0, 2, …; the odd lines were never read.
		fmt.Printf("telecom without labels (words only: %v): unread lines %.4f, lines read for the words %.4f\n", only,
			float64(right[1])/float64(count[1]), float64(right[0])/float64(count[0]))
	}
	return nil
}

func read(file string) ([]nlp.Example, error) {
	all, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []nlp.Example
	for i, line := range strings.Split(strings.TrimSpace(string(all)), "\n") {
		label, text, found := strings.Cut(strings.TrimRight(line, "\r"), "\t")
		if i > 0 && found {
			list = append(list, nlp.Example{Text: text, Labels: map[nlp.Task]string{nlp.TaskType: label}})
		}
	}
	return list, nil
}

func labelsOf(examples []nlp.Example) []string {
	var labels []string
	for _, e := range examples {
		labels = append(labels, e.Labels[nlp.TaskType])
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}
