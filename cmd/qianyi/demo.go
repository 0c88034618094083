package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
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
	past, err := newDemoPast(&a.config, a.db, a.analyzer, a.index, a.log)
	if err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	defer func() { err = errors.Join(err, past.close()) }()
	now := time.Now().In(a.config.zone())
	if err := putStaff(ctx, a.db, now.AddDate(-1, 0, 0)); err != nil {
		return "", err
	}
	bar := newMeter(s, "demo", 0, false)
	_, err = past.fill(ctx, now, a.log, func(done, total int) {
		bar.resize(int64(total))
		bar.set(int64(done))
	})
	bar.done()
	if err != nil {
		return "", err
	}
	return demoHint, putUser(ctx, a.db, demoName, demoName, triage.RoleAdmin)
}

// putStaff makes the accounts of the demo's staff, who all have the password of
// the demo user.
func putStaff(ctx context.Context, db *store.DB, since time.Time) error {
	users, err := demo.Staff()
	if err != nil {
		return err
	}
	hash, err := console.HashPassword(demoName)
	if err != nil {
		return err
	}
	for _, u := range users {
		u.PasswordHash, u.CreatedAt = hash, since
		if err := db.PutUser(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// demoHint is the name and the password of the demo user, and who else may sign
// in with that password.
const demoHint = demoName + " / " + demoName + "（坐席 林悦、何强，班组长 陈立，质量 赵敏，营销 周婷，审计员 郑航，密码都是 demo）"
