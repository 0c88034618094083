package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
)

var (
	_ watch.Signals = (*DB)(nil)
	_ watch.Cards   = (*DB)(nil)
	_ watch.Causes  = (*DB)(nil)
	_ watch.People  = (*DB)(nil)
)

const signalColumns = `s.campaign_id, s.day, s.at, s.verdict`

func scanTold(rows *sql.Rows) (t watch.Told, err error) {
	err = rows.Scan(&t.Campaign, &t.Day, (*instant)(&t.At), document{"signal of a campaign", &t.Verdict})
	return t, err
}

// LatestSignals implements [watch.Signals].
func (db *DB) LatestSignals(ctx context.Context) (map[string]watch.Told, error) {
	last := make(map[string]watch.Told)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		t, err := scanTold(rows)
		last[t.Campaign] = t
		return err
	}, `SELECT `+signalColumns+` FROM campaign_signals s
		JOIN (SELECT campaign_id, MAX(day) AS day FROM campaign_signals GROUP BY campaign_id) l
		ON l.campaign_id = s.campaign_id AND l.day = s.day`)
	return last, db.fail("read the signals of campaigns", err)
}

// SignalsOf implements [watch.Signals].
func (db *DB) SignalsOf(ctx context.Context, id string, limit int) ([]watch.Told, error) {
	var list []watch.Told
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		t, err := scanTold(rows)
		list = append(list, t)
		return err
	}, `SELECT `+signalColumns+` FROM campaign_signals s WHERE s.campaign_id = $1 ORDER BY s.day DESC`+limited(limit), id)
	return list, db.fail("read the signals of a campaign", err)
}

// RecordSignals implements [watch.Signals].
func (db *DB) RecordSignals(ctx context.Context, told []watch.Told) error {
	if len(told) == 0 {
		return nil
	}
	return db.fail("store the signals of campaigns", db.writer.submit(ctx, len(told), func(ctx context.Context, tx *sql.Tx) error {
		for i := range told {
			t := &told[i]
			verdict, err := encodeJSON("verdict", t.Verdict)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO campaign_signals (campaign_id, day, at, signal, verdict) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (campaign_id, day) DO UPDATE SET at = excluded.at, signal = excluded.signal, verdict = excluded.verdict`,
				clean(t.Campaign), t.Day, instant(t.At), string(t.Verdict.Signal), verdict)
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// Lessons implements [watch.Cards].
func (db *DB) Lessons(ctx context.Context, id string) ([]card.Lesson, error) {
	var list []card.Lesson
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		l := card.Lesson{Campaign: id}
		err := rows.Scan(&l.Version, &l.Text, &l.By, (*instant)(&l.At))
		list = append(list, l)
		return err
	}, `SELECT version, text, by_whom, at FROM campaign_lessons WHERE campaign_id = $1 ORDER BY version DESC`, id)
	return list, db.fail("read the lessons of a campaign", err)
}

// PutLesson implements [watch.Cards].
func (db *DB) PutLesson(ctx context.Context, l card.Lesson, e triage.AuditEntry) error {
	return db.fail("store a lesson", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		var last int64
		err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM campaign_lessons WHERE campaign_id = $1`, clean(l.Campaign)).Scan(&last)
		if err != nil {
			return err
		}
		if l.Version != last+1 {
			return triage.Errorf(triage.CodeConflict, "the lessons of campaign %s are at version %d: read them and write again", l.Campaign, last)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO campaign_lessons (campaign_id, version, text, by_whom, at) VALUES ($1, $2, $3, $4, $5)`,
			clean(l.Campaign), l.Version, clean(l.Text), clean(l.By), instant(l.At))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// CostAssumptions implements [watch.Cards].
func (db *DB) CostAssumptions(ctx context.Context) (card.Assumptions, error) {
	a := card.Assumed()
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		return rows.Scan(&a.Hourly, &a.Case, &a.Reply, &a.HandOver, &a.By, (*instant)(&a.At))
	}, `SELECT hourly, per_case, per_reply, per_hand_over, by_whom, at FROM campaign_assumptions ORDER BY id DESC LIMIT 1`)
	return a, db.fail("read what handling costs", err)
}

// PutCostAssumptions implements [watch.Cards].
func (db *DB) PutCostAssumptions(ctx context.Context, a card.Assumptions, e triage.AuditEntry) error {
	return db.fail("store what handling costs", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO campaign_assumptions (hourly, per_case, per_reply, per_hand_over, by_whom, at)
			VALUES ($1, $2, $3, $4, $5, $6)`, a.Hourly, a.Case, a.Reply, a.HandOver, clean(a.By), instant(a.At))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
