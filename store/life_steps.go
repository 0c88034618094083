package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// appendStep adds an entry to the record of a case; the lock of counters keeps
// two from taking one number.
func appendStep(ctx context.Context, tx *sql.Tx, s life.Step) error {
	facts, err := encodeFacts(s.Facts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO case_steps
		(case_id, n, move, from_status, to_status, owner, department, by_whom, entered_at, due_at, note, facts)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6, $7, CAST($8 AS BIGINT), CAST($9 AS BIGINT), $10, $11
		FROM case_steps WHERE case_id = $12`,
		string(s.Case), clean(string(s.Move)), clean(string(s.From)), clean(string(s.To)), clean(s.Owner), clean(s.Department),
		clean(s.By), instant(s.Entered), instant(s.Due), clean(s.Note), facts, string(s.Case))
	return err
}

func encodeFacts(facts map[string]string) (string, error) {
	if len(facts) == 0 {
		return "", nil
	}
	cleaned := make(map[string]string, len(facts))
	for k, v := range facts {
		cleaned[clean(k)] = clean(v)
	}
	return encodeJSON("facts", cleaned)
}

// StepsOf returns the records of cases, each oldest first; a case without any
// has no entry.
func (db *DB) StepsOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID][]life.Step, error) {
	records := make(map[triage.ComplaintID][]life.Step)
	scan := func(rows *sql.Rows) error {
		var s life.Step
		err := rows.Scan(&s.Case, &s.N, &s.Move, &s.From, &s.To, &s.Owner, &s.Department, &s.By,
			(*instant)(&s.Entered), (*instant)(&s.Due), &s.Note, document{"facts of a step", &s.Facts})
		records[s.Case] = append(records[s.Case], s)
		return err
	}
	for part := range slices.Chunk(ids, listIDs) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = string(id)
		}
		err := collect(ctx, db.read, scan, `SELECT case_id, n, move, from_status, to_status, owner, department, by_whom, entered_at, due_at, note, facts
			FROM case_steps WHERE case_id IN `+placeholders(1, len(part))+` ORDER BY case_id, n`, args...)
		if err != nil {
			return nil, db.fail("read the records of cases", err)
		}
	}
	return records, nil
}

// putHandOver stores a new hand-over, or the answer to one.
func putHandOver(ctx context.Context, tx *sql.Tx, seq int64, h life.HandOver) error {
	if h.ID != 0 {
		res, err := tx.ExecContext(ctx, `UPDATE hand_overs SET state = $1, answered_by = $2, answered_at = $3, reason = $4
			WHERE id = $5 AND case_seq = $6 AND state = $7`,
			clean(string(h.State)), clean(h.AnsweredBy), instant(h.AnsweredAt), clean(h.Reason), h.ID, seq, string(life.HandOverSent))
		return touched(res, err, triage.Errorf(triage.CodeConflict, "the hand-over of case %s has been answered already", h.Case))
	}
	facts, err := encodeFacts(h.Facts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO hand_overs (case_id, case_seq, from_department, from_owner, department, owner, task, due_at,
		by_whom, at, facts, state, answered_by, answered_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		string(h.Case), seq, clean(h.FromDepartment), clean(h.FromOwner), clean(h.Department), clean(h.Owner), clean(h.Task), instant(h.Due),
		clean(h.By), instant(h.At), facts, clean(string(h.State)), clean(h.AnsweredBy), instant(h.AnsweredAt), clean(h.Reason))
	return err
}

// HandOvers returns the hand-overs of a case, oldest first.
func (db *DB) HandOvers(ctx context.Context, id triage.ComplaintID) ([]life.HandOver, error) {
	var list []life.HandOver
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var h life.HandOver
		err := rows.Scan(&h.ID, &h.Case, &h.FromDepartment, &h.FromOwner, &h.Department, &h.Owner, &h.Task, (*instant)(&h.Due),
			&h.By, (*instant)(&h.At), document{"facts of a hand-over", &h.Facts}, &h.State, &h.AnsweredBy, (*instant)(&h.AnsweredAt), &h.Reason)
		list = append(list, h)
		return err
	}, `SELECT id, case_id, from_department, from_owner, department, owner, task, due_at, by_whom, at, facts, state,
		answered_by, answered_at, reason FROM hand_overs WHERE case_id = $1 ORDER BY id`, string(id))
	return list, db.fail("read hand-overs", err)
}
