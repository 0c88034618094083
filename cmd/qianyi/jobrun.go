package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/store"
)

// jobRunCmd runs one scheduled job and waits for its end.
type jobRunCmd struct {
	Name string `arg:"" help:"Name of the job, such as index-catch-up."`
	settings
	dataSettings
	packSettings
}

// Run fails when the job fails, or runs already, here or in a service.
func (cmd *jobRunCmd) Run(ctx context.Context, out *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		return runJob(ctx, c, db, out, cmd.Name)
	}, cmd.packSettings.flags())
}

func runJob(ctx context.Context, c *config, db *store.DB, out *streams, name string) (err error) {
	a, err := out.load(c.packOptions())
	if err != nil {
		return err
	}
	app := &app{config: *c, db: db, analyzer: a, index: newShadow(c, a.Tokenizer().Segmenter, db, quietLogger()), log: quietLogger()}
	app.ending.add("search index", func(context.Context) error { return app.index.Close() })
	defer func() { err = errors.Join(err, app.stop()) }()
	if err := app.joinParts(ctx); err != nil {
		return err
	}
	if err := app.stream.figures.keeper.Follow(ctx); err != nil {
		return err
	}
	run, err := app.jobs.Runner.RunNow(ctx, name, cliActor)
	if err != nil {
		return runError(name, err)
	}
	if run.State != jobs.StateDone {
		return fmt.Errorf("job %s %s: %s", name, run.State, run.Error)
	}
	out.say("job %s: %s", name, run.Note)
	return nil
}
