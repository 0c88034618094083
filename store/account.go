package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// PutUser inserts or replaces a user by name.
func (db *DB) PutUser(ctx context.Context, u triage.User) error {
	if u.Name == "" {
		return triage.FieldErrorf("name", "is empty")
	}
	return db.exec(ctx, "store a user", nil, `INSERT INTO users (name, password_hash, role, failures, locked_until)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash,
		role = excluded.role, failures = excluded.failures, locked_until = excluded.locked_until`,
		u.Name, u.PasswordHash, string(u.Role), u.Failures, instant(u.LockedUntil))
}

// User returns one user, or CodeNotFound.
func (db *DB) User(ctx context.Context, name string) (triage.User, error) {
	var u triage.User
	err := db.read.QueryRowContext(ctx, `SELECT name, password_hash, role, failures, locked_until FROM users WHERE name = $1`, name).
		Scan(&u.Name, &u.PasswordHash, &u.Role, &u.Failures, (*instant)(&u.LockedUntil))
	return u, db.fail("read a user", notFound(err, "there is no user %s", name))
}

// CountUsers returns the number of users.
func (db *DB) CountUsers(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM users`).Scan(&n)
	return n, db.fail("count users", err)
}

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
	var s triage.Session
	err := db.read.QueryRowContext(ctx, `SELECT token_hash, user_name, created_at, seen_at, expires_at FROM sessions WHERE token_hash = $1`, tokenHash).
		Scan(&s.TokenHash, &s.User, (*instant)(&s.CreatedAt), (*instant)(&s.SeenAt), (*instant)(&s.ExpiresAt))
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

// exec runs one statement through the writer. When it touches no row the
// error is missing, which may be nil.
func (db *DB) exec(ctx context.Context, doing string, missing *triage.Error, query string, args ...any) error {
	return db.fail(doing, db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, query, args...)
		return touched(res, err, missing)
	}))
}
