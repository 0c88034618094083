package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

// AddMessage appends to the conversation of a case, with its audit entry, and
// returns the id. CodeNotFound is an unknown case, CodeConflict a letter whose
// key is there already.
func (db *DB) AddMessage(ctx context.Context, m reply.Message, e triage.AuditEntry) (id int64, err error) {
	err = db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		var known int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM case_messages WHERE letter_key = $1 AND letter_key <> ''`, m.Key).Scan(&known)
		if err != nil {
			return err
		}
		if known > 0 {
			return triage.Errorf(triage.CodeConflict, "this reply to the case %s has been recorded already", m.Complaint)
		}
		err = tx.QueryRowContext(ctx, `INSERT INTO case_messages (case_id, direction, channel, text, by_whom, at, letter_key, solution, state, followed)
			SELECT id, $1, $2, $3, $4, CAST($5 AS BIGINT), $6, $7, $8, CAST($9 AS BOOLEAN) FROM cases WHERE id = $10 RETURNING id`,
			string(m.Direction), clean(m.Channel), clean(m.Text), clean(m.By), instant(m.At), clean(m.Key), clean(m.Solution), string(m.State),
			m.Direction != reply.Out, string(m.Complaint)).Scan(&id)
		if err != nil {
			return notFound(err, "there is no case %s", m.Complaint)
		}
		if err := touchFigures(ctx, tx, `c.id = $1`, string(m.Complaint)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	return id, db.fail("record a message", err)
}

// sendingMessage holds while a letter is on its way to the postman.
const sendingMessage = `state = 'sending'`

// SettleMessage ends the sending of a message, with its audit entry, and says
// whether it was being sent.
func (db *DB) SettleMessage(ctx context.Context, m reply.Message, e triage.AuditEntry) (bool, error) {
	settled := false
	err := db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE case_messages SET channel = $1, state = $2 WHERE id = $3 AND `+sendingMessage,
			clean(m.Channel), string(m.State), m.ID)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if settled = n > 0; err != nil || !settled {
			return err
		}
		if err := touchFigures(ctx, tx, `c.id IN (SELECT case_id FROM case_messages WHERE id = $1)`, m.ID); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	return settled && err == nil, db.fail("record that a message was sent", err)
}

// DropMessage takes away a message that is being sent and did not go out, with
// its audit entry.
func (db *DB) DropMessage(ctx context.Context, id int64, e triage.AuditEntry) error {
	return db.fail("take a message away", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM case_messages WHERE id = $1 AND `+sendingMessage, id)
		if err := touched(res, err, triage.Errorf(triage.CodeConflict, "message %d is not being sent", id)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

func (db *DB) messages(ctx context.Context, query string, args ...any) ([]reply.Message, error) {
	var list []reply.Message
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var m reply.Message
		err := rows.Scan(&m.ID, &m.Complaint, &m.Direction, &m.Channel, &m.Text, &m.By, (*instant)(&m.At), &m.Key, &m.Solution, &m.State)
		list = append(list, m)
		return err
	}, `SELECT id, case_id, direction, channel, text, by_whom, at, letter_key, solution, state FROM case_messages WHERE `+query, args...)
	return list, db.fail("read a conversation", err)
}

// Messages returns the conversation of a case, oldest first.
func (db *DB) Messages(ctx context.Context, id triage.ComplaintID) ([]reply.Message, error) {
	return db.messages(ctx, `case_id = $1 ORDER BY id`, string(id))
}

// StrandedMessages returns messages that have been sending since before a time.
func (db *DB) StrandedMessages(ctx context.Context, before time.Time, limit int) ([]reply.Message, error) {
	return db.messages(ctx, sendingMessage+` AND at < $1 ORDER BY at, id`+limited(limit), instant(before))
}

// UnfollowedMessages returns answers whose consequences are not done, oldest
// first.
func (db *DB) UnfollowedMessages(ctx context.Context, limit int) ([]reply.Message, error) {
	return db.messages(ctx, `state = '' AND NOT followed ORDER BY id`+limited(limit))
}

// MessageFollowed notes that the consequences of an answer are done.
func (db *DB) MessageFollowed(ctx context.Context, id int64) error {
	return db.exec(ctx, "note a follow-up", nil, `UPDATE case_messages SET followed = TRUE WHERE id = $1`, id)
}
