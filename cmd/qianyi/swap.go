package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

var (
	_ triage.Analyzer   = (*modelSwap)(nil)
	_ triage.Catalogue  = (*modelSwap)(nil)
	_ cascade.Catalogue = (*modelSwap)(nil)
)

// swapInterval is how soon a model that another process learned is used here.
const swapInterval = 30 * time.Second

// modelSwap is the analyser of the service: that of the model in use, which may
// change between two complaints. Dictionary, pack and types never change.
type modelSwap struct {
	base   *pack.Analyzer
	models learn.ModelStore // nil while the configuration names the model
	log    *slog.Logger
	used   atomic.Pointer[usedModel]
}

// usedModel is an analyser with the id of its model, 0 for that of base.
type usedModel struct {
	*pack.Analyzer
	id int64
}

// newModelSwap starts with base; models may be nil for a model that is fixed.
func newModelSwap(base *pack.Analyzer, models learn.ModelStore, log *slog.Logger) *modelSwap {
	s := &modelSwap{base: base, models: models, log: log}
	s.used.Store(&usedModel{Analyzer: base})
	return s
}

// Assess judges with the model in use.
func (s *modelSwap) Assess(c *triage.Complaint) triage.Assessment { return s.used.Load().Assess(c) }

// PackCode returns the code of the pack.
func (s *modelSwap) PackCode() string { return s.base.PackCode() }

// Types lists the types of the pack.
func (s *modelSwap) Types() []triage.TypeInfo { return s.base.Types() }

// Retype is that of the pack.
func (s *modelSwap) Retype(a triage.Assessment, at time.Time, typ, subtype string) (triage.Assessment, bool) {
	return s.base.Retype(a, at, typ, subtype)
}

// card returns the card of the model that decides the type.
func (s *modelSwap) card(fixed bool) (nlp.Card, bool) {
	u := s.used.Load()
	cards := u.Cards()
	switch {
	case len(cards) == 0:
		return nlp.Card{}, false
	case fixed || u.id != 0:
		return cards[len(cards)-1], true
	}
	return cards[0], true
}

// refresh takes the model that the store says is in use. One that cannot be used
// leaves the service on the shipped model, with a warning that says why.
func (s *modelSwap) refresh(ctx context.Context) {
	if s.models == nil {
		return
	}
	if m, err := s.models.ActiveModel(ctx, s.PackCode()); err == nil && m.ID == s.used.Load().id {
		return
	}
	m, content, err := learn.Active(ctx, s.models, s.PackCode())
	if err != nil && triage.CodeOf(err) != triage.CodeInternal {
		s.log.DebugContext(ctx, "the learned model cannot be looked up", "err", err) // asked again soon
		return
	}
	next := &usedModel{Analyzer: s.base, id: m.ID}
	if err == nil && m.ID != 0 {
		next.Analyzer, err = s.base.WithModel(content)
	}
	if err != nil {
		s.log.WarnContext(ctx, "the learned model cannot be used; the shipped one is", "model", m.ID, "err", err)
		next.Analyzer = s.base
	}
	if old := s.used.Swap(next); old.id != next.id {
		s.log.InfoContext(ctx, "another model is in use", "model", next.id, "before", old.id)
	}
}

// Run follows the store until ctx ends.
func (s *modelSwap) Run(ctx context.Context) {
	tick := time.NewTicker(swapInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.refresh(ctx)
		}
	}
}
