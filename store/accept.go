package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// Accept makes the cases durable in one transaction, which it may share with
// concurrent calls, together with an audit entry for each new case. It says of
// each case, in order, whether it was new; of two with one id in the same call
// the first is. One case that cannot be stored fails the call as a whole, with
// CodeInvalid and the field, and stores none of it.
//
// An error of ctx means that nothing was stored. After CodeUnavailable the
// call can simply be repeated: ids make it idempotent.
func (db *DB) Accept(ctx context.Context, cases []triage.Case) ([]triage.Accepted, error) {
	if len(cases) == 0 {
		return nil, nil
	}
	rows := make([]row, len(cases))
	ids := make([]triage.ComplaintID, len(cases))
	for i := range cases {
		var err error
		if rows[i], err = encodeCase(&cases[i]); err != nil {
			return nil, err
		}
		ids[i] = cases[i].ID
	}
	var accepted []triage.Accepted
	err := db.writer.submit(ctx, len(rows), func(ctx context.Context, tx *sql.Tx) (err error) {
		accepted, err = accept(ctx, tx, cases, ids, rows)
		return err
	})
	if err != nil {
		return nil, db.fail(fmt.Sprintf("store %d cases", len(cases)), err)
	}
	return accepted, nil
}

func accept(ctx context.Context, tx *sql.Tx, cases []triage.Case, ids []triage.ComplaintID, rows []row) ([]triage.Accepted, error) {
	next, err := lockCounters(ctx, tx)
	if err != nil {
		return nil, err
	}
	known, err := seqsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	accepted := make([]triage.Accepted, len(rows))
	fresh := make([][]any, 0, len(rows))
	counts := make(tally)
	for i, r := range rows {
		if seq, ok := known[r.id]; ok {
			accepted[i] = triage.Accepted{Seq: seq}
			continue
		}
		next.seq++
		next.change++
		r.values[0], r.values[1] = next.seq, next.change
		known[r.id] = next.seq
		fresh = append(fresh, r.values)
		counts.add(r.facets, 1)
		accepted[i] = triage.Accepted{Seq: next.seq, New: true}
		e := triage.AuditEntry{At: cases[i].ReceivedAt, Actor: auditSystem, Action: auditAccept, Object: auditObject(triage.ComplaintID(r.id))}
		if err := appendAudit(ctx, tx, e); err != nil {
			return nil, err
		}
	}
	if len(fresh) == 0 {
		return accepted, nil
	}
	if _, err := insertRows(ctx, tx, insertCase, fresh, ""); err != nil {
		return nil, err
	}
	if err := counts.store(ctx, tx); err != nil {
		return nil, err
	}
	return accepted, next.store(ctx, tx)
}

// counters are the last numbers given out.
type counters struct{ seq, change int64 }

// lockCounters reads the numbers and keeps other transactions from doing so
// until this one has ended. Without it a reader of the changes could see
// number 8 before a slower transaction commits number 7, and miss 7 for ever.
func lockCounters(ctx context.Context, tx *sql.Tx) (c counters, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counters SET seq = seq WHERE id = 1 RETURNING seq, change`).Scan(&c.seq, &c.change)
	return c, err
}

func (c counters) store(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE counters SET seq = $1, change = $2 WHERE id = 1`, c.seq, c.change)
	return err
}

// seqsOf returns the numbers of those ids that are stored.
func seqsOf(ctx context.Context, tx *sql.Tx, ids []triage.ComplaintID) (map[triage.ComplaintID]int64, error) {
	known := make(map[triage.ComplaintID]int64, len(ids))
	err := each(ctx, tx, `SELECT id, seq FROM cases WHERE id IN`, ids, func(rows *sql.Rows) error {
		var id triage.ComplaintID
		var seq int64
		if err := rows.Scan(&id, &seq); err != nil {
			return err
		}
		known[id] = seq
		return nil
	})
	return known, err
}
