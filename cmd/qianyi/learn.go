package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// learnCmds are the commands about learned models.
type learnCmds struct {
	Run      learnRunCmd      `cmd:"" help:"Learn a model from the labels now; it comes into use when it is better by more than chance."`
	List     learnListCmd     `cmd:"" help:"List the models that were learned."`
	Rollback learnRollbackCmd `cmd:"" help:"Go back to a model that was in use before."`
}

// learnSettings are the flags of these commands.
type learnSettings struct {
	settings
	dataSettings
	packSettings
}

// with opens the database and calls do; a service may run meanwhile.
func (s *learnSettings) with(ctx context.Context, out *streams, do func(*config, *learning) error) error {
	return withStore(ctx, s.settings, s.dataSettings, func(c *config, db *store.DB) error {
		a, err := out.load(c.packOptions())
		if err != nil {
			return err
		}
		l, err := newLearning(ctx, c, a, db, nil, quietLogger())
		if err != nil {
			return err
		}
		return do(c, l)
	}, s.packSettings.flags())
}

// learnRunCmd learns now.
type learnRunCmd struct{ learnSettings }

// Run prints the outcome in one line.
func (cmd *learnRunCmd) Run(ctx context.Context, out *streams) error {
	return cmd.with(ctx, out, func(_ *config, l *learning) error {
		m, err := l.learner.Learn(ctx, cliActor)
		if err == nil {
			_, err = fmt.Fprintln(out.out, m.Summary())
		}
		return err
	})
}

// learnListCmd lists models.
type learnListCmd struct {
	learnSettings
	Limit int `help:"How many, the newest first." default:"20"`
}

// Run prints a table.
func (cmd *learnListCmd) Run(ctx context.Context, out *streams) error {
	return cmd.with(ctx, out, func(c *config, l *learning) error {
		list, err := l.db.Models(ctx, l.swap.PackCode(), cmd.Limit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(out.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tAT\tBY\tSTATE\tLABELS\tBEFORE\tAFTER\tUNSEEN\tP\tDECISION")
		for _, m := range list {
			t := &m.Trial
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%.4f\t%.4f\t%d\t%.4f\t%s\n", m.ID, m.At.In(c.zone()).Format(time.DateTime), m.By, m.State,
				t.Trained, t.Old.Value, t.New.Value, t.New.Of, t.P, t.Decision)
		}
		return w.Flush()
	})
}

// learnRollbackCmd takes the model in use back.
type learnRollbackCmd struct {
	learnSettings
	ID *int64 `arg:"" optional:"" help:"The model to go back to; 0 is the shipped one, nothing the one before."`
}

// Run fails when there is no such model. A running service follows within a
// minute.
func (cmd *learnRollbackCmd) Run(ctx context.Context, out *streams) error {
	return cmd.with(ctx, out, func(_ *config, l *learning) error {
		id, err := cmd.target(ctx, l)
		if err != nil {
			return err
		}
		if err := l.learner.Rollback(ctx, id, cliActor); err != nil {
			return err
		}
		if id == 0 {
			out.say("the shipped model is in use; a running service follows within a minute")
		} else {
			out.say("model %d is in use; a running service follows within a minute", id)
		}
		return nil
	})
}

// target is the model asked for, else the latest that was in use before, else
// the shipped one.
func (cmd *learnRollbackCmd) target(ctx context.Context, l *learning) (int64, error) {
	if cmd.ID != nil {
		return *cmd.ID, nil
	}
	list, err := l.db.Models(ctx, l.swap.PackCode(), 1000)
	for _, m := range list {
		if m.State == learn.StateRetired {
			return m.ID, err
		}
	}
	return 0, err
}
