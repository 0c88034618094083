package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Begin claims an idempotency key. Exactly one of several callers at once gets
// claimed true; the others get what is stored. A claim that is not Done and
// was made before at - staleAfter is taken over with the new fingerprint.
func (db *DB) Begin(ctx context.Context, key, fingerprint string, at time.Time, staleAfter time.Duration) (r triage.Replay, claimed bool, err error) {
	if key == "" {
		return r, false, triage.FieldErrorf("Idempotency-Key", "is empty")
	}
	err = db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		// The conflict clause decides between a fresh key and a stale claim in
		// one statement, so that two processes cannot both win.
		err := tx.QueryRowContext(ctx, `INSERT INTO replays (idempotency_key, fingerprint, done, status, header, body, at)
			VALUES ($1, $2, $3, 0, '', NULL, $4)
			ON CONFLICT (idempotency_key) DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at
			WHERE NOT replays.done AND replays.at < $5
			RETURNING fingerprint, at`, key, fingerprint, false, instant(at), instant(at.Add(-staleAfter))).
			Scan(&r.Fingerprint, (*instant)(&r.At))
		if err == nil {
			claimed = true
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT fingerprint, done, status, header, body, at FROM replays WHERE idempotency_key = $1`, key).
			Scan(&r.Fingerprint, &r.Done, &r.Status, &r.Header, &r.Body, (*instant)(&r.At))
	})
	if err != nil {
		return triage.Replay{}, false, db.fail("claim an idempotency key", err)
	}
	return r, claimed, nil
}

// Finish stores the answer of a claimed key; CodeNotFound when the claim is
// gone.
func (db *DB) Finish(ctx context.Context, key string, r triage.Replay) error {
	missing := triage.Errorf(triage.CodeNotFound, "the idempotency key is not claimed")
	return db.exec(ctx, "store a replay", missing, `UPDATE replays SET fingerprint = $1, done = $2, status = $3, header = $4, body = $5, at = $6
		WHERE idempotency_key = $7`, r.Fingerprint, r.Done, r.Status, r.Header, r.Body, instant(r.At), key)
}

// Abandon forgets a claim that is not Done; without one it does nothing.
func (db *DB) Abandon(ctx context.Context, key string) error {
	return db.exec(ctx, "abandon an idempotency key", nil, `DELETE FROM replays WHERE idempotency_key = $1 AND NOT done`, key)
}

// Prune deletes answers and claims older than before and returns how many.
func (db *DB) Prune(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := db.writer.submit(ctx, groupRows, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM replays WHERE at < $1`, instant(before))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	if err != nil {
		return 0, db.fail("prune replays", err)
	}
	return int(n), nil
}
