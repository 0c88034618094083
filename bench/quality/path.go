package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// pathSizes are the corrections of each type after which the service is judged.
var pathSizes = []int{10, 50, 150}

// productPath does what a company does: for every fold a new service takes the
// complaints of the other folds in, people correct them type by type, a night
// passes after each size, and whatever model is then in use judges the fold. A
// part of the corrections is kept for testing and never trained on.
func productPath(ctx context.Context, examples []nlp.Example, groups []int) error {
	base, err := pack.NewAnalyzer(pack.Options{Pack: "telecom"})
	if err != nil {
		return err
	}
	accuracy := make([][]float64, len(pathSizes))
	promoted := make([]int, len(pathSizes))
	for fold := range folds {
		shares, learned, err := oneService(ctx, base, examples, groups, fold)
		if err != nil {
			return err
		}
		for i := range pathSizes {
			accuracy[i] = append(accuracy[i], shares[i])
			promoted[i] += learned[i]
		}
	}
	fmt.Printf("telecom through the service, unseen: corrections of each type, mean and standard deviation of %d folds\n", folds)
	for i, n := range pathSizes {
		mean, sd := spread(accuracy[i])
		fmt.Printf("%4d  %.4f ± %.4f, a learned model in use in %d of %d\n", n, mean, sd, promoted[i], folds)
	}
	return nil
}

// oneService returns, for each size, the accuracy on the fold, and 1 where a
// learned model was in use.
func oneService(ctx context.Context, base *pack.Analyzer, examples []nlp.Example, groups []int, fold int) (shares []float64, learned []int, err error) {
	dir, err := os.MkdirTemp("", "quality")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, filepath.Join(dir, "qianyi.db"))
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	now := time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)
	learner, err := learn.New(learn.Config{}, learn.Deps{
		Base: base, Labels: db, Models: db, Watch: db, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return now },
	})
	if err != nil {
		return nil, nil, err
	}
	code := map[string]string{}
	for _, t := range base.Types() {
		code[t.Name] = t.Code
	}
	had := map[string]int{}
	order := rand.New(rand.NewPCG(1, uint64(fold))).Perm(len(examples))
	for _, size := range pathSizes {
		now = now.AddDate(0, 0, 1)
		for _, i := range order {
			typ := code[examples[i].Labels[nlp.TaskType]]
			if groups[i]%folds == fold || had[typ] >= size || had[strconv.Itoa(i)] > 0 {
				continue
			}
			had[typ]++
			had[strconv.Itoa(i)]++
			if err := correct(ctx, base, db, strconv.Itoa(i), examples[i].Text, typ, now); err != nil {
				return nil, nil, err
			}
		}
		if _, err := learner.Nightly(ctx); err != nil {
			return nil, nil, err
		}
		m, content, err := learn.Active(ctx, db, base.PackCode())
		if err != nil {
			return nil, nil, err
		}
		a, err := base.WithModel(content)
		if err != nil {
			return nil, nil, err
		}
		learned = append(learned, min(int(m.ID), 1))
		shares = append(shares, unread(a, examples, groups, fold))
	}
	return shares, learned, nil
}

// correct takes a complaint in and has a person say its type.
func correct(ctx context.Context, a *pack.Analyzer, db *store.DB, id, text, typ string, at time.Time) error {
	c := triage.Case{Complaint: triage.Complaint{ID: triage.ComplaintID(id), Text: text, At: at}, ReceivedAt: at}
	c.Assessment = a.Assess(&c.Complaint)
	if _, err := db.Accept(ctx, []triage.Case{c}); err != nil {
		return err
	}
	return db.Confirm(ctx, triage.Label{Complaint: c.ID, Type: typ, Suggested: c.Assessment.Type, By: "reader", At: at})
}

// unread is the share of the fold's texts that an analyser judges right, without
// those that were read when the words were chosen.
func unread(a *pack.Analyzer, examples []nlp.Example, groups []int, fold int) float64 {
	right, count := 0, 0
	for i, e := range examples {
		if groups[i]%folds != fold || i%2 == readForWords {
			continue
		}
		count++
		if a.Assess(&triage.Complaint{Text: e.Text}).TypeName == e.Labels[nlp.TaskType] {
			right++
		}
	}
	return float64(right) / float64(count)
}
