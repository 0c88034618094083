package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	"github.com/qianyi-dev/qianyi/triage"
)

// secretBytes is the length of a secret: that of a SHA-256 key.
const secretBytes = 32

// secret returns the random bytes kept under a name. The first call makes them;
// of several at once, also of several processes, all return the same.
func (db *DB) secret(ctx context.Context, name string) ([]byte, error) {
	const query = `SELECT value FROM secrets WHERE name = $1`
	var text string
	if err := db.read.QueryRowContext(ctx, query, name).Scan(&text); err != nil {
		fresh := make([]byte, secretBytes)
		if _, err := rand.Read(fresh); err != nil {
			return nil, triage.Errorf(triage.CodeInternal, "make a secret: %v", err)
		}
		err = db.exec(ctx, "store a secret", nil, `INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
			name, hex.EncodeToString(fresh))
		if err != nil {
			return nil, err
		}
		if err := db.read.QueryRowContext(ctx, query, name).Scan(&text); err != nil {
			return nil, db.fail("read a secret", err)
		}
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != secretBytes {
		return nil, triage.Errorf(triage.CodeInternal, "the stored secret %q is damaged: restore it from a backup", name)
	}
	return b, nil
}
