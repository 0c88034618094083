package store

import (
	"context"
	"database/sql"

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
		err = tx.QueryRowContext(ctx, `INSERT INTO case_messages (case_id, direction, channel, text, by_whom, at, letter_key)
			SELECT id, $1, $2, $3, $4, CAST($5 AS BIGINT), $6 FROM cases WHERE id = $7 RETURNING id`,
			string(m.Direction), clean(m.Channel), clean(m.Text), clean(m.By), instant(m.At), clean(m.Key), string(m.Complaint)).Scan(&id)
		if err != nil {
			return notFound(err, "there is no case %s", m.Complaint)
		}
		return appendAudit(ctx, tx, e)
	})
	return id, db.fail("record a message", err)
}

// Messages returns the conversation of a case, oldest first.
func (db *DB) Messages(ctx context.Context, id triage.ComplaintID) ([]reply.Message, error) {
	var list []reply.Message
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		m := reply.Message{Complaint: id}
		err := rows.Scan(&m.ID, &m.Direction, &m.Channel, &m.Text, &m.By, (*instant)(&m.At), &m.Key)
		list = append(list, m)
		return err
	}, `SELECT id, direction, channel, text, by_whom, at, letter_key FROM case_messages WHERE case_id = $1 ORDER BY id`, string(id))
	return list, db.fail("read a conversation", err)
}
