package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// readForWords is the remainder by two of the examples that were read when the
// words of the pack were chosen; they are trained on, never judged.
const readForWords = 0

// labelsPerType are the sizes of the learning curve.
var labelsPerType = []int{10, 25, 50, 100, 150}

// curve measures what a pack that starts from its words makes of texts it has
// not seen after so many corrections of each type: for every fold a few draws
// of labels from the other folds, trained, joined with the pack and judged by
// the analyser that the service runs.
func curve(ctx context.Context, examples []nlp.Example, groups []int, draws int) error {
	base, err := pack.NewAnalyzer(pack.Options{Pack: "telecom"})
	if err != nil {
		return err
	}
	fmt.Printf("telecom after corrections, unseen: labels of each type, mean and standard deviation of %d folds (%d draws each)\n", folds, draws)
	for _, n := range labelsPerType {
		accuracy := make([]float64, folds)
		for fold := range folds {
			for draw := range draws {
				share, err := afterCorrections(ctx, base, examples, groups, fold, n, uint64(draw))
				if err != nil {
					return err
				}
				accuracy[fold] += share / float64(draws)
			}
		}
		mean, sd := spread(accuracy)
		fmt.Printf("%4d  %.4f ± %.4f\n", n, mean, sd)
	}
	return nil
}

// afterCorrections trains on n labels of each type from outside the fold and
// returns the share of the fold that is then judged right.
func afterCorrections(ctx context.Context, base *pack.Analyzer, examples []nlp.Example, groups []int, fold, n int, seed uint64) (float64, error) {
	rng := rand.New(rand.NewPCG(seed, uint64(fold)))
	had := map[string]int{}
	var train []nlp.Example
	for _, i := range rng.Perm(len(examples)) {
		label := examples[i].Labels[nlp.TaskType]
		if groups[i]%folds != fold && had[label] < n {
			had[label]++
			train = append(train, examples[i])
		}
	}
	m, err := base.Train(ctx, train)
	if err != nil {
		return 0, err
	}
	var file bytes.Buffer
	if _, err := m.WriteTo(&file); err != nil {
		return 0, err
	}
	a, err := base.WithModel(file.Bytes())
	if err != nil {
		return 0, err
	}
	return unread(a, examples, groups, fold), nil
}

func spread(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		sd += (v - mean) * (v - mean) / float64(len(values)-1)
	}
	return mean, math.Sqrt(sd)
}
