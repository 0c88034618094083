package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/qianyi-dev/qianyi/triage"
)

// The store's own entries: their actions, and who acts when no person does.
const (
	auditAccept  = "accept"
	auditConfirm = "confirm"
	auditSystem  = "system"
)

// auditObject is the name under which the trail keeps a case.
func auditObject(id triage.ComplaintID) string { return "case:" + string(id) }

// pendingAudit are the entries of a transaction of the writer. They are put
// into the chain as its last step: then nothing waits for another lock while it
// holds that of the chain, and one statement chains the entries of many calls.
type pendingAudit struct{ entries []triage.AuditEntry }

// pendingKey finds the pendingAudit of a transaction in the context that the
// writer hands to its calls.
type pendingKey struct{}

// errNoWriter is a mistake of ours: an entry outside of the writer.
var errNoWriter = errors.New("an audit entry needs the writer's context")

// appendAudit adds an entry to the trail with the transaction that ctx, the
// context of a call of the writer, belongs to. It cannot be read before the end
// of the transaction.
func appendAudit(ctx context.Context, _ *sql.Tx, e triage.AuditEntry) error {
	p, ok := ctx.Value(pendingKey{}).(*pendingAudit)
	if !ok {
		return errNoWriter
	}
	e.Actor, e.Action, e.Object, e.Detail = clean(e.Actor), clean(e.Action), clean(e.Object), clean(e.Detail)
	p.entries = append(p.entries, e)
	return nil
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
