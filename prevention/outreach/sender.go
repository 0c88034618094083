package outreach

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// batch bounds how many notices are looked at together.
const batch = 200

// SenderDeps is what a Sender needs. Every field is required.
type SenderDeps struct {
	Plans      prevention.PlanStore
	Outbox     prevention.NoticeStore
	Guards     prevention.GuardStore
	Customers  Customers
	Exposures  Exposures
	Complaints Complaints
	Channels   []prevention.Channel
	Policy     Policy
	Zone       *time.Location
	Now        func() time.Time
	Log        *slog.Logger
}

// Sender sends the notices of running plans. Several senders, in one process
// or many, may work on the same store.
type Sender struct {
	d     SenderDeps
	guard guard
	write *composer
	gates map[string]*gate
}

// NewSender checks the policy.
func NewSender(d SenderDeps) (*Sender, error) {
	if err := d.Policy.Validate(); err != nil {
		return nil, fmt.Errorf("outreach policy: %w", err)
	}
	s := &Sender{d: d, gates: make(map[string]*gate, len(d.Channels))}
	s.guard = guard{policy: &s.d.Policy, customers: d.Customers, guards: d.Guards, complaints: d.Complaints}
	s.write = newComposer(&s.d.Policy, d.Zone, d.Channels)
	for _, ch := range d.Channels {
		s.gates[ch.Name] = newGate(&s.d.Policy)
	}
	return s, nil
}

// Progress counts what one Tick did.
type Progress struct {
	Sent, Skipped, Failed, Unclear int
	// Again counts attempts that will be repeated or go to another channel.
	Again int
	// Finished are the plans with nothing left to send.
	Finished []prevention.PlanID
}

func (p *Progress) count(state prevention.NoticeState) {
	switch state {
	case prevention.NoticeSent:
		p.Sent++
	case prevention.NoticeSkipped:
		p.Skipped++
	case prevention.NoticeFailed:
		p.Failed++
	case prevention.NoticeUnclear:
		p.Unclear++
	case prevention.NoticeQueued:
		p.Again++
	}
}

// Run ticks every second until the context ends, and logs what goes wrong. It
// returns when the attempts under way have ended.
func (s *Sender) Run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		if p, err := s.Tick(ctx); err != nil && ctx.Err() == nil {
			s.d.Log.ErrorContext(ctx, "outreach: sending", "err", err)
		} else if p.Sent+p.Failed+p.Unclear > 0 {
			s.d.Log.InfoContext(ctx, "outreach: sent", "sent", p.Sent, "failed", p.Failed, "unclear", p.Unclear)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Tick starts plans whose time has come, takes up attempts of crashed processes
// and sends everything that is due, until nothing is, quiet hours come or the
// context ends: then it begins nothing more, lets the attempts under way end
// and stores their outcome. An error of the store ends it, too; what it had
// begun is taken up after the lease.
func (s *Sender) Tick(ctx context.Context) (Progress, error) {
	var p Progress
	if err := s.startPlans(ctx); err != nil {
		return p, err
	}
	if err := s.recover(ctx, &p); err != nil {
		return p, err
	}
	r := &round{Sender: s, progress: &p}
	for ctx.Err() == nil && !s.quiet(s.d.Now()) {
		moved, err := r.run(ctx)
		if errors.Is(err, errQuiet) {
			break
		}
		if err != nil || !moved {
			return s.finish(ctx, p, err)
		}
	}
	return s.finish(ctx, p, ctx.Err())
}

func (s *Sender) finish(ctx context.Context, p Progress, err error) (Progress, error) {
	if err != nil {
		return p, err
	}
	p.Finished, err = s.d.Outbox.FinishPlans(ctx, s.d.Now())
	return p, err
}

// quiet says whether an attempt that begins now could reach somebody in quiet
// hours.
func (s *Sender) quiet(now time.Time) bool {
	q := s.d.Policy.Quiet
	return q.Contains(now, s.d.Zone) || q.Contains(now.Add(s.d.Policy.SendTimeout), s.d.Zone)
}
