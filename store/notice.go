package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/prevention"
)

const noticeColumns = `n.id, n.plan_id, n.cause, n.customer_id, n.arm, n.state, n.score, n.exposed, n.channel, n.send_key, n.reference,
	n.attempts, n.next_at, n.begun_at, n.reason, n.created_at, n.sent_at, n.delivered_at, n.answered_at`

// scanNotice reads noticeColumns.
func scanNotice(s scanner) (n prevention.Notice, err error) {
	err = s.Scan(&n.ID, numbered[prevention.PlanID]{planPrefix, &n.Plan}, &n.Cause, &n.Customer, &n.Arm, &n.State, &n.Score,
		(*instant)(&n.Exposed), &n.Channel, &n.Key, &n.Reference, &n.Attempts, (*instant)(&n.NextAt), (*instant)(&n.BegunAt),
		&n.Reason, (*instant)(&n.CreatedAt), (*instant)(&n.SentAt), (*instant)(&n.DeliveredAt), (*instant)(&n.AnsweredAt))
	return n, err
}

func (db *DB) notices(ctx context.Context, query string, args ...any) ([]prevention.Notice, error) {
	var list []prevention.Notice
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		n, err := scanNotice(rows)
		list = append(list, n)
		return err
	}, `SELECT `+noticeColumns+` FROM notices n `+query, args...)
	return list, err
}

// Notices returns the notices of the query in the order they were made; limit 0
// is all.
func (db *DB) Notices(ctx context.Context, q prevention.NoticeQuery) ([]prevention.Notice, error) {
	var w where
	if q.Plan != "" {
		w.add("n.plan_id =", numberOf(planPrefix, string(q.Plan)))
	}
	if q.Customer != "" {
		w.add("n.customer_id =", string(q.Customer))
	}
	anyOf(&w, "n.state", q.States)
	if q.After > 0 {
		w.add("n.id >", q.After)
	}
	list, err := db.notices(ctx, w.String()+` ORDER BY n.id`+limited(q.Limit), w.args...)
	return list, db.fail("list notices", err)
}

// CountNotices counts a plan's notices by state; a state without any has no
// entry.
func (db *DB) CountNotices(ctx context.Context, plan prevention.PlanID) (map[prevention.NoticeState]int, error) {
	counts := make(map[prevention.NoticeState]int)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var state prevention.NoticeState
		var n int
		err := rows.Scan(&state, &n)
		counts[state] = n
		return err
	}, `SELECT state, COUNT(*) FROM notices WHERE plan_id = $1 GROUP BY state`, numberOf(planPrefix, string(plan)))
	return counts, db.fail("count notices", err)
}

// addNotices adds the notices of one arm to a plan and returns how many were
// new: a customer has one notice of a cause. One that was skipped because its
// plan was cancelled is taken over.
func addNotices(ctx context.Context, tx *sql.Tx, plan int64, arm prevention.Arm, notices []prevention.Notice) (int, error) {
	type pair struct{ cause, customer string }
	seen := make(map[pair]bool, len(notices))
	var rows [][]any
	for i := range notices {
		n := &notices[i]
		p := pair{clean(string(n.Cause)), clean(string(n.Customer))}
		if n.Arm != arm || seen[p] { // one statement must not name a pair twice
			continue
		}
		seen[p] = true
		state := prevention.NoticeQueued
		if arm == prevention.ArmHeld {
			state = prevention.NoticeHeld
		}
		rows = append(rows, []any{
			plan, p.cause, p.customer, string(arm), string(state), n.Score, instant(n.Exposed), instant(n.NextAt), instant(n.CreatedAt),
			n.Attempts, clean(n.Reason), "", "", "", zeroInstant, zeroInstant, zeroInstant, zeroInstant,
		})
	}
	return insertRows(ctx, tx, `INSERT INTO notices (plan_id, cause, customer_id, arm, state, score, exposed, next_at, created_at,
		attempts, reason, channel, send_key, reference, begun_at, sent_at, delivered_at, answered_at)`, rows,
		`ON CONFLICT (cause, customer_id) DO UPDATE SET plan_id = excluded.plan_id, arm = excluded.arm, state = excluded.state,
		score = excluded.score, exposed = excluded.exposed, next_at = excluded.next_at, created_at = excluded.created_at,
		attempts = excluded.attempts, reason = excluded.reason, channel = '', send_key = '', reference = '', begun_at = excluded.begun_at
		WHERE notices.state = 'skipped' AND notices.reason = 'cancelled'`)
}
