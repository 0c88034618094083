package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/nlp/linear"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

var generalTasks = []nlp.Task{nlp.TaskType, nlp.TaskSubtype, nlp.TaskIntensity, nlp.TaskDemand}

// buildGeneral builds the model of the general pack. Telecom work orders are only
// ever tested on: their licence does not allow shipping weights made of them.
func (b *builder) buildGeneral(check bool) (io.WriterTo, error) {
	written, err := writtenExamples()
	if err != nil {
		return nil, err
	}
	train, err := labelled(filepath.Join(b.data, "general/labelled.train.jsonl"))
	if err != nil {
		return nil, err
	}
	dev, err := labelled(filepath.Join(b.data, "general/labelled.dev.jsonl"))
	if err != nil {
		return nil, err
	}
	more, err := b.labelledReviews()
	if err != nil {
		return nil, err
	}
	options := nlp.TrainOptions{Tasks: generalTasks, Balance: 0.3, MinCount: [2]int{2, 3}}
	if options.Background, err = b.background(); err != nil {
		return nil, err
	}
	base := append(append(written, train...), more...)
	var shippable []source
	for _, e := range dev {
		if e.name != "telecom" {
			shippable = append(shippable, e)
		}
	}
	fmt.Printf("general: %d written, %d labelled, %d more reviews, %d of dev\n", len(written), len(train), len(more), len(shippable))
	if b.measure {
		if err := b.judgeGeneral(base, dev, options); err != nil {
			return nil, err
		}
	}
	if check {
		return nil, nil
	}
	m, err := nlp.Train(b.ctx, examples(append(base, shippable...)), b.tokenizer, options)
	if err != nil {
		return nil, err
	}
	m.Card.Name = "general"
	m.Card.Sources = []string{
		"internal/corpus: complaints written for this project",
		"data/general/labelled.*: reviews labelled for this project, without the telecom items",
		"internal/corpus/reviews.tsv: further reviews labelled for this project, texts not included",
	}
	return m, nil
}

// background is what the general model builds on, with the vectors last built.
func (b *builder) background() (*nlp.Background, error) {
	file, err := os.ReadFile(filepath.Join(b.folder, "words.vectors"))
	if err != nil {
		return nil, err
	}
	vectors, err := nlp.ReadVectors(file)
	if err != nil {
		return nil, err
	}
	return pack.BaseBackground(vectors)
}

// source is an example with the name of where it is from.
type source struct {
	nlp.Example
	name string
}

func examples(sources []source) []nlp.Example {
	list := make([]nlp.Example, len(sources))
	for i, s := range sources {
		list[i] = s.Example
	}
	return list
}

const checkFolds = 5

// judgeGeneral measures on dev: every review by a model that was trained
// without its fold, every telecom item by all of them in turn.
func (b *builder) judgeGeneral(base, dev []source, options nlp.TrainOptions) error {
	correct, count := map[string]int{}, map[string]int{}
	for fold := range checkFolds {
		train := append([]source{}, base...)
		var test []source
		for _, e := range dev {
			if foldOf(e.Text) == fold {
				test = append(test, e)
			} else if e.name != "telecom" {
				train = append(train, e)
			}
		}
		m, err := nlp.Train(b.ctx, examples(train), b.tokenizer, options)
		if err != nil {
			return err
		}
		c, err := nlp.NewClassifier(m, b.tokenizer)
		if err != nil {
			return err
		}
		for _, e := range test {
			for i, d := range c.Classify(e.Text) {
				task := generalTasks[i]
				want := e.Labels[task]
				if want == "" {
					continue
				}
				group := "reviews"
				if e.name == "telecom" {
					group = "telecom"
				}
				for _, key := range []string{string(task) + " all", string(task) + " " + group} {
					count[key]++
					if d.Labels[d.Best()] == want {
						correct[key]++
					}
				}
			}
		}
	}
	for _, t := range generalTasks {
		for _, g := range []string{"all", "reviews", "telecom"} {
			key := string(t) + " " + g
			fmt.Printf("  unseen %-18s %d/%d = %.4f\n", key, correct[key], count[key], float64(correct[key])/float64(count[key]))
		}
	}
	return nil
}

func foldOf(text string) int {
	h := fnv.New32a()
	h.Write([]byte(text))
	return int(h.Sum32() % checkFolds)
}

func writtenExamples() ([]source, error) {
	items, err := corpus.Read()
	if err != nil {
		return nil, err
	}
	list := make([]source, len(items))
	for i, it := range items {
		list[i] = source{labels(it.Text, it.Type, it.Subtype, strconv.Itoa(it.Intensity), it.Demand), "written"}
	}
	return list, nil
}

func labels(text, typ, subtype, intensity, demand string) nlp.Example {
	return nlp.Example{Text: text, Labels: map[nlp.Task]string{
		nlp.TaskType: typ, nlp.TaskSubtype: subtype, nlp.TaskIntensity: intensity, nlp.TaskDemand: demand,
	}}
}

// labelled reads a file of data/general; labels on which the readers differed
// are null and become "".
func labelled(file string) ([]source, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []source
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var r struct {
			Source, Text, Type, Subtype, Demand string
			Intensity                           *int
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		intensity := ""
		if r.Intensity != nil {
			intensity = strconv.Itoa(*r.Intensity)
		}
		list = append(list, source{labels(r.Text, r.Type, r.Subtype, intensity, r.Demand), r.Source})
	}
	return list, lines.Err()
}

// labelledReviews joins the labels of internal/corpus/reviews.tsv with their
// texts, which stay in the shared folder.
func (b *builder) labelledReviews() ([]source, error) {
	texts := map[string]string{}
	for _, domain := range domains {
		rows, err := b.reviews(domain)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			texts[textKey(r.Text)] = r.Text
		}
	}
	var list []source
	for line := range strings.Lines(corpus.ReviewLabels) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if f[0] == "text_key" {
			continue // the header
		}
		if len(f) != 4 || texts[f[0]] == "" {
			return nil, fmt.Errorf("reviews.tsv: line %q has no four fields or no text in data/reviews", f[0])
		}
		typ, _, _ := strings.Cut(f[1], ".")
		list = append(list, source{labels(texts[f[0]], typ, f[1], f[2], f[3]), "reviews"})
	}
	return list, nil
}

func textKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// judge counts how often the first task of the model is right.
func judge(c *nlp.Classifier, labels []string, test []nlp.Example, task nlp.Task) linear.Report {
	number := map[string]int{}
	for i, l := range labels {
		number[l] = i
	}
	var predictions []linear.Prediction
	for _, e := range test {
		d := c.Classify(e.Text)[0]
		best := d.Best()
		predictions = append(predictions, linear.Prediction{True: number[e.Labels[task]], Predicted: best, Confidence: d.P[best]})
	}
	return linear.Judge(predictions, len(labels))
}
