package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/nlp"
)

var domains = []string{"hotel", "shopping", "takeaway"}

var sentimentOptions = nlp.TrainOptions{
	Tasks: []nlp.Task{nlp.TaskSentiment}, Folds: 3, C: [3]float64{0.5, 0.5, 0.5},
	MinCount: [2]int{3, 4}, MaxFeatures: [2]int{30_000, 90_000},
}

// buildSentiment builds the polarity model from reviews and the written corpus.
func (b *builder) buildSentiment(check bool) (io.WriterTo, error) {
	written, err := writtenMoods()
	if err != nil {
		return nil, err
	}
	var train []nlp.Example
	unseen := map[string][]nlp.Example{}
	for _, domain := range domains {
		rows, err := b.reviews(domain)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if foldOf(r.Text) == 0 {
				unseen[domain] = append(unseen[domain], r)
			} else {
				train = append(train, r)
			}
		}
	}
	m, err := nlp.Train(b.ctx, append(train, written...), b.tokenizer, sentimentOptions)
	if err != nil {
		return nil, err
	}
	c, err := nlp.NewClassifier(m, b.tokenizer)
	if err != nil {
		return nil, err
	}
	labels, _ := m.Labels(nlp.TaskSentiment)
	for _, domain := range domains {
		r := judge(c, labels, unseen[domain], nlp.TaskSentiment)
		fmt.Printf("  unseen %-9s accuracy %.4f, ECE %.4f of %d\n", domain, r.Accuracy, r.ECE, r.Count)
	}
	if check {
		return nil, nil
	}
	for _, domain := range domains {
		train = append(train, unseen[domain]...)
	}
	m, err = nlp.Train(b.ctx, append(train, written...), b.tokenizer, sentimentOptions)
	if err != nil {
		return nil, err
	}
	m.Card.Name = "sentiment"
	m.Card.Sources = []string{
		"data/reviews: ChnSentiCorp_htl_all, online_shopping_10_cats, waimai_10k (published for research)",
		"internal/corpus: complaints written for this project, calm records as neutral",
	}
	return m, nil
}

// writtenMoods labels the written corpus: a calm record is neutral, any other
// complaint negative. Without them, complaints in the register of citizens and
// call centres are far from every review, and their polarity is a guess.
func writtenMoods() ([]nlp.Example, error) {
	items, err := corpus.Read()
	if err != nil {
		return nil, err
	}
	var list []nlp.Example
	for _, it := range items {
		if it.Type == "other" {
			continue
		}
		mood := nlp.Negative
		if it.Intensity == 0 && isRecord(it.Text) {
			mood = nlp.Neutral
		}
		list = append(list, nlp.Example{Text: it.Text, Labels: map[nlp.Task]string{nlp.TaskSentiment: string(mood)}})
	}
	return list, nil
}

// isRecord recognises the register of call-centre and government records.
func isRecord(text string) bool {
	for _, w := range []string{"客户", "用户", "来电", "市民", "请核", "请查", "反映", "账号", "工号"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// reviews reads one file of data/reviews as positive and negative examples.
func (b *builder) reviews(domain string) ([]nlp.Example, error) {
	file := filepath.Join(b.data, "reviews", domain+".train.tsv")
	all, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []nlp.Example
	for line := range strings.Lines(string(all)) {
		label, text, found := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
		if !found || (label != "0" && label != "1") {
			continue
		}
		polarity := nlp.Negative
		if label == "1" {
			polarity = nlp.Positive
		}
		list = append(list, nlp.Example{Text: text, Labels: map[nlp.Task]string{nlp.TaskSentiment: string(polarity)}})
	}
	return list, nil
}
