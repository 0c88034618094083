package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// memory is a change feed over the examples.
type memory []triage.Case

func (m memory) Changed(_ context.Context, after int64, limit int) ([]triage.Case, int64, error) {
	end := min(int(after)+limit, len(m))
	return m[after:end], int64(end), nil
}

func (m memory) LastChange(context.Context) (int64, error) { return int64(len(m)), nil }

// similar measures the share of cases of the same type among the first five,
// leave one out, texts with the same Han characters not counted; with type
// weights from the out-of-fold classifier and without.
func similar(ctx context.Context, tokenizer *pack.Tokenizer, examples []nlp.Example, posteriors []map[string]float64) error {
	dir, err := os.MkdirTemp("", "quality")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	index, err := search.Open(dir, tokenizer.Segmenter, search.Options{})
	if err != nil {
		return err
	}
	defer index.Close()
	feed := make(memory, len(examples))
	for i, e := range examples {
		feed[i].Complaint = triage.Complaint{ID: triage.ComplaintID(strconv.Itoa(i)), Text: e.Text, Type: e.Labels[nlp.TaskType]}
	}
	if _, err := index.CatchUp(ctx, feed, nil); err != nil {
		return err
	}
	var plain, weighted float64
	for i := range examples {
		for _, weights := range []map[string]float64{nil, posteriors[i]} {
			share, err := shareOfType(ctx, index, examples, i, weights)
			if err != nil {
				return err
			}
			if weights == nil {
				plain += share
			} else {
				weighted += share
			}
		}
	}
	n := float64(len(examples))
	fmt.Printf("similar telecom cases, same type in the first five: %.4f, without type weights %.4f\n", weighted/n, plain/n)
	return nil
}

func shareOfType(ctx context.Context, index *search.Index, examples []nlp.Example, i int, weights map[string]float64) (float64, error) {
	hits, err := index.Similar(ctx, triage.SimilarQuery{
		Exclude: triage.ComplaintID(strconv.Itoa(i)), Text: examples[i].Text, TypeWeights: weights, Limit: 60,
	})
	if err != nil {
		return 0, err
	}
	same, count := 0, 0
	for _, h := range hits {
		k, err := strconv.Atoi(string(h.ID))
		if err != nil {
			return 0, err
		}
		if han(examples[k].Text) == han(examples[i].Text) {
			continue
		}
		if count++; examples[k].Labels[nlp.TaskType] == examples[i].Labels[nlp.TaskType] {
			same++
		}
		if count == 5 {
			break
		}
	}
	if count == 0 {
		return 0, nil
	}
	return float64(same) / float64(count), nil
}
