package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
)

// Counter is the database as a [counter.Store]. It is a type of its own because
// some of the method names mean something else on DB.
type Counter struct{ db *DB }

var _ counter.Store = (*Counter)(nil)

// Counter returns the part of the store for what happens at the counter.
func (db *DB) Counter() *Counter { return &Counter{db} }

const captureColumns = `id, campaign_id, customer_id, attitude, behaviour, reasons, words, type, sentiment, complains, case_id,
	clerk, shop, source, at, day, recorded_at, capture_key, undone, version`

// scanCapture reads captureColumns.
func scanCapture(row scanner) (c counter.Capture, err error) {
	var reasons, sentiment string
	err = row.Scan(&c.ID, &c.Campaign, &c.Customer, &c.Attitude, &c.Behaviour, &reasons, &c.Words, &c.Type, &sentiment, &c.Complains, &c.Case,
		&c.Clerk, &c.Shop, &c.Source, (*instant)(&c.At), &c.Day, (*instant)(&c.RecordedAt), &c.Key, &c.Undone, &c.Version)
	for _, r := range splitList(reasons) {
		c.Reasons = append(c.Reasons, counter.Reason(r))
	}
	c.Sentiment = nlp.Polarity(sentiment)
	return c, err
}

func joinCodes[T ~string](codes []T) string { return clean(strings.Join(texts(codes), ",")) }

// AddCapture implements [counter.Captures].
func (k *Counter) AddCapture(ctx context.Context, c counter.Capture, e triage.AuditEntry) (stored counter.Capture, added bool, err error) {
	err = k.db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		stored, err = scanCapture(tx.QueryRowContext(ctx, `INSERT INTO captures (campaign_id, customer_id, attitude, behaviour, reasons, words,
			type, sentiment, complains, case_id, clerk, shop, source, at, day, recorded_at, capture_key, undone, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12, $13, $14, $15, $16, FALSE, 1)
			ON CONFLICT DO NOTHING RETURNING `+captureColumns,
			clean(c.Campaign), clean(string(c.Customer)), string(c.Attitude), string(c.Behaviour), joinCodes(c.Reasons), clean(c.Words),
			clean(c.Type), string(c.Sentiment), c.Complains, clean(c.Clerk), clean(c.Shop), string(c.Source),
			instant(c.At), int64(c.Day), instant(c.RecordedAt), clean(c.Key)))
		if added = err == nil; added {
			e.Object = counter.Object(stored.ID)
			return appendAudit(ctx, tx, e)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		stored, err = scanCapture(tx.QueryRowContext(ctx, `SELECT `+captureColumns+` FROM captures WHERE capture_key = $1 AND capture_key <> ''`,
			clean(c.Key)))
		return err
	})
	return stored, added, k.db.fail("store a capture", err)
}

// ChangeCapture implements [counter.Captures].
func (k *Counter) ChangeCapture(ctx context.Context, c counter.Capture, e triage.AuditEntry) error {
	return k.db.fail("change a capture", k.db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE captures SET behaviour = $1, reasons = $2, words = $3, type = $4, sentiment = $5, complains = $6,
			case_id = $7, undone = $8, version = version + 1 WHERE id = $9 AND version = $10`,
			string(c.Behaviour), joinCodes(c.Reasons), clean(c.Words), clean(c.Type), string(c.Sentiment), c.Complains, clean(string(c.Case)),
			c.Undone, c.ID, c.Version)
		if err := touched(res, err, changedMeanwhile("capture", counter.Object(c.ID))); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// Capture implements [counter.Captures].
func (k *Counter) Capture(ctx context.Context, id int64) (counter.Capture, error) {
	c, err := scanCapture(k.db.read.QueryRowContext(ctx, `SELECT `+captureColumns+` FROM captures WHERE id = $1`, id))
	return c, k.db.fail("read a capture", notFound(err, "there is no capture %d", id))
}

// Log implements [counter.Captures].
func (k *Counter) Log(ctx context.Context, f counter.Filter) (counter.Page, error) {
	w := where{conditions: []string{"NOT undone"}}
	for _, c := range []struct{ condition, value string }{
		{"campaign_id =", f.Campaign}, {"attitude =", string(f.Attitude)}, {"clerk =", f.Clerk}, {"shop =", f.Shop},
	} {
		if c.value != "" {
			w.add(c.condition, c.value)
		}
	}
	if len(f.Customers) > 0 {
		w.conditions = append(w.conditions, "customer_id <> ''")
		anyOf(&w, "customer_id", f.Customers)
	}
	if !f.From.IsZero() {
		w.add("at >=", instant(f.From))
	}
	if !f.To.IsZero() {
		w.add("at <", instant(f.To))
	}
	if err := w.behind("(at, id) <", f.Cursor); err != nil {
		return counter.Page{}, err
	}
	limit := pageSize(f.Limit)
	list, err := k.captures(ctx, w.String()+` ORDER BY at DESC, id DESC`+limited(limit+1), w.args...)
	if err != nil {
		return counter.Page{}, k.db.fail("list captures", err)
	}
	rows := cutPage(list, limit, func(c *counter.Capture) string { return numberPlace(c.At, c.ID) })
	return counter.Page{Captures: rows.Rows, Next: rows.Next}, nil
}

func (k *Counter) captures(ctx context.Context, rest string, args ...any) ([]counter.Capture, error) {
	var list []counter.Capture
	err := collect(ctx, k.db.read, func(rows *sql.Rows) error {
		c, err := scanCapture(rows)
		list = append(list, c)
		return err
	}, `SELECT `+captureColumns+` FROM captures`+rest, args...)
	return list, err
}
