package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	adminName = "admin"
	demoName  = "demo"
)

// firstAdmin makes the user admin when nobody can sign in yet, and returns the
// password, "" when there are users already. It is shown once and kept nowhere.
func firstAdmin(ctx context.Context, db *store.DB) (password string, err error) {
	n, err := db.CountUsers(ctx)
	if err != nil || n > 0 {
		return "", err
	}
	password = rand.Text()
	if err := putUser(ctx, db, adminName, password, triage.RoleAdmin); err != nil {
		return "", fmt.Errorf("first user: %w", err)
	}
	return password, nil
}
