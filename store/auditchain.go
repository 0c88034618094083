package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

const insertAudit = `INSERT INTO audit (id, at, actor, action, object, detail, prev, hash)`

// store puts the entries at the end of the chain. The lock on the head keeps
// the transactions of other processes from doing so until this one has ended,
// so that the order of ids is the order of commits.
func (p *pendingAudit) store(ctx context.Context, tx *sql.Tx) error {
	if len(p.entries) == 0 {
		return nil
	}
	var last int64
	var head hashColumn
	err := tx.QueryRowContext(ctx, `UPDATE audit_head SET last = last + $1 WHERE id = 1 RETURNING last, hash`, len(p.entries)).Scan(&last, &head)
	if err != nil {
		return fmt.Errorf("lock the audit chain: %w", err)
	}
	at := last - int64(len(p.entries))
	rows := make([][]any, len(p.entries))
	for i, e := range p.entries {
		at++
		c := triage.ChainedEntry{ID: at, AuditEntry: e, Prev: triage.AuditHash(head)}
		c.Hash = c.Link()
		head = hashColumn(c.Hash)
		rows[i] = []any{c.ID, c.At.UnixMilli(), c.Actor, c.Action, c.Object, c.Detail, c.Prev[:], c.Hash[:]}
	}
	if _, err := insertRows(ctx, tx, insertAudit, rows, ""); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE audit_head SET hash = $1 WHERE id = 1`, head[:])
	return err
}

// hashColumn reads a hash; one of another length reads as zero, which no entry
// has.
type hashColumn triage.AuditHash

// Scan implements sql.Scanner.
func (h *hashColumn) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("a hash is stored as %T, want bytes", src)
	}
	*h = hashColumn{}
	if len(b) == len(h) {
		copy(h[:], b)
	}
	return nil
}

// sealPart is how many entries of older versions are read at a time.
const sealPart = 2000

// sealAudit gives the entries of older versions their place in the chain, in
// the order of their ids, once: afterwards an entry without a hash is one that
// somebody else has put there.
func (db *DB) sealAudit(ctx context.Context) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("chain the audit trail: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
	var last int64
	var head hashColumn
	// The update locks the head: of several processes one does the work.
	err = tx.QueryRowContext(ctx, `UPDATE audit_head SET last = last WHERE id = 1 RETURNING last, hash`).Scan(&last, &head)
	if err != nil || last >= 0 {
		return err
	}
	last = 0
	for {
		old, err := auditAfter(ctx, tx, last, sealPart)
		if err != nil {
			return err
		}
		if len(old) == 0 {
			break
		}
		if err := sealEntries(ctx, tx, old, &head); err != nil {
			return err
		}
		last = old[len(old)-1].ID
	}
	if _, err := tx.ExecContext(ctx, `UPDATE audit_head SET last = $1, hash = $2 WHERE id = 1`, last, head[:]); err != nil {
		return err
	}
	return tx.Commit()
}

func sealEntries(ctx context.Context, tx *sql.Tx, entries []triage.ChainedEntry, head *hashColumn) error {
	seal, err := tx.PrepareContext(ctx, `UPDATE audit SET prev = $1, hash = $2 WHERE id = $3`)
	if err != nil {
		return err
	}
	defer seal.Close()
	for _, e := range entries {
		e.Prev = triage.AuditHash(*head)
		e.Hash = e.Link()
		*head = hashColumn(e.Hash)
		if _, err := seal.ExecContext(ctx, e.Prev[:], e.Hash[:], e.ID); err != nil {
			return err
		}
	}
	return nil
}

const auditColumns = `id, at, actor, action, object, detail, prev, hash`

func scanAudit(s scanner) (e triage.ChainedEntry, err error) {
	err = s.Scan(&e.ID, (*instant)(&e.At), &e.Actor, &e.Action, &e.Object, &e.Detail, (*hashColumn)(&e.Prev), (*hashColumn)(&e.Hash))
	return e, err
}

// auditAfter returns the next entries behind an id.
func auditAfter(ctx context.Context, q querier, id int64, limit int) (list []triage.ChainedEntry, err error) {
	err = collect(ctx, q, func(rows *sql.Rows) error {
		e, err := scanAudit(rows)
		list = append(list, e)
		return err
	}, `SELECT `+auditColumns+` FROM audit WHERE id > $1 ORDER BY id LIMIT $2`, id, limit)
	return list, err
}
