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

// suppress stores one suppression as [DB.Suppress] does, in a transaction that
// goes on.
func suppress(ctx context.Context, tx *sql.Tx, s *prevention.Suppression) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO suppressions (customer_id, address, reason, at, by_whom)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		clean(string(s.Customer)), addressKey(s.Address), clean(s.Reason), instant(s.At), clean(s.By))
	return err
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
