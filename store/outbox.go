package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Outbox is the database as a [prevention.NoticeStore]. It is a type of its own
// because DB's method Begin belongs to the replays.
type Outbox struct{ db *DB }

// Outbox returns the notices as the sender works on them.
func (db *DB) Outbox() *Outbox { return &Outbox{db} }

// Due returns queued notices of running plans with NextAt <= now, oldest first.
// Its cost grows with the limit and the running plans, not with what waits.
func (o *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]prevention.Notice, error) {
	var plans []int64
	err := collect(ctx, o.db.read, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		plans = append(plans, id)
		return err
	}, `SELECT id FROM plans WHERE status = $1`, string(prevention.PlanRunning))
	if err != nil {
		return nil, o.db.fail("look for running plans", err)
	}
	var due []prevention.Notice
	for _, plan := range plans {
		part, err := o.db.notices(ctx, `WHERE n.plan_id = $1 AND n.state = $2 AND n.next_at <= $3 ORDER BY n.next_at, n.id LIMIT $4`,
			plan, string(prevention.NoticeQueued), instant(now), max(limit, 0))
		if err != nil {
			return nil, o.db.fail("look for due notices", err)
		}
		due = append(due, part...)
	}
	slices.SortFunc(due, func(a, b prevention.Notice) int {
		return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID))
	})
	return due[:min(len(due), max(limit, 0))], nil
}

// Begin makes a queued notice sending. When it returns true, that has reached
// the disk, and of all callers, in any number of processes, this one alone may
// send. Once a stop of the plan is stored, it returns false; so it does for a
// notice that was read before another sender's attempt, which shows in Reason.
func (o *Outbox) Begin(ctx context.Context, n prevention.Notice) (bool, error) {
	return o.change(ctx, "begin to send a notice", nil, `UPDATE notices SET state = $1, channel = $2, send_key = $3, attempts = $4, begun_at = $5
		WHERE id = $6 AND state = $7 AND reason = $8 AND EXISTS (SELECT 1 FROM plans p WHERE p.id = notices.plan_id AND p.status = $9)`,
		string(prevention.NoticeSending), clean(n.Channel), clean(n.Key), n.Attempts, instant(n.BegunAt),
		n.ID, string(prevention.NoticeQueued), clean(n.Reason), string(prevention.PlanRunning))
}

// settledFrom lists the states from which a notice may be settled as another.
// What is unclear may become certain, but is never queued again.
var settledFrom = map[prevention.NoticeState][]prevention.NoticeState{
	prevention.NoticeQueued:    {prevention.NoticeSending, prevention.NoticeQueued},
	prevention.NoticeSkipped:   {prevention.NoticeSending, prevention.NoticeQueued},
	prevention.NoticeUnclear:   {prevention.NoticeSending, prevention.NoticeQueued},
	prevention.NoticeFailed:    {prevention.NoticeSending, prevention.NoticeQueued, prevention.NoticeUnclear},
	prevention.NoticeSent:      {prevention.NoticeSending, prevention.NoticeUnclear},
	prevention.NoticeDelivered: {prevention.NoticeSending, prevention.NoticeUnclear},
}

// Settle stores state, channel, key, reference, attempts, reason and times of a
// notice that is sending, or of a queued one that is deferred or given up, or of
// an unclear one of which somebody knows the end now. It returns false when the
// notice is in no such state. A state that no attempt ends in is CodeInvalid.
func (o *Outbox) Settle(ctx context.Context, n prevention.Notice) (bool, error) {
	from := settledFrom[n.State]
	if from == nil {
		return false, triage.FieldErrorf("state", "%q cannot end an attempt", n.State)
	}
	return o.change(ctx, "settle a notice", nil, settleStatement(from), settleArgs(&n, from)...)
}

// Decide stores the end of an unclear notice, sent or failed, with its audit
// entry. It returns false, and nothing is stored, when the notice is not unclear
// any more.
func (o *Outbox) Decide(ctx context.Context, n prevention.Notice, e triage.AuditEntry) (bool, error) {
	if n.State != prevention.NoticeSent && n.State != prevention.NoticeFailed {
		return false, triage.FieldErrorf("state", "%q is not what somebody can decide: sent or failed", n.State)
	}
	from := []prevention.NoticeState{prevention.NoticeUnclear}
	return o.change(ctx, "decide about a notice", &e, settleStatement(from), settleArgs(&n, from)...)
}

func settleStatement(from []prevention.NoticeState) string {
	return `UPDATE notices SET state = $1, channel = $2, send_key = $3, reference = $4, attempts = $5,
		next_at = $6, begun_at = $7, reason = $8, sent_at = $9, delivered_at = $10
		WHERE id = $11 AND state IN ` + placeholders(12, len(from))
}

func settleArgs(n *prevention.Notice, from []prevention.NoticeState) []any {
	args := []any{
		string(n.State), clean(n.Channel), clean(n.Key), clean(n.Reference), n.Attempts, instant(n.NextAt), instant(n.BegunAt),
		clean(n.Reason), instant(n.SentAt), instant(n.DeliveredAt), n.ID,
	}
	for _, state := range from {
		args = append(args, string(state))
	}
	return args
}

// Stranded returns notices that have been sending since before the time, the
// oldest first.
func (o *Outbox) Stranded(ctx context.Context, before time.Time, limit int) ([]prevention.Notice, error) {
	list, err := o.db.notices(ctx, `WHERE n.state = 'sending' AND n.begun_at < $1 ORDER BY n.begun_at, n.id LIMIT $2`,
		instant(before), max(limit, 0))
	return list, o.db.fail("look for stranded notices", err)
}

// FinishPlans makes running plans without queued and sending notices finished,
// with their audit entries, and returns them. The plan of an event rule goes on.
func (o *Outbox) FinishPlans(ctx context.Context, now time.Time) ([]prevention.PlanID, error) {
	var finished []prevention.PlanID
	err := o.db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		finished = nil
		err := collect(ctx, tx, func(rows *sql.Rows) error {
			var id prevention.PlanID
			err := rows.Scan(numbered[prevention.PlanID]{planPrefix, &id})
			finished = append(finished, id)
			return err
		}, `UPDATE plans SET status = $1, finished_at = $2, version = version + 1 WHERE status = $3 AND rule_id = ''
			AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.plan_id = plans.id AND n.state IN ('queued', 'sending')) RETURNING id`,
			string(prevention.PlanFinished), instant(now), string(prevention.PlanRunning))
		if err != nil {
			return err
		}
		for _, id := range finished {
			e := triage.AuditEntry{At: now, Actor: auditSystem, Action: auditFinish, Object: "plan:" + string(id)}
			if err := appendAudit(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, o.db.fail("finish plans", err)
	}
	return finished, nil
}

const auditFinish = "plan.finish"

// change runs one statement through the writer and says whether it changed a
// row; the entry, if any, is written with it.
func (o *Outbox) change(ctx context.Context, doing string, e *triage.AuditEntry, statement string, args ...any) (changed bool, err error) {
	err = o.db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		changed = n > 0
		if err != nil || !changed || e == nil {
			return err
		}
		return appendAudit(ctx, tx, *e)
	})
	if err != nil {
		return false, o.db.fail(doing, err)
	}
	return changed, nil
}
