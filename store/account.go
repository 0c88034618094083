package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// userColumns are in the order of userValues.
const userColumns = `name, password_hash, role, failures, locked_until, display_name, department, email, disabled, ` +
	`must_change, second_factor, issuer, subject, created_at, signed_in_at`

var userFields = strings.Split(userColumns, ", ")

func userValues(u *triage.User) ([]any, error) {
	if u.Name == "" {
		return nil, triage.FieldErrorf("name", "is empty")
	}
	second, err := encodeJSON("second_factor", u.Second)
	if err != nil {
		return nil, err
	}
	return []any{
		u.Name, u.PasswordHash, string(u.Role), u.Failures, instant(u.LockedUntil), clean(u.DisplayName), clean(u.Department),
		clean(u.Email.Reveal()), u.Disabled, u.MustChange, second, u.Issuer, u.Subject, instant(u.CreatedAt), instant(u.SignedInAt),
	}, nil
}

func scanUser(s scanner) (u triage.User, err error) {
	err = s.Scan(&u.Name, &u.PasswordHash, &u.Role, &u.Failures, (*instant)(&u.LockedUntil), &u.DisplayName, &u.Department,
		&u.Email, &u.Disabled, &u.MustChange, document{"second_factor", &u.Second}, &u.Issuer, &u.Subject,
		(*instant)(&u.CreatedAt), (*instant)(&u.SignedInAt))
	return u, err
}

// PutUser inserts or replaces a user by name.
func (db *DB) PutUser(ctx context.Context, u triage.User) error {
	return db.fail("store a user", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		return putUser(ctx, tx, &u)
	}))
}

func putUser(ctx context.Context, tx *sql.Tx, u *triage.User) error {
	values, err := userValues(u)
	if err != nil {
		return err
	}
	set := strings.TrimPrefix(replaceByID(userFields), "ON CONFLICT (id)")
	_, err = insertRows(ctx, tx, `INSERT INTO users (`+userColumns+`)`, [][]any{values}, `ON CONFLICT (name)`+set)
	return err
}

// AddUser stores a new account with its audit entry.
func (db *DB) AddUser(ctx context.Context, u triage.User, e triage.AuditEntry) error {
	values, err := userValues(&u)
	if err != nil {
		return err
	}
	return db.fail("add a user", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		n, err := insertRows(ctx, tx, `INSERT INTO users (`+userColumns+`)`, [][]any{values}, `ON CONFLICT DO NOTHING`)
		if err != nil {
			return err
		}
		if n == 0 {
			return &triage.Error{Code: triage.CodeConflict, Field: "name", Message: "there is a user of this name already; choose another"}
		}
		return appendAudit(ctx, tx, e)
	}))
}

// EditUser changes an account with its audit entries, in one transaction.
func (db *DB) EditUser(ctx context.Context, name string, edit func(*triage.User) ([]triage.AuditEntry, error)) (u triage.User, err error) {
	err = db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		// The update locks the row: two processes do not overwrite each other.
		row := tx.QueryRowContext(ctx, `UPDATE users SET name = name WHERE name = $1 RETURNING `+userColumns, name)
		if u, err = scanUser(row); err != nil {
			return notFound(err, "there is no user %s", name)
		}
		before := u
		entries, err := edit(&u)
		if err != nil {
			return err
		}
		u.Name = before.Name
		if administers(&before) && !administers(&u) {
			if err := anotherAdmin(ctx, tx, name); err != nil {
				return err
			}
		}
		for _, e := range entries {
			if err := appendAudit(ctx, tx, e); err != nil {
				return err
			}
		}
		return putUser(ctx, tx, &u)
	})
	if err != nil {
		return triage.User{}, db.fail("change a user", err)
	}
	return u, nil
}

// administers says whether the account can look after the others.
func administers(u *triage.User) bool { return u.Role == triage.RoleAdmin && !u.Disabled }

// anotherAdmin locks the administrators, so that of two who remove each other
// at once one fails, and asks for one besides name.
func anotherAdmin(ctx context.Context, tx *sql.Tx, name string) error {
	others := 0
	err := collect(ctx, tx, func(rows *sql.Rows) error {
		var admin string
		err := rows.Scan(&admin)
		if admin != name {
			others++
		}
		return err
	}, `UPDATE users SET role = role WHERE role = $1 AND disabled = $2 RETURNING name`, string(triage.RoleAdmin), false)
	if err == nil && others == 0 {
		err = triage.Errorf(triage.CodeConflict, "%s is the last administrator; make somebody else one first", name)
	}
	return err
}

// User returns one user, or CodeNotFound.
func (db *DB) User(ctx context.Context, name string) (triage.User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE name = $1`, name))
	return u, db.fail("read a user", notFound(err, "there is no user %s", name))
}

// UserBySubject returns the account of an identity at a provider.
func (db *DB) UserBySubject(ctx context.Context, issuer, subject string) (triage.User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users WHERE issuer = $1 AND subject = $2 AND subject <> ''`, issuer, subject))
	return u, db.fail("read a user", notFound(err, "there is no user of this identity"))
}

// Users returns all accounts by name.
func (db *DB) Users(ctx context.Context) (list []triage.User, err error) {
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		u, err := scanUser(rows)
		list = append(list, u)
		return err
	}, `SELECT `+userColumns+` FROM users ORDER BY name`)
	return list, db.fail("list users", err)
}

// CountUsers returns the number of users.
func (db *DB) CountUsers(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM users`).Scan(&n)
	return n, db.fail("count users", err)
}

// exec runs one statement through the writer. When it touches no row the
// error is missing, which may be nil.
func (db *DB) exec(ctx context.Context, doing string, missing *triage.Error, query string, args ...any) error {
	return db.fail(doing, db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, query, args...)
		return touched(res, err, missing)
	}))
}
