package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// Samples returns the labelled cases, at most limit, those whose latest label is
// newest, in the order of their first label. The type is that of the latest.
func (db *DB) Samples(ctx context.Context, limit int) ([]learn.Sample, error) {
	var list []learn.Sample
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var s learn.Sample
		var c triage.Complaint
		err := rows.Scan(&s.Case, &s.Customer, &c.Title, &c.Text, &s.Type, &s.First, &s.Last, &s.Part)
		s.Text = c.Body()
		list = append(list, s)
		return err
	}, `SELECT c.id, c.customer_id, c.title, c.text, l.type, n.first, n.last, COALESCE(p.part, '')
		FROM (SELECT case_id, MIN(id) AS first, MAX(id) AS last FROM labels GROUP BY case_id ORDER BY MAX(id) DESC LIMIT $1) n
		JOIN labels l ON l.id = n.last
		JOIN cases c ON c.id = n.case_id
		LEFT JOIN label_parts p ON p.case_id = n.case_id
		ORDER BY n.first`, max(limit, 0))
	return list, db.fail("read labels", err)
}

// Place remembers the part of cases; one that has a part keeps it.
func (db *DB) Place(ctx context.Context, parts map[triage.ComplaintID]learn.Part, at time.Time) error {
	rows := make([][]any, 0, len(parts))
	for id, part := range parts {
		rows = append(rows, []any{string(id), string(part), instant(at)})
	}
	return db.fail("place labels", db.writer.submit(ctx, len(rows), func(ctx context.Context, tx *sql.Tx) error {
		_, err := insertRows(ctx, tx, `INSERT INTO label_parts (case_id, part, at)`, rows, `ON CONFLICT DO NOTHING`)
		return err
	}))
}
