package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// CountQueue counts the cases that pass a filter; it stops at limit.
func (db *DB) CountQueue(ctx context.Context, f triage.QueueFilter, limit int) (n int, err error) {
	byStatus := f.Active || f.Open != nil && !*f.Open
	if byStatus {
		f.Sort = "newest" // few of many: by their statuses, in no order
	}
	order, err := orderOf(f.Sort)
	if err != nil {
		return 0, err
	}
	w, err := whereOf(f, order)
	if err != nil {
		return 0, err
	}
	plan, err := db.plan(ctx, f, order, w)
	switch {
	case err != nil:
		return 0, db.fail("count the queue", err)
	case plan.exact:
		return min(plan.rows, limit), nil
	case byStatus:
		plan.index = "cases_status_newest"
	}
	err = db.read.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM cases c%s%s LIMIT %d) counted`,
		db.dialect.drivenBy(plan.index), w, limit), w.args...).Scan(&n)
	return n, db.fail("count the queue", err)
}

// LastArrival is the Seq of the case that was accepted last, 0 without one.
func (db *DB) LastArrival(ctx context.Context) (seq int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT seq FROM counters WHERE id = 1`).Scan(&seq)
	return seq, db.fail("read the last arrival", err)
}

// ArrivedSince counts the open cases within a scope that were accepted after the one
// of a Seq; it stops at limit.
func (db *DB) ArrivedSince(ctx context.Context, scope triage.Scope, after int64, limit int) (n int, err error) {
	w := where{conditions: []string{"c.open"}}
	w.add("c.seq >", after)
	w.scope(scope)
	err = db.read.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM cases c%s LIMIT %d) counted`, w, limit), w.args...).Scan(&n)
	return n, db.fail("count arrivals", err)
}

// Passed returns those of the cases that a department received or gave away in
// a hand-over.
func (db *DB) Passed(ctx context.Context, department string, ids []triage.ComplaintID) (map[triage.ComplaintID]bool, error) {
	passed := map[triage.ComplaintID]bool{}
	if len(ids) == 0 {
		return passed, nil
	}
	args := []any{department}
	for _, id := range ids {
		args = append(args, string(id))
	}
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var id triage.ComplaintID
		err := rows.Scan(&id)
		passed[id] = true
		return err
	}, `SELECT DISTINCT case_id FROM hand_overs WHERE (department = $1 OR from_department = $1) AND case_id IN `+placeholders(2, len(ids)), args...)
	return passed, db.fail("read hand-overs", err)
}
