package demo

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// unanswered is how young a question or a hand-over has no answer at all.
const unanswered = 20 * time.Hour

// ask waits for something that only the customer has. They answer at any hour;
// false is that they have not yet.
func (s *script) ask() bool {
	if !s.later(10*time.Minute, time.Hour) {
		return false
	}
	id, by := s.e.complaint.ID, s.owner
	w := pick(s.r, s.f.content.Handling.Waiting)
	s.do(func(ctx context.Context, h *Handling) error {
		_, err := h.Cases.Wait(ctx, id, w.Ask, by, 0)
		return err
	})
	at := s.at.Add(between(s.r, 2*time.Hour, 40*time.Hour))
	if s.f.now.Sub(s.at) < unanswered || !at.Before(s.until) {
		if s.until.Equal(s.f.now) {
			s.f.asking++
		}
		return false
	}
	s.at = at
	s.do(func(ctx context.Context, h *Handling) error { return h.Talk.Hear(ctx, id, w.Answer, at) })
	return true
}

// handOver gives the case to another department, which takes it or sends it
// back; false is that it has not answered yet.
func (s *script) handOver() bool {
	if !s.later(10*time.Minute, 2*time.Hour) {
		return false
	}
	c := &s.e.complaint
	to := s.f.elsewhere(s.r, s.department)
	receiver := pick(s.r, s.f.agents(to))
	words := s.f.content.Handling.HandOvers[to]
	h := life.HandOver{
		Case: c.ID, Department: to, Task: words.Task, Due: s.at.Add(2 * day), By: s.owner,
		Facts: map[string]string{
			"demand": "按核实结果答复客户，并给出解决时间", "product": c.Product,
			"checked": words.Checked, "promised": s.f.content.Handling.Promised,
		},
	}
	s.do(func(ctx context.Context, d *Handling) error {
		_, err := d.HandOvers.HandOver(ctx, h)
		return err
	})
	if s.f.now.Sub(s.at) < unanswered || !s.later(30*time.Minute, 9*time.Hour) {
		if s.away = true; s.until.Equal(s.f.now) {
			s.f.passing++
		}
		return false
	}
	id := c.ID
	if s.r.Float64() < returned {
		s.do(func(ctx context.Context, d *Handling) error {
			_, err := d.HandOvers.Return(ctx, id, words.Returned, receiver, 0)
			return err
		})
		return true
	}
	s.do(func(ctx context.Context, d *Handling) error {
		_, err := d.HandOvers.Accept(ctx, id, receiver, 0)
		return err
	})
	s.owner, s.department = receiver, to
	return true
}

// mergeInto lets the case go on in a later one about the same order.
func (s *script) mergeInto(next triage.ComplaintID) {
	s.slow = -1
	if s.later(10*time.Minute, 2*time.Hour) {
		s.move(life.MoveMerge, map[string]string{"into": string(next)})
		s.ended = true
	}
}
