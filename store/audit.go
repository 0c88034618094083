package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/qianyi-dev/qianyi/triage"
)

// The store's own entries: their actions, and who acts when no person does.
const (
	auditAccept  = "accept"
	auditConfirm = "confirm"
	auditClose   = "close"
	auditSystem  = "system"
)

// auditObject is the name under which the trail keeps a case.
func auditObject(id triage.ComplaintID) string { return "case:" + string(id) }

// auditAccepted writes one entry for each case with first < seq <= last.
func auditAccepted(ctx context.Context, tx *sql.Tx, first, last int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO audit (at, actor, action, object, detail)
		SELECT received_at, $1, $2, 'case:' || id, '' FROM cases WHERE seq > $3 AND seq <= $4 ORDER BY seq`,
		auditSystem, auditAccept, first, last)
	return err
}

func appendAudit(ctx context.Context, tx *sql.Tx, e triage.AuditEntry) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO audit (at, actor, action, object, detail) VALUES ($1, $2, $3, $4, $5)`,
		instant(e.At), clean(e.Actor), clean(e.Action), clean(e.Object), clean(e.Detail))
	return err
}

// auditDetail writes facts as a JSON object.
func auditDetail(facts map[string]string) string {
	b, err := json.Marshal(facts)
	if err != nil {
		return "" // cannot happen: strings always have a JSON form
	}
	return string(b)
}

// Append adds an entry to the trail.
func (db *DB) Append(ctx context.Context, e triage.AuditEntry) error {
	return db.fail("append to the audit trail", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		return appendAudit(ctx, tx, e)
	}))
}

// Trail returns the entries about one object in the order they were written.
// The object of a case is "case:" and the complaint's id.
func (db *DB) Trail(ctx context.Context, object string) ([]triage.AuditEntry, error) {
	var trail []triage.AuditEntry
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var e triage.AuditEntry
		if err := rows.Scan((*instant)(&e.At), &e.Actor, &e.Action, &e.Object, &e.Detail); err != nil {
			return err
		}
		trail = append(trail, e)
		return nil
	}, `SELECT at, actor, action, object, detail FROM audit WHERE object = $1 ORDER BY id`, object)
	return trail, db.fail("read the audit trail", err)
}
