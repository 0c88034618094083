package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/triage"
)

// demoSeed makes every demo the same company.
const demoSeed = 20260301

// useDemoFolder gives a demo without a data folder of its own a fresh one, and
// returns what removes it.
func useDemoFolder(c *config) (remove func() error, err error) {
	dir, err := os.MkdirTemp("", "qianyi-demo-")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	c.Data, c.DB = dir, ""
	return func() error { return os.RemoveAll(dir) }, nil
}

// fillDemo puts a simulated company and the user demo into an empty store, and
// leaves any other alone. It returns the hint for the sign-in page.
func fillDemo(ctx context.Context, s *streams, a *app) (hint string, err error) {
	last, err := a.db.LastChange(ctx)
	if err != nil {
		return "", err
	}
	users, err := a.db.CountUsers(ctx)
	if err != nil {
		return "", err
	}
	if last > 0 || users > 0 {
		if _, err := a.db.User(ctx, demoName); err == nil {
			return demoHint, nil
		}
		s.say("%s is not empty: it is served as it is, without the demo company", a.config.Data)
		return "", nil
	}
	past, err := newDemoPrevention(&a.config, a.db, a.analyzer, a.log)
	if err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	defer func() { err = errors.Join(err, past.close()) }()
	bar := newMeter(s, "demo", 0, false)
	_, err = demo.Fill(ctx, demo.Target{
		Submit: func(ctx context.Context, complaints []triage.Complaint) (int, error) {
			return submit(ctx, a.service, complaints)
		},
		Decisions: a.service,
		Customers: a.db,
		History:   a.db,

		Prevention: past,
		Progress: func(done, total int) {
			bar.resize(int64(total))
			bar.set(int64(done))
		},
	}, time.Now().In(a.config.zone()), demoSeed)
	bar.done()
	if err != nil {
		return "", err
	}
	return demoHint, putUser(ctx, a.db, demoName, demoName, triage.RoleAdmin)
}

// demoHint is the name and the password of the demo user.
const demoHint = demoName + " / " + demoName
