package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// PutSession stores a sign-in, replacing one with the same token, and forgets
// the sign-ins that had expired when it was made.
func (db *DB) PutSession(ctx context.Context, s triage.Session) error {
	return db.fail("store a session", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, instant(s.CreatedAt)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO sessions (token_hash, user_name, created_at, seen_at, expires_at)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT (token_hash) DO UPDATE SET user_name = excluded.user_name,
			created_at = excluded.created_at, seen_at = excluded.seen_at, expires_at = excluded.expires_at`,
			s.TokenHash, s.User, instant(s.CreatedAt), instant(s.SeenAt), instant(s.ExpiresAt))
		return err
	}))
}

// errNoSession does not repeat the token.
var errNoSession = triage.Errorf(triage.CodeNotFound, "the session has ended; sign in again")

// Session returns a sign-in, or CodeNotFound. Whether it has expired is for
// the caller to judge.
func (db *DB) Session(ctx context.Context, tokenHash string) (triage.Session, error) {
	s, err := scanSession(db.read.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE token_hash = $1`, tokenHash))
	return s, db.fail("read a session", notFound(err, "%s", errNoSession.Message))
}

// TouchSession notes the last use of a session; CodeNotFound when it is gone.
func (db *DB) TouchSession(ctx context.Context, tokenHash string, seenAt time.Time) error {
	return db.exec(ctx, "touch a session", errNoSession, `UPDATE sessions SET seen_at = $1 WHERE token_hash = $2`, instant(seenAt), tokenHash)
}

// DeleteSession ends a session; one that is gone already is no error.
func (db *DB) DeleteSession(ctx context.Context, tokenHash string) error {
	return db.exec(ctx, "delete a session", nil, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
}

const sessionColumns = `token_hash, user_name, created_at, seen_at, expires_at`

func scanSession(r scanner) (s triage.Session, err error) {
	err = r.Scan(&s.TokenHash, &s.User, (*instant)(&s.CreatedAt), (*instant)(&s.SeenAt), (*instant)(&s.ExpiresAt))
	return s, err
}

// SessionsOf returns the sign-ins of a user, latest use first.
func (db *DB) SessionsOf(ctx context.Context, user string) (list []triage.Session, err error) {
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		s, err := scanSession(rows)
		list = append(list, s)
		return err
	}, `SELECT `+sessionColumns+` FROM sessions WHERE user_name = $1 ORDER BY seen_at DESC, token_hash`, user)
	return list, db.fail("list sessions", err)
}

// EndSessions ends the sign-ins of a user but one.
func (db *DB) EndSessions(ctx context.Context, user, except string) (n int, err error) {
	err = db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_name = $1 AND token_hash <> $2`, user, except)
		if err != nil {
			return err
		}
		ended, err := res.RowsAffected()
		n = int(ended)
		return err
	})
	return n, db.fail("end sessions", err)
}
