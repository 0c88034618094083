package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// The entries about models, and the name under which the trail keeps them.
const (
	auditLearn    = "model.learn"
	auditRollBack = "model.rollback"
	auditModel    = "model:"
)

const modelColumns = `id, pack, at, by_whom, state, card, through, trial, curve, sha256, size, used_from`

func scanModel(s scanner) (m learn.Model, err error) {
	err = s.Scan(&m.ID, &m.Pack, (*instant)(&m.At), &m.By, &m.State, document{"model card", &m.Card}, &m.Through,
		document{"trial", &m.Trial}, document{"learning curve", &m.Curve}, &m.SHA256, &m.Size, (*instant)(&m.UsedFrom))
	return m, err
}

// AddModel stores a model with its audit entry and returns its id. An active one
// comes with its content and retires the one before in the same transaction.
func (db *DB) AddModel(ctx context.Context, m learn.Model, content []byte) (id int64, err error) {
	values, err := modelValues(&m)
	if err != nil {
		return 0, err
	}
	err = db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		if m.State == learn.StateActive {
			if err := retire(ctx, tx, m.Pack, learn.StateRetired); err != nil {
				return err
			}
		}
		err := tx.QueryRowContext(ctx, `INSERT INTO models (pack, at, by_whom, state, card, through, trial, curve, sha256, size, used_from)
			VALUES `+placeholders(1, len(values))+` RETURNING id`, values...).Scan(&id)
		if err != nil {
			return err
		}
		if m.State == learn.StateActive {
			if _, err := tx.ExecContext(ctx, `INSERT INTO model_files (model_id, content) VALUES ($1, $2)`, id, content); err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, triage.AuditEntry{
			At: m.At, Actor: m.By, Action: auditLearn, Object: auditModel + strconv.FormatInt(id, 10),
			Detail: auditDetail(map[string]string{"state": string(m.State), "decision": string(m.Trial.Decision)}),
		})
	})
	return id, db.fail("store a model", err)
}

func modelValues(m *learn.Model) ([]any, error) {
	card, err := encodeJSON("card", m.Card)
	if err != nil {
		return nil, err
	}
	trial, err := encodeJSON("trial", m.Trial)
	if err != nil {
		return nil, err
	}
	curve, err := encodeJSON("curve", m.Curve)
	if err != nil {
		return nil, err
	}
	return []any{
		clean(m.Pack), instant(m.At), clean(m.By), string(m.State), card, m.Through, trial, curve,
		m.SHA256, m.Size, instant(m.UsedFrom),
	}, nil
}

// retire gives the model in use another state; without one it does nothing.
func retire(ctx context.Context, tx *sql.Tx, pack string, state learn.State) error {
	_, err := tx.ExecContext(ctx, `UPDATE models SET state = $1 WHERE pack = $2 AND state = 'active'`, string(state), clean(pack))
	return err
}

// Models lists at most limit models of a pack, newest first.
func (db *DB) Models(ctx context.Context, pack string, limit int) ([]learn.Model, error) {
	var list []learn.Model
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		m, err := scanModel(rows)
		list = append(list, m)
		return err
	}, `SELECT `+modelColumns+` FROM models WHERE pack = $1 ORDER BY id DESC LIMIT $2`, clean(pack), max(limit, 0))
	return list, db.fail("list models", err)
}

// ActiveModel returns the model in use; CodeNotFound is the shipped one.
func (db *DB) ActiveModel(ctx context.Context, pack string) (learn.Model, error) {
	m, err := scanModel(db.read.QueryRowContext(ctx, `SELECT `+modelColumns+` FROM models WHERE pack = $1 AND state = 'active'`, clean(pack)))
	return m, db.fail("read the model in use", notFound(err, "pack %s uses the shipped model", pack))
}

// ModelFile returns the content of a model's file, CodeNotFound without one.
func (db *DB) ModelFile(ctx context.Context, id int64) ([]byte, error) {
	var content []byte
	err := db.read.QueryRowContext(ctx, `SELECT content FROM model_files WHERE model_id = $1`, id).Scan(&content)
	return content, db.fail("read a model", notFound(err, "model %d has no file", id))
}

// Activate makes a model that was in use before the one in use, with its audit
// entry; the one in use until now is rolled back.
func (db *DB) Activate(ctx context.Context, a learn.Activation) error {
	return db.fail("roll back a model", db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		if err := mayActivate(ctx, tx, a); err != nil {
			return err
		}
		if err := retire(ctx, tx, a.Pack, learn.StateRolledBack); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE models SET state = 'active', used_from = $1 WHERE id = $2`, instant(a.At), a.ID)
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, triage.AuditEntry{
			At: a.At, Actor: a.By, Action: auditRollBack, Object: auditModel + strconv.FormatInt(a.ID, 10),
		})
	}))
}

func mayActivate(ctx context.Context, tx *sql.Tx, a learn.Activation) error {
	if a.ID == 0 {
		var active int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM models WHERE pack = $1 AND state = 'active'`, clean(a.Pack)).Scan(&active)
		if errors.Is(err, sql.ErrNoRows) {
			return triage.Errorf(triage.CodeConflict, "the shipped model is in use already")
		}
		return err
	}
	m, err := scanModel(tx.QueryRowContext(ctx, `SELECT `+modelColumns+` FROM models WHERE id = $1`, a.ID))
	switch {
	case err != nil:
		return notFound(err, "there is no model %d", a.ID)
	case m.Pack != a.Pack:
		return triage.FieldErrorf("id", "model %d is for pack %s, this service runs %s", a.ID, m.Pack, a.Pack)
	case m.State == learn.StateActive:
		return triage.Errorf(triage.CodeConflict, "model %d is in use already", a.ID)
	case m.UsedFrom.IsZero():
		return triage.Errorf(triage.CodeConflict, "model %d was never better than another and is not kept", a.ID)
	}
	return nil
}
