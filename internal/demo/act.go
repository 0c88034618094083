package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// act is what somebody does at a time.
type act struct {
	at time.Time
	// of is the complaint it is about, "" for none. It is left out when the
	// complaint was never made.
	of triage.ComplaintID
	do func(ctx context.Context, w *writer) error
}

// plan adds an act that needs the machinery of Handling.
func (f *founder) plan(at time.Time, of triage.ComplaintID, do func(ctx context.Context, h *Handling) error) {
	f.acts = append(f.acts, act{at: at, of: of, do: func(ctx context.Context, w *writer) error {
		if w.target.Handling == nil {
			return nil
		}
		return do(ctx, w.target.Handling)
	}})
}

// act does what is due by a time, in order. Acts may add others.
func (w *writer) act(ctx context.Context, until time.Time) error {
	for len(w.acts) > 0 && !w.acts[0].at.After(until) {
		a := w.acts[0]
		w.acts = w.acts[1:]
		w.advance(1)
		if a.of != "" && !w.sent[a.of] {
			continue
		}
		w.clock(a.at)
		if err := a.do(ctx, w); err != nil {
			return fmt.Errorf("%s at %s: %w", a.of, a.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// later adds an act while others are done.
func (w *writer) later(a act) {
	i, _ := slices.BinarySearchFunc(w.acts, a, compareActs)
	for i < len(w.acts) && compareActs(w.acts[i], a) == 0 {
		i++
	}
	w.acts = slices.Insert(w.acts, i, a)
	w.total++
}

func compareActs(a, b act) int { return a.at.Compare(b.at) }

// The hours in which the staff work, every day of the week.
const (
	opens  = 9
	closes = 18
)

// office moves a time to working hours: a time outside them to the next
// morning, within its first hour and a half.
func office(r *rand.Rand, t time.Time) time.Time {
	if h := t.Hour(); h >= opens && h < closes {
		return t
	}
	y, m, d := t.Date()
	if t.Hour() >= closes {
		d++
	}
	return time.Date(y, m, d, opens, 0, 0, 0, t.Location()).Add(between(r, time.Minute, 90*time.Minute))
}

// received is when a complaint of a time is taken in: at the next step.
func (f *founder) received(at time.Time) time.Time {
	i, _ := slices.BinarySearchFunc(f.steps, at, func(s step, at time.Time) int { return s.at.Compare(at) })
	if i == len(f.steps) {
		return f.now
	}
	return f.steps[i].at
}
