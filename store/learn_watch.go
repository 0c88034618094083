package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// JudgedSince returns the labelled cases received since then: the type the
// first label was given against, and that of the latest.
func (db *DB) JudgedSince(ctx context.Context, since time.Time) ([]learn.Judged, error) {
	var list []learn.Judged
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var j learn.Judged
		err := rows.Scan((*instant)(&j.At), &j.Suggested, &j.Type)
		list = append(list, j)
		return err
	}, `SELECT c.received_at, f.suggested, l.type
		FROM (SELECT case_id, MIN(id) AS first, MAX(id) AS last FROM labels GROUP BY case_id) n
		JOIN labels f ON f.id = n.first
		JOIN labels l ON l.id = n.last
		JOIN cases c ON c.id = n.case_id
		WHERE c.received_at >= $1 AND f.suggested <> '' ORDER BY c.seq`, instant(since))
	return list, db.fail("read judged cases", err)
}

// ArrivalsSince returns at most about limit cases received since then, every
// n-th of them, oldest first.
func (db *DB) ArrivalsSince(ctx context.Context, since time.Time, limit int) ([]learn.Arrival, error) {
	var count int64
	err := db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM cases WHERE received_at >= $1`, instant(since)).Scan(&count)
	if err != nil {
		return nil, db.fail("count arrivals", err)
	}
	every := (count + int64(max(limit, 1)) - 1) / int64(max(limit, 1))
	var list []learn.Arrival
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		var a learn.Arrival
		var c triage.Complaint
		var s triage.Assessment
		err := rows.Scan((*instant)(&a.At), &c.Title, &c.Text, document{"assessment", &s})
		a.Text, a.Type, a.Confidence, a.NeedsReview = c.Body(), s.Type, s.Confidence, s.NeedsReview
		list = append(list, a)
		return err
	}, `SELECT received_at, title, text, assessment FROM cases
		WHERE received_at >= $1 AND seq % $2 = 0 ORDER BY received_at, seq`, instant(since), max(every, 1))
	return list, db.fail("read arrivals", err)
}

// PutReport replaces the report on a pack.
func (db *DB) PutReport(ctx context.Context, r learn.Report) error {
	body, err := encodeJSON("report", r)
	if err != nil {
		return err
	}
	return db.exec(ctx, "store a report on the model", nil, `INSERT INTO model_reports (pack, at, body) VALUES ($1, $2, $3)
		ON CONFLICT (pack) DO UPDATE SET at = excluded.at, body = excluded.body`, clean(r.Pack), instant(r.At), body)
}

// Report returns the last report on a pack, CodeNotFound without one.
func (db *DB) Report(ctx context.Context, pack string) (r learn.Report, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT body FROM model_reports WHERE pack = $1`, clean(pack)).Scan(document{"report", &r})
	return r, db.fail("read the report on the model", notFound(err, "there is no report on the model of pack %s yet", pack))
}
