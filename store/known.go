package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
)

// Known returns those of the ids that are stored. It reads no cases, so an
// import that is repeated passes over them quickly.
func (db *DB) Known(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]bool, error) {
	known := make(map[triage.ComplaintID]bool, len(ids))
	err := each(ctx, db.read, `SELECT id FROM cases WHERE id IN`, ids, func(rows *sql.Rows) error {
		var id triage.ComplaintID
		if err := rows.Scan(&id); err != nil {
			return err
		}
		known[id] = true
		return nil
	})
	if err != nil {
		return nil, db.fail("look for known complaints", err)
	}
	return known, nil
}
