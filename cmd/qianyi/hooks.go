package main

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

var _ web.Hooks = (*hooks)(nil)

// hooks takes what gateways call back with to the outreach desk.
type hooks struct {
	channels *channel.Set
	plans    *outreach.Service
}

func (h *hooks) gateway(name string) (*channel.Gateway, error) {
	g, ok := h.channels.Gateway(name)
	if !ok {
		return nil, triage.Errorf(triage.CodeNotFound, "there is no gateway of that name")
	}
	return g, nil
}

// Receipts checks and stores delivery receipts.
func (h *hooks) Receipts(ctx context.Context, name string, c channel.Callback) (unknown int, err error) {
	g, err := h.gateway(name)
	if err != nil {
		return 0, err
	}
	receipts, err := g.ParseReceipts(c)
	if err != nil {
		return 0, err
	}
	return h.plans.Delivered(ctx, name, receipts)
}

// Replies checks and stores what customers answered.
func (h *hooks) Replies(ctx context.Context, name string, c channel.Callback) error {
	g, err := h.gateway(name)
	if err != nil {
		return err
	}
	replies, err := g.ParseReplies(c)
	if err != nil {
		return err
	}
	return h.plans.Replied(ctx, replies)
}
