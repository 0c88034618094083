package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	// labelShare of the cases that are worked on step by step get a word of a
	// person on their type, pastShare of those that came in with their end.
	labelShare = .7
	pastShare  = .1
)

// makeLabels lets the agents judge the type of past cases, as a sample.
func (f *founder) makeLabels() {
	r := f.stream(partDecisions)
	for i := range f.events {
		e := &f.events[i]
		if e.live || e.complaint.Type == "" || r.Float64() >= pastShare {
			continue
		}
		at := office(r, f.received(e.complaint.At).Add(between(r, time.Hour, 20*time.Hour)))
		f.label(r, e, at, f.agentFor(r, f.content.Departments[e.truth.Type]))
	}
}

// label lets a person judge the type of most cases at a time that has come.
func (f *founder) label(r *rand.Rand, e *event, at time.Time, by string) {
	if r.Float64() >= labelShare && e.live || !at.Before(f.now) {
		return
	}
	c := &e.complaint
	f.acts = append(f.acts, act{at: at, of: c.ID, do: func(ctx context.Context, w *writer) error {
		if _, err := w.target.Decisions.Confirm(ctx, c.ID, e.truth.Type, e.truth.Subtype, by); err != nil {
			return fmt.Errorf("confirm: %w", err)
		}
		w.sum.Confirmed++
		return nil
	}})
}
