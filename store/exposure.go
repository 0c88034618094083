package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// PutExposures stores contacts and returns how many were new: one that differs
// from all stored ones in customer, kind, key, time or attributes. It works in
// transactions of a thousand; when it fails, repeating the call is safe.
func (db *DB) PutExposures(ctx context.Context, exposures []triage.Exposure) (added int, err error) {
	for part := range slices.Chunk(exposures, groupRows) {
		rows, err := encodeExposures(part)
		if err != nil {
			return added, err
		}
		var n int
		err = db.writer.submit(ctx, len(rows), func(ctx context.Context, tx *sql.Tx) (err error) {
			n, err = insertRows(ctx, tx, `INSERT INTO exposures (kind, key, at, customer_id, attrs_hash, attrs)`, rows, `ON CONFLICT DO NOTHING`)
			if err != nil || n == 0 {
				return err
			}
			return addBatch(ctx, tx, part)
		})
		if err != nil {
			return added, db.fail("store exposures", err)
		}
		added += n
	}
	return added, nil
}

// addBatch numbers the span of time of exposures of which some are new.
func addBatch(ctx context.Context, tx *sql.Tx, exposures []triage.Exposure) error {
	byTime := func(a, b triage.Exposure) int { return a.At.Compare(b.At) }
	from, to := slices.MinFunc(exposures, byTime).At, slices.MaxFunc(exposures, byTime).At
	l, err := lockLedger(ctx, tx)
	if err != nil {
		return err
	}
	l.lastBatch++
	_, err = tx.ExecContext(ctx, `INSERT INTO exposure_batches (seq, from_at, to_at) VALUES ($1, $2, $3)`, l.lastBatch, instant(from), instant(to))
	if err != nil {
		return err
	}
	return l.store(ctx, tx)
}

// ExposureBatches returns batches after one, oldest first, at most limit. A
// batch spans up to a thousand exposures of one call of PutExposures, some of
// them new. No batch appears behind one that was returned.
func (db *DB) ExposureBatches(ctx context.Context, after int64, limit int) ([]prevention.ExposureBatch, error) {
	var list []prevention.ExposureBatch
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var b prevention.ExposureBatch
		err := rows.Scan(&b.Seq, (*instant)(&b.From), (*instant)(&b.To))
		list = append(list, b)
		return err
	}, `SELECT seq, from_at, to_at FROM exposure_batches WHERE seq > $1 ORDER BY seq LIMIT $2`, after, max(limit, 0))
	return list, db.fail("read what exposures came in", err)
}

func encodeExposures(exposures []triage.Exposure) ([][]any, error) {
	rows := make([][]any, len(exposures))
	for i, e := range exposures {
		if e.CustomerID == "" {
			return nil, triage.FieldErrorf("customer_id", "is empty: an exposure belongs to a customer")
		}
		attrs, err := encodeAttrs(e.Attrs)
		if err != nil {
			return nil, triage.FieldErrorf("attrs", "of customer %s cannot be stored: %v", e.CustomerID, err)
		}
		rows[i] = []any{clean(e.Kind), clean(e.Key), instant(e.At), clean(string(e.CustomerID)), attrsHash(attrs), attrs}
	}
	return rows, nil
}

// attrsHash tells attributes apart; encoding/json sorts the keys.
func attrsHash(attrs string) int64 {
	if attrs == "" {
		return 0
	}
	sum := sha256.Sum256([]byte(attrs))
	return int64(binary.BigEndian.Uint64(sum[:8])) // may be negative
}
