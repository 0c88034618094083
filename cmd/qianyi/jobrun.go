package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/jobs"
)

// jobRunCmd runs one scheduled job and waits for its end.
type jobRunCmd struct {
	Name string `arg:"" help:"Name of the job, such as index-catch-up."`
	settings
	dataSettings
	packSettings
}

// Run fails when the job fails, or runs already, here or in a service.
func (cmd *jobRunCmd) Run(ctx context.Context, out *streams) (err error) {
	c, err := cmd.load(cmd.dataSettings.flags(), cmd.packSettings.flags())
	if err != nil {
		return err
	}
	db, err := existingStore(ctx, &c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	a, err := out.load(c.packOptions())
	if err != nil {
		return err
	}
	app := &app{config: c, db: db, analyzer: a, index: newShadow(&c, a.Tokenizer().Segmenter, db, quietLogger()), log: quietLogger()}
	app.ending.add("search index", func(context.Context) error { return app.index.Close() })
	defer func() { err = errors.Join(err, app.stop()) }()
	if err := app.joinParts(ctx); err != nil {
		return err
	}
	run, err := app.jobs.Runner.RunNow(ctx, cmd.Name, "command line")
	if err != nil {
		return runError(cmd.Name, err)
	}
	if run.State != jobs.StateDone {
		return fmt.Errorf("job %s %s: %s", cmd.Name, run.State, run.Error)
	}
	out.say("job %s: %s", cmd.Name, run.Note)
	return nil
}
