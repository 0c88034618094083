package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"

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
			return err
		})
		if err != nil {
			return added, db.fail("store exposures", err)
		}
		added += n
	}
	return added, nil
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
