package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/llm"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/web"
	"github.com/qianyi-dev/qianyi/web/console"
)

// learning is what makes the model better: people's labels, and a language
// model's second opinion where there is one.
type learning struct {
	db      *store.DB
	swap    *modelSwap
	learner *learn.Learner
	// reviewer is nil without a language model, or when it is not to be asked.
	reviewer *cascade.Reviewer
}

// newLearning loads the model in use. base is the analyser that the
// configuration asks for; model may be nil.
func newLearning(ctx context.Context, c *config, base *pack.Analyzer, db *store.DB, model *llm.Client, log *slog.Logger) (*learning, error) {
	l := &learning{db: db}
	fixed := c.Model != ""
	if fixed {
		l.swap = newModelSwap(base, nil, log)
	} else {
		l.swap = newModelSwap(base, db, log)
	}
	l.swap.refresh(ctx)
	var err error
	l.learner, err = learn.New(c.Learning, learn.Deps{
		Base: base, Fixed: fixed, Labels: db, Models: db, Watch: db, Changed: l.swap.refresh, Now: c.now, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("configuration: learning: %w", err)
	}
	if model == nil || !c.SecondOpinion.Enabled {
		return l, nil
	}
	l.reviewer, err = cascade.New(c.SecondOpinion, cascade.Deps{
		Ask: model, Catalogue: l.swap, Store: db, Model: c.LLM.Model, Now: c.now, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("configuration: second_opinion: %w", err)
	}
	return l, nil
}

// addJobs adds the scheduled parts.
func (l *learning) addJobs(h *jobs.Handling) {
	h.Learn = l.learner.Nightly
	if l.reviewer != nil {
		h.Opinions = l.reviewer.Review
	}
}

// pages are what the page of the model needs.
func (l *learning) pages() *console.LearningDeps {
	d := &console.LearningDeps{Models: l.db, Desk: l.learner, Fixed: l.swap.models == nil}
	if l.reviewer != nil {
		d.Opinions = l.reviewer
	}
	return d
}

// api is the same for the API and the metrics.
func (l *learning) api() *web.LearningDeps {
	d := &web.LearningDeps{Models: l.db, Desk: l.learner}
	if l.reviewer != nil {
		d.Opinions = l.reviewer
	}
	return d
}
