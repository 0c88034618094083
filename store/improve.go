package store

import (
	"context"
	"database/sql"
	"net/url"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

var (
	_ improve.Ledger   = (*DB)(nil)
	_ improve.Reminded = (*DB)(nil)
)

const improvementColumns = `id, title, scope, control, cluster_id, peak_from, peak_to, cause, owner, department, due, target,
	started, done, status, copy_of, effect, effect_at, created_at, created_by, updated_at, version`

// scanImprovement reads improvementColumns.
func scanImprovement(s scanner) (a improve.Improvement, err error) {
	var scope, control string
	var effect improve.Effect
	err = s.Scan(&a.ID, &a.Title, &scope, &control, &a.Cluster, &a.Peak.From, &a.Peak.To, &a.Cause, &a.Owner, &a.Department, &a.Due,
		&a.Target, &a.Started, &a.Done, &a.Status, &a.CopyOf, document{"effect", &effect}, (*instant)(&a.EffectAt),
		(*instant)(&a.CreatedAt), &a.CreatedBy, (*instant)(&a.UpdatedAt), &a.Version)
	if err != nil {
		return a, err
	}
	if effect.Verdict != "" {
		a.Effect = &effect
	}
	if a.Scope, err = readFilter(scope); err != nil {
		return a, err
	}
	a.Control, err = readFilter(control)
	return a, err
}

func readFilter(stored string) (fact.Filter, error) {
	q, err := url.ParseQuery(stored)
	if err != nil {
		return fact.Filter{}, err
	}
	return fact.FilterOf(q)
}

// Improvement implements [improve.Ledger].
func (db *DB) Improvement(ctx context.Context, id int64) (improve.Improvement, error) {
	a, err := scanImprovement(db.read.QueryRowContext(ctx, `SELECT `+improvementColumns+` FROM improvements WHERE id = $1`, id))
	return a, db.fail("read an improvement", notFound(err, "there is no improvement %d", id))
}

// openFirst puts what has still to be done before all else.
const openFirst = `CASE WHEN status IN ('planned', 'doing') THEN 0 ELSE 1 END,
	CASE WHEN status IN ('planned', 'doing') THEN due ELSE 0 END, updated_at DESC, id DESC`

// Improvements implements [improve.Ledger].
func (db *DB) Improvements(ctx context.Context, f improve.Filter) ([]improve.Improvement, error) {
	var w where
	anyOf(&w, "status", f.Statuses)
	if f.Department != "" {
		w.add("department =", f.Department)
	}
	if f.Owner != "" {
		w.add("owner =", f.Owner)
	}
	if f.Cluster != "" {
		w.add("cluster_id =", string(f.Cluster))
	}
	if f.Measured {
		w.conditions = append(w.conditions, "effect <> ''")
	}
	if f.For.Department != "" {
		n := len(w.args)
		who := placeholders(n+2, 1)
		w.conditions = append(w.conditions, "(department IN "+placeholders(n+1, 1)+" OR owner IN "+who+" OR created_by IN "+who+")")
		w.args = append(w.args, f.For.Department, f.For.Name)
	}
	limit := f.Limit
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	return db.improvements(ctx, w.String()+` ORDER BY `+openFirst+limited(limit), w.args...)
}

func (db *DB) improvements(ctx context.Context, rest string, args ...any) ([]improve.Improvement, error) {
	var list []improve.Improvement
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		a, err := scanImprovement(rows)
		list = append(list, a)
		return err
	}, `SELECT `+improvementColumns+` FROM improvements`+rest, args...)
	return list, db.fail("list improvements", err)
}

// PutImprovement implements [improve.Ledger].
func (db *DB) PutImprovement(ctx context.Context, a improve.Improvement, r improve.Remark, e triage.AuditEntry) (id int64, err error) {
	err = db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		if id, err = putImprovement(ctx, tx, &a); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO improvement_remarks (improvement_id, at, by_whom, status, text) VALUES ($1, $2, $3, $4, $5)`,
			id, instant(r.At), clean(r.By), string(r.Status), clean(r.Text))
		if err != nil {
			return err
		}
		e.Object = improve.Object(id)
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, db.fail("store an improvement", err)
	}
	return id, nil
}

func putImprovement(ctx context.Context, tx *sql.Tx, a *improve.Improvement) (id int64, err error) {
	values := []any{
		clean(a.Title), clean(a.Scope.Query().Encode()), clean(a.Control.Query().Encode()), clean(string(a.Cluster)),
		int64(a.Peak.From), int64(a.Peak.To), clean(a.Cause), clean(a.Owner), clean(a.Department), int64(a.Due), a.Target,
		int64(a.Started), int64(a.Done), string(a.Status), instant(a.UpdatedAt),
	}
	if a.ID == 0 {
		values = append(values, a.CopyOf, zeroInstant, instant(a.CreatedAt), clean(a.CreatedBy))
		err = tx.QueryRowContext(ctx, `INSERT INTO improvements (title, scope, control, cluster_id, peak_from, peak_to, cause, owner,
			department, due, target, started, done, status, updated_at, copy_of, effect, effect_at, reminded_at, created_at, created_by,
			version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', $17, $17, $18, $19, 1) RETURNING id`,
			values...).Scan(&id)
		return id, err
	}
	values = append(values, a.ID, a.Version)
	res, err := tx.ExecContext(ctx, `UPDATE improvements SET title = $1, scope = $2, control = $3, cluster_id = $4, peak_from = $5,
		peak_to = $6, cause = $7, owner = $8, department = $9, due = $10, target = $11, started = $12, done = $13, status = $14,
		updated_at = $15, version = version + 1 WHERE id = $16 AND version = $17`, values...)
	return a.ID, touched(res, err, changedMeanwhile("improvement", strconv.FormatInt(a.ID, 10)))
}

// Remarks implements [improve.Ledger].
func (db *DB) Remarks(ctx context.Context, id int64) ([]improve.Remark, error) {
	var list []improve.Remark
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var r improve.Remark
		err := rows.Scan((*instant)(&r.At), &r.By, &r.Status, &r.Text)
		list = append(list, r)
		return err
	}, `SELECT at, by_whom, status, text FROM improvement_remarks WHERE improvement_id = $1 ORDER BY id`, id)
	return list, db.fail("read remarks", err)
}

// KeepEffect implements [improve.Ledger].
func (db *DB) KeepEffect(ctx context.Context, id int64, e improve.Effect, at time.Time) error {
	text, err := encodeJSON("effect", e)
	if err != nil {
		return err
	}
	missing := triage.Errorf(triage.CodeNotFound, "there is no improvement %d", id)
	return db.exec(ctx, "keep an effect", missing, `UPDATE improvements SET effect = $1, effect_at = $2 WHERE id = $3`, text, instant(at), id)
}

// Unreminded implements [improve.Reminded].
func (db *DB) Unreminded(ctx context.Context, due fact.Day, since time.Time) ([]improve.Improvement, error) {
	return db.improvements(ctx, ` WHERE status IN ('planned', 'doing') AND due < $1 AND reminded_at < $2 ORDER BY due, id`,
		int64(due), instant(since))
}

// Remind implements [improve.Reminded].
func (db *DB) Remind(ctx context.Context, id int64, at time.Time) error {
	missing := triage.Errorf(triage.CodeNotFound, "there is no improvement %d", id)
	return db.exec(ctx, "note a reminder", missing, `UPDATE improvements SET reminded_at = $1 WHERE id = $2`, instant(at), id)
}
