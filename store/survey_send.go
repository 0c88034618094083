package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// surveyOpen holds while the customer may answer and letters may be sent.
const surveyOpen = `s.state IN ('waiting', 'sent')`

// Due returns open surveys about which something has to be done by now, the
// first due first.
func (s *Surveys) Due(ctx context.Context, now time.Time, limit int) ([]survey.Survey, error) {
	list, err := s.list(ctx, `WHERE `+surveyOpen+` AND s.next_at > $1 AND s.next_at <= $2 AND s.begun_at = $1
		ORDER BY s.next_at, s.id`+limited(limit), zeroInstant, instant(now))
	return list, s.db.fail("look for surveys to send", err)
}

// Stranded returns open surveys with a letter that was begun before the time
// and never settled.
func (s *Surveys) Stranded(ctx context.Context, before time.Time, limit int) ([]survey.Survey, error) {
	list, err := s.list(ctx, `WHERE `+surveyOpen+` AND s.begun_at > $1 AND s.begun_at < $2 ORDER BY s.begun_at, s.id`+limited(limit),
		zeroInstant, instant(before))
	return list, s.db.fail("look for stranded surveys", err)
}

// Begin counts a letter and marks it as being sent. When it returns true, that
// has reached the disk, and of all callers this one alone may send.
func (s *Surveys) Begin(ctx context.Context, v survey.Survey, at time.Time) (bool, error) {
	return s.change(ctx, "begin to send a survey", nil, `UPDATE surveys AS s SET begun_at = $1, letters = letters + 1
		WHERE s.id = $2 AND s.letters = $3 AND s.begun_at = $4 AND `+surveyOpen, instant(at), v.ID, v.Letters, zeroInstant)
}

// Settle ends the sending of a letter that was begun at v.BegunAt, or stores
// what else was done about an open survey of which none is being sent.
func (s *Surveys) Settle(ctx context.Context, v survey.Survey) (bool, error) {
	return s.change(ctx, "settle a survey", nil, `UPDATE surveys AS s SET state = $1, letters = $2, channel = $3, sent_at = $4, unclear = $5,
		next_at = $6, begun_at = $7 WHERE s.id = $8 AND s.begun_at = $9 AND `+surveyOpen,
		string(v.State), v.Letters, clean(v.Channel), instant(v.SentAt), v.Unclear, instant(v.NextAt), zeroInstant, v.ID, instant(v.BegunAt))
}

// Answer stores an answer of a survey that has none, with its audit entry.
func (s *Surveys) Answer(ctx context.Context, v survey.Survey, e triage.AuditEntry) (bool, error) {
	counted := func(ctx context.Context, tx *sql.Tx) error {
		if err := touchFigures(ctx, tx, `c.id IN (SELECT case_id FROM surveys WHERE id = $1)`, v.ID); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}
	return s.change(ctx, "store an answer", counted, `UPDATE surveys AS s SET state = $1, answered_at = $2, score = $3, reasons = $4, text = $5, via = $6,
		by_whom = $7, type = $8, sentiment = $9, new_issue = $10, next_at = $11 WHERE s.id = $12 AND s.answered_at = $11`,
		string(survey.StateAnswered), instant(v.AnsweredAt), v.Answer.Score, joinReasons(v.Answer.Reasons), clean(v.Answer.Text),
		string(v.Via), clean(v.By), clean(v.Type), string(v.Sentiment), v.NewIssue, zeroInstant, v.ID)
}

// Unfollowed returns answers whose consequences are not done, oldest first.
func (s *Surveys) Unfollowed(ctx context.Context, limit int) ([]survey.Survey, error) {
	list, err := s.list(ctx, `WHERE s.state = 'answered' AND NOT s.followed ORDER BY s.id`+limited(limit))
	return list, s.db.fail("look for answers to follow up", err)
}

// Followed notes that the consequences of an answer are done.
func (s *Surveys) Followed(ctx context.Context, id int64) error {
	return s.db.exec(ctx, "note a follow-up", nil, `UPDATE surveys SET followed = TRUE WHERE id = $1`, id)
}

// SetFollowUp names the complaint that was made of an answer; once.
func (s *Surveys) SetFollowUp(ctx context.Context, id int64, complaint triage.ComplaintID, e triage.AuditEntry) error {
	noted := func(ctx context.Context, tx *sql.Tx) error { return appendAudit(ctx, tx, e) }
	_, err := s.change(ctx, "store a follow-up", noted, `UPDATE surveys SET follow_up = $1 WHERE id = $2 AND follow_up = ''`,
		clean(string(complaint)), id)
	return err
}

// change runs a statement about one survey and says whether it found it; then
// what belongs to it, if anything, is stored with it.
func (s *Surveys) change(ctx context.Context, doing string, also func(context.Context, *sql.Tx) error, query string, args ...any) (changed bool, err error) {
	err = s.db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		changed = n > 0
		if err != nil || !changed || also == nil {
			return err
		}
		return also(ctx, tx)
	})
	return changed && err == nil, s.db.fail(doing, err)
}
