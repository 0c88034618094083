package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const keyColumns = `id, name, owner, hash, permissions, created_by, created_at, expires_at, used_at, revoked_at`

func scanKey(s scanner) (k triage.Key, err error) {
	err = s.Scan(&k.ID, &k.Name, &k.Owner, &k.Hash, document{"permissions", &k.Permissions}, &k.CreatedBy,
		(*instant)(&k.CreatedAt), (*instant)(&k.ExpiresAt), (*instant)(&k.UsedAt), (*instant)(&k.RevokedAt))
	return k, err
}

// AddKey stores an API key with its audit entry.
func (db *DB) AddKey(ctx context.Context, k triage.Key, e triage.AuditEntry) (id int64, err error) {
	permissions, err := encodeJSON("permissions", k.Permissions)
	if err != nil {
		return 0, err
	}
	err = db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `INSERT INTO api_keys (name, owner, hash, permissions, created_by, created_at, expires_at, used_at, revoked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
			clean(k.Name), clean(k.Owner), k.Hash, permissions, clean(k.CreatedBy), instant(k.CreatedAt), instant(k.ExpiresAt),
			instant(k.UsedAt), instant(k.RevokedAt)).Scan(&id)
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, db.fail("store an API key", err)
	}
	return id, nil
}

// Keys returns all API keys, newest first.
func (db *DB) Keys(ctx context.Context) (list []triage.Key, err error) {
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		k, err := scanKey(rows)
		list = append(list, k)
		return err
	}, `SELECT `+keyColumns+` FROM api_keys ORDER BY id DESC`)
	return list, db.fail("list API keys", err)
}

// KeyByHash returns the API key of a secret.
func (db *DB) KeyByHash(ctx context.Context, hash string) (triage.Key, error) {
	k, err := scanKey(db.read.QueryRowContext(ctx, `SELECT `+keyColumns+` FROM api_keys WHERE hash = $1`, hash))
	return k, db.fail("read an API key", notFound(err, "there is no such API key"))
}

// TouchKey notes the last use of an API key.
func (db *DB) TouchKey(ctx context.Context, id int64, at time.Time) error {
	return db.exec(ctx, "touch an API key", nil, `UPDATE api_keys SET used_at = $1 WHERE id = $2`, instant(at), id)
}

// RevokeKey ends an API key with its audit entry.
func (db *DB) RevokeKey(ctx context.Context, id int64, at time.Time, e triage.AuditEntry) error {
	return db.fail("revoke an API key", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		var ended instant
		err := tx.QueryRowContext(ctx, `SELECT revoked_at FROM api_keys WHERE id = $1`, id).Scan(&ended)
		if err != nil {
			return notFound(err, "there is no API key %d", id)
		}
		if !ended.time().IsZero() {
			return triage.Errorf(triage.CodeConflict, "API key %d has been revoked already", id)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE api_keys SET revoked_at = $1 WHERE id = $2`, instant(at), id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
