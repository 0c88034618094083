package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

const (
	adminName = "admin"
	demoName  = "demo"

	// keyVariable holds the key of what is sealed, for services without a data
	// folder that lasts and for several processes on one database.
	keyVariable = "QIANYI_SECRET_KEY"
	keyFile     = "secret.key"
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

// newSealer returns what encrypts the secrets of one-time codes. Its key is 64
// hex digits in the environment, else in a file of the data folder that is made
// when it is missing. The key is no part of a backup of the database: keep a
// copy of it elsewhere, or people have to set up their codes again.
func newSealer(c *config, lookup func(string) (string, bool)) (*access.Sealer, error) {
	if text, ok := lookup(keyVariable); ok && text != "" {
		key, err := parseSecret(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", keyVariable, err)
		}
		return access.NewSealer(key), nil
	}
	path := filepath.Join(c.Data, keyFile)
	if err := makeSecret(path); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("key of the one-time codes: %w", err)
	}
	key, err := parseSecret(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return access.NewSealer(key), nil
}

// makeSecret writes a new key, readable for its owner alone, unless there is a
// file already.
func makeSecret(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("key of the one-time codes: %w", err)
	}
	key := access.NewKey()
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("key of the one-time codes: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

func parseSecret(text string) (key [32]byte, err error) {
	b, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != len(key) {
		return key, errors.New("is not a key: want 64 hex digits, as openssl rand -hex 32 writes them")
	}
	return [32]byte(b), nil
}
