package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
)

var _ dispatch.Schedules = (*DB)(nil)

// ReportSchedules returns all schedules, the oldest first.
func (db *DB) ReportSchedules(ctx context.Context) ([]dispatch.Schedule, error) {
	var list []dispatch.Schedule
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var s dispatch.Schedule
		var receivers []string
		err := rows.Scan(&s.ID, &s.Version, &s.Name, &s.Weekday, &s.Hour, &s.Department, document{"receivers", &receivers}, &s.Language,
			&s.Active, (*instant)(&s.Since), &s.By)
		for _, r := range receivers {
			s.Receivers = append(s.Receivers, triage.Email(r))
		}
		list = append(list, s)
		return err
	}, `SELECT id, version, name, weekday, hour, department, receivers, language, active, since, by_whom FROM report_schedules ORDER BY id`)
	return list, db.fail("read report schedules", err)
}

// PutReportSchedule implements [dispatch.Schedules].
func (db *DB) PutReportSchedule(ctx context.Context, s dispatch.Schedule, e triage.AuditEntry) (id int64, err error) {
	receivers, err := encodeJSON("receivers", revealed(s.Receivers))
	if err != nil {
		return 0, err
	}
	values := []any{
		clean(s.Name), int64(s.Weekday), int64(s.Hour), clean(s.Department), receivers, string(s.Language), s.Active, instant(s.Since), clean(s.By),
	}
	id = s.ID
	err = db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		if s.ID == 0 {
			err := tx.QueryRowContext(ctx, `INSERT INTO report_schedules
				(name, weekday, hour, department, receivers, language, active, since, by_whom, version)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) RETURNING id`, values...).Scan(&id)
			if err != nil {
				return err
			}
			return appendAudit(ctx, tx, e)
		}
		res, err := tx.ExecContext(ctx, `UPDATE report_schedules SET name = $1, weekday = $2, hour = $3, department = $4, receivers = $5,
			language = $6, active = $7, since = $8, by_whom = $9, version = version + 1 WHERE id = $10 AND version = $11`,
			append(values, s.ID, s.Version)...)
		if err := touched(res, err, triage.Errorf(triage.CodeConflict, "report schedule %d has changed, or is gone; load it again", s.ID)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, db.fail("store a report schedule", err)
	}
	return id, nil
}

func revealed(list []triage.Email) []string {
	addresses := make([]string, len(list))
	for i, e := range list {
		addresses[i] = e.Reveal()
	}
	return addresses
}

// ReportPlanned implements [dispatch.Schedules].
func (db *DB) ReportPlanned(ctx context.Context, schedule int64, w report.Week) (known bool, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM reports WHERE schedule_id = $1 AND week = $2)`, schedule, w.String()).Scan(&known)
	return known, db.fail("look for a report", err)
}

// PlanReport implements [dispatch.Schedules].
func (db *DB) PlanReport(ctx context.Context, k dispatch.Kept, receivers []triage.Email, at time.Time) (planned bool, err error) {
	content, err := encodeJSON("report", k.Report)
	if err != nil {
		return false, err
	}
	err = db.writer.submit(ctx, 1+len(receivers), func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, `INSERT INTO reports (schedule_id, week, department, language, made_at, content)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (schedule_id, week) DO NOTHING RETURNING id`,
			k.Schedule, k.Report.Week.String(), clean(k.Report.Department), string(k.Language), instant(k.Report.MadeAt), content).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			planned = false
			return nil
		}
		if err != nil {
			return err
		}
		planned = true
		lines := make([][]any, len(receivers))
		for i, r := range receivers {
			lines[i] = []any{id, r.Reveal(), string(dispatch.Waiting), int64(0), instant(at), instant(at), ""}
		}
		_, err = insertRows(ctx, tx, `INSERT INTO report_lines (report_id, receiver, state, attempts, next_at, at, reason)`, lines, "")
		return err
	})
	return planned, db.fail("plan a report", err)
}

// KeptReport implements [dispatch.Schedules].
func (db *DB) KeptReport(ctx context.Context, id int64) (dispatch.Kept, error) {
	var k dispatch.Kept
	err := db.read.QueryRowContext(ctx, `SELECT id, schedule_id, language, content FROM reports WHERE id = $1`, id).
		Scan(&k.ID, &k.Schedule, &k.Language, document{"report", &k.Report})
	return k, db.fail("read a report", notFound(err, "there is no kept report %d", id))
}
