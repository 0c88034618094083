package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
)

// Unjudged implements [watch.Causes].
func (db *DB) Unjudged(ctx context.Context, limit int) ([]watch.Unread, error) {
	var list []watch.Unread
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var u watch.Unread
		var title string
		err := rows.Scan(&u.Complaint, &title, &u.Text)
		if title != "" {
			u.Text = title + "。" + u.Text
		}
		list = append(list, u)
		return err
	}, `SELECT c.id, c.title, c.text FROM attributions a JOIN cases c ON c.id = a.case_id
		WHERE a.campaign_id <> '' AND NOT EXISTS (SELECT 1 FROM campaign_causes k WHERE k.case_id = a.case_id)`+limited(limit))
	return list, db.fail("read complaints without a cause", err)
}

// RecordCauses implements [watch.Causes].
func (db *DB) RecordCauses(ctx context.Context, judged []card.Judged, at time.Time) error {
	return db.fail("store the causes of complaints", db.writer.submit(ctx, len(judged), func(ctx context.Context, tx *sql.Tx) error {
		rows := make([][]any, len(judged))
		for i, j := range judged {
			words, err := encodeWords(j.Words)
			if err != nil {
				return err
			}
			rows[i] = []any{clean(string(j.Complaint)), string(j.Cause), words, "", instant(at)}
		}
		_, err := insertRows(ctx, tx, `INSERT INTO campaign_causes (case_id, cause, words, by_whom, at)`, rows,
			`ON CONFLICT (case_id) DO UPDATE SET cause = excluded.cause, words = excluded.words, at = excluded.at WHERE campaign_causes.by_whom = ''`)
		return err
	}))
}

func encodeWords(words []string) (string, error) {
	if len(words) == 0 {
		return "", nil
	}
	text, err := encodeJSON("words", words)
	return clean(text), err
}

// CausesOf implements [watch.Causes].
func (db *DB) CausesOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]card.Judged, error) {
	causes := make(map[triage.ComplaintID]card.Judged, len(ids))
	err := each(ctx, db.read, `SELECT case_id, cause, words, by_whom FROM campaign_causes WHERE case_id IN`, ids, func(rows *sql.Rows) error {
		var j card.Judged
		err := rows.Scan(&j.Complaint, &j.Cause, document{"words", &j.Words}, &j.By)
		causes[j.Complaint] = j
		return err
	})
	return causes, db.fail("read the causes of complaints", err)
}

// CorrectCause implements [watch.Causes].
func (db *DB) CorrectCause(ctx context.Context, j card.Judged, e triage.AuditEntry) error {
	missing := triage.Errorf(triage.CodeNotFound, "there is no complaint %s", j.Complaint)
	return db.fail("correct the cause of a complaint", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO campaign_causes (case_id, cause, words, by_whom, at)
			SELECT id, $1, '', $2, CAST($3 AS BIGINT) FROM cases WHERE id = $4
			ON CONFLICT (case_id) DO UPDATE SET cause = excluded.cause, words = '', by_whom = excluded.by_whom, at = excluded.at`,
			string(j.Cause), clean(j.By), instant(e.At), string(j.Complaint))
		if err := touched(res, err, missing); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// CauseCounts implements [watch.Cards].
func (db *DB) CauseCounts(ctx context.Context, id string) ([]card.CauseCount, error) {
	var list []card.CauseCount
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var c card.CauseCount
		err := rows.Scan(&c.Cause, &c.Count, &c.ByHand)
		list = append(list, c)
		return err
	}, `SELECT k.cause, COUNT(*), COUNT(CASE WHEN k.by_whom <> '' THEN 1 END) FROM attributions a
		JOIN campaign_causes k ON k.case_id = a.case_id WHERE a.campaign_id = $1
		GROUP BY k.cause ORDER BY COUNT(*) DESC, k.cause`, id)
	return list, db.fail("count the causes of complaints", err)
}
