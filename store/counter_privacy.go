package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// OptOut implements [counter.People]; a suppression that is there already changes
// nothing.
func (k *Counter) OptOut(ctx context.Context, list []prevention.Suppression, e triage.AuditEntry) error {
	return k.db.fail("store an opt-out", k.db.writer.submit(ctx, len(list)+1, func(ctx context.Context, tx *sql.Tx) error {
		for i := range list {
			if err := suppress(ctx, tx, &list[i]); err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, e)
	}))
}

// ForgetWords implements [privacy.Store].
func (db *DB) ForgetWords(ctx context.Context, before time.Time, limit int) (int, error) {
	return db.Counter().ForgetWords(ctx, before, limit)
}

// ForgetWords takes the words out of at most limit captures that were stored
// before a time, and says of how many; what is counted stays.
func (k *Counter) ForgetWords(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = k.db.writer.submit(ctx, limit, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE captures SET words = '', version = version + 1 WHERE words <> '' AND id IN
			(SELECT id FROM captures WHERE words <> '' AND recorded_at < $1 ORDER BY recorded_at LIMIT $2)`, instant(before), limit)
		if err != nil {
			return err
		}
		forgotten, err := res.RowsAffected()
		n = int(forgotten)
		return err
	})
	return n, k.db.fail("forget words", err)
}
