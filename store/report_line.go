package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
)

var _ dispatch.Outbox = (*DB)(nil)

const selectReportLines = `SELECT l.id, l.report_id, r.schedule_id, r.week, r.department, r.language, l.receiver, l.state, l.attempts,
	l.next_at, l.at, l.reason FROM report_lines AS l JOIN reports AS r ON r.id = l.report_id `

// reportLines reads lines.
func (db *DB) reportLines(ctx context.Context, query string, args ...any) ([]dispatch.Line, error) {
	var list []dispatch.Line
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var l dispatch.Line
		var week, receiver string
		err := rows.Scan(&l.ID, &l.Report, &l.Schedule, &week, &l.Department, &l.Language, &receiver, &l.State, &l.Attempts,
			(*instant)(&l.NextAt), (*instant)(&l.At), &l.Reason)
		if err != nil {
			return err
		}
		l.Receiver = triage.Email(receiver)
		list = append(list, l)
		return list[len(list)-1].Week.UnmarshalText([]byte(week))
	}, selectReportLines+query, args...)
	return list, db.fail("read the lines of reports", err)
}

// ReportLinesDue implements [dispatch.Outbox].
func (db *DB) ReportLinesDue(ctx context.Context, now, stale time.Time) ([]dispatch.Line, error) {
	return db.reportLines(ctx, `WHERE l.state = 'waiting' AND l.next_at <= $1 OR l.state = 'sending' AND l.at < $2
		ORDER BY l.next_at, l.id`, instant(now), instant(stale))
}

// ReportLines implements [dispatch.Outbox].
func (db *DB) ReportLines(ctx context.Context, limit int) ([]dispatch.Line, error) {
	return db.reportLines(ctx, `ORDER BY l.id DESC`+limited(limit))
}

// ReportLine implements [dispatch.Outbox]; CodeNotFound is an unknown id.
func (db *DB) ReportLine(ctx context.Context, id int64) (dispatch.Line, error) {
	list, err := db.reportLines(ctx, `WHERE l.id = $1`, id)
	if err != nil {
		return dispatch.Line{}, err
	}
	if len(list) == 0 {
		return dispatch.Line{}, triage.Errorf(triage.CodeNotFound, "there is no line %d of a report", id)
	}
	return list[0], nil
}

// ClaimReportLine implements [dispatch.Outbox].
func (db *DB) ClaimReportLine(ctx context.Context, l dispatch.Line, at time.Time) (claimed bool, err error) {
	err = db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE report_lines SET state = 'sending', attempts = attempts + 1, at = $1
			WHERE id = $2 AND state = 'waiting' AND attempts = $3`, instant(at), l.ID, l.Attempts)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		claimed = n > 0
		return err
	})
	return claimed && err == nil, db.fail("claim the line of a report", err)
}

// SettleReportLine implements [dispatch.Outbox].
func (db *DB) SettleReportLine(ctx context.Context, l dispatch.Line, from dispatch.State, e triage.AuditEntry) error {
	changed := triage.Errorf(triage.CodeConflict, "line %d of a report is not %s any more", l.ID, from)
	return db.fail("settle the line of a report", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE report_lines SET state = $1, attempts = $2, next_at = $3, at = $4, reason = $5
			WHERE id = $6 AND state = $7`,
			string(l.State), l.Attempts, instant(l.NextAt), instant(l.At), clean(l.Reason), l.ID, string(from))
		if err := touched(res, err, changed); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
