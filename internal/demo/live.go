package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// live lets time go by: what happened up to each step is written before the
// step is done, so that nothing knows its future.
func (w *writer) live(ctx context.Context, c *company) error {
	exposures, events := c.exposures, c.events
	w.acts = c.acts
	for _, s := range c.steps {
		if err := w.act(ctx, s.at); err != nil {
			return err
		}
		w.clock(s.at)
		n := upTo(exposures, s.at, func(e *triage.Exposure) time.Time { return e.At })
		if err := w.exposures(ctx, exposures[:n]); err != nil {
			return err
		}
		m := upTo(events, s.at, func(e *event) time.Time { return e.complaint.At })
		if err := w.complaints(ctx, events[:m]); err != nil {
			return err
		}
		exposures, events = exposures[n:], events[m:]
		if err := w.do(ctx, c, s); err != nil {
			return fmt.Errorf("at %s: %w", s.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// upTo counts the first elements whose time is not after t.
func upTo[T any](list []T, t time.Time, at func(*T) time.Time) int {
	n := 0
	for n < len(list) && !at(&list[n]).After(t) {
		n++
	}
	return n
}

// do takes one step.
func (w *writer) do(ctx context.Context, c *company, s step) (err error) {
	p := w.target.Prevention
	switch {
	case s.do == work && w.target.Handling != nil:
		_, err = w.target.Handling.Cases.Watch(ctx)
		return err
	case s.do == review && w.target.Stream != nil:
		return w.target.Stream.Review(ctx)
	case s.do == work || s.do == review || p == nil:
		return nil
	case s.do == look:
		return p.Look(ctx, s.at)
	}
	m := c.matter(s.of, s.at, w.sent)
	switch s.do {
	case confirm:
		return p.Confirm(ctx, s.at, m)
	case submit:
		return p.Submit(ctx, s.at, m)
	case tell:
		w.told, err = p.Tell(ctx, s.at, m)
		return err
	default:
		return p.Settle(ctx, s.at, m)
	}
}

func (w *writer) exposures(ctx context.Context, list []triage.Exposure) error {
	if len(list) == 0 {
		return nil
	}
	n, err := w.target.History.PutExposures(ctx, list)
	if err != nil {
		return fmt.Errorf("exposures: %w", err)
	}
	w.sum.Exposures += n
	w.advance(len(list))
	return nil
}

// complaints submits those that are made: who was told of the batch and heeds
// it makes none.
func (w *writer) complaints(ctx context.Context, events []event) error {
	for chunk := range slices.Chunk(events, submitBatch) {
		batch := make([]triage.Complaint, 0, len(chunk))
		for i := range chunk {
			e := &chunk[i]
			if e.of == ofBatch && e.heeds && w.told[e.complaint.CustomerID] {
				w.sum.Heeded++
				continue
			}
			if e.of == ofBatch {
				w.sum.BatchComplained++
			}
			w.sent[e.complaint.ID] = true
			batch = append(batch, e.complaint)
		}
		accepted, err := w.target.Submit(ctx, batch)
		if err != nil {
			return fmt.Errorf("complaints from %s on: %w", chunk[0].complaint.ID, err)
		}
		w.sum.Complaints += accepted
		w.advance(len(chunk))
	}
	return nil
}
