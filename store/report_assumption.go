package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
)

var _ silence.Store = (*DB)(nil)

// Assumptions implements [silence.Store].
func (db *DB) Assumptions(ctx context.Context) (silence.Version, error) {
	list, err := db.AssumptionHistory(ctx, 1)
	if err != nil || len(list) == 0 {
		return silence.Version{}, err
	}
	return list[0], nil
}

// AssumptionHistory implements [silence.Store].
func (db *DB) AssumptionHistory(ctx context.Context, limit int) ([]silence.Version, error) {
	var list []silence.Version
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var v silence.Version
		err := rows.Scan(&v.Number, document{"assumptions", &v.Assumptions}, &v.Why, &v.By, (*instant)(&v.At))
		list = append(list, v)
		return err
	}, `SELECT version, content, why, by_whom, at FROM assumptions ORDER BY version DESC`+limited(limit))
	return list, db.fail("read assumptions", err)
}

// PutAssumptions implements [silence.Store].
func (db *DB) PutAssumptions(ctx context.Context, v silence.Version, e triage.AuditEntry) error {
	content, err := encodeJSON("assumptions", v.Assumptions)
	if err != nil {
		return err
	}
	return db.fail("store assumptions", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO assumptions (version, content, why, by_whom, at)
			SELECT CAST($1 AS BIGINT) + 1, $2, $3, $4, CAST($5 AS BIGINT) WHERE CAST($1 AS BIGINT) = (SELECT COALESCE(MAX(version), 0) FROM assumptions)`,
			v.Number, content, clean(v.Why), clean(v.By), instant(v.At))
		if err := touched(res, err, triage.Errorf(triage.CodeConflict, "the assumptions have changed; load them again")); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
