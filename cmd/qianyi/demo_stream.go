package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/prevention"
)

// openStream joins what says what the complaints of the past say. It tells
// nobody: no channel is open, and its team is empty.
func (p *demoPast) openStream(log *slog.Logger) (err error) {
	simulated := *p.config
	simulated.Alerts = defaultConfig().Alerts
	p.stream, err = newStream(streamDeps{
		config: &simulated, db: p.db, analyst: p.analyst, service: p.service, prevent: p.prevent,
		tokenizer: p.analyst.Tokenizer(), mask: newMask(), now: p.clock.now, log: log,
	})
	return err
}

// said is the stream as the demo company uses it.
func (p *demoPast) said() *demo.Stream {
	s := p.stream
	return &demo.Stream{
		Review: p.review, Register: s.register, Counter: s.counter, Improvements: s.improve,
		Lessons: s.watch, Launch: s.launch, Reports: s.dispatch,
		Cluster: func(matter string) prevention.ClusterID { return p.taken[matter] },
	}
}

// review runs the jobs of the stream once, but for the reports.
func (p *demoPast) review(ctx context.Context) error {
	j := p.stream.jobs()
	for _, job := range []struct {
		name string
		do   func(ctx context.Context) (string, error)
	}{
		{"attribute", j.Attribute}, {"reach", j.Reach}, {"figures", j.Figures}, {"signals", j.Signals}, {"improvements", j.Improvements},
	} {
		if _, err := job.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", job.name, err)
		}
	}
	return nil
}
