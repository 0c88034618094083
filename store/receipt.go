package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Delivered stores a delivery report, by the key or else the reference of the
// channel: sent becomes delivered or failed. A report may come before the sender
// has stored the end of its attempt, or settle one that is unclear or will be
// tried again: who has the message is not sent it again. It returns false for
// an unknown message; a repeated report, and one that comes after another end,
// change nothing.
func (db *DB) Delivered(ctx context.Context, channel string, d prevention.Delivery) (known bool, err error) {
	match, value := `send_key = $1 AND send_key <> ''`, d.Key
	if d.Key == "" {
		match, value = `reference = $1 AND reference <> ''`, d.Reference
	}
	if value == "" {
		return false, nil
	}
	err = db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM notices WHERE `+match+` AND channel = $2 ORDER BY id DESC LIMIT 1`, value, channel).Scan(&id)
		known = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if !d.Delivered {
			_, err = tx.ExecContext(ctx, `UPDATE notices SET state = 'failed', reason = $1
				WHERE id = $2 AND state IN ('sending', 'sent', 'unclear')`, clean(d.Reason), id)
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE notices SET state = 'delivered', reason = '', delivered_at = $1,
			sent_at = CASE WHEN sent_at = $2 THEN begun_at ELSE sent_at END
			WHERE id = $3 AND state IN ('queued', 'sending', 'sent', 'unclear')`, instant(d.At), zeroInstant, id)
		return err
	})
	if err != nil {
		return false, db.fail("store a delivery report", err)
	}
	return known, nil
}

// clockSkew is by how much the time of an answer may be too early: gateways
// have clocks of their own, and many tell only seconds.
const clockSkew = time.Minute

// Answered stores that the customer answered the latest notice sent to them
// before, or less than a minute after, if there is one. Of several answers the
// first counts.
func (db *DB) Answered(ctx context.Context, customer triage.CustomerID, at time.Time) error {
	return db.exec(ctx, "store an answer", nil, `UPDATE notices SET state = 'answered', answered_at = $1
		WHERE state <> 'answered' AND id = (SELECT id FROM notices WHERE customer_id = $2
			AND state IN ('sent', 'delivered', 'answered') AND sent_at <= $3 ORDER BY sent_at DESC, id DESC LIMIT 1)`,
		instant(at), string(customer), instant(at.Add(clockSkew)))
}

// Followed returns all randomised customers of a plan, told and held alike and
// whatever became of their notices, with their first complaint about its
// cluster (for an event rule any complaint) after the arms were fixed.
func (db *DB) Followed(ctx context.Context, plan prevention.PlanID) ([]prevention.Followed, error) {
	p, err := planByID(ctx, db.read, plan)
	if err != nil {
		return nil, db.fail("follow a plan", err)
	}
	args := []any{numberOf(planPrefix, string(plan))}
	complained := `SELECT MIN(c.effective_at) FROM cases c WHERE c.customer_id = n.customer_id AND c.effective_at > n.created_at`
	if p.Cluster != "" {
		complained = `SELECT MIN(m.at) FROM cluster_members m WHERE m.cluster_id = $2 AND m.customer_id = n.customer_id AND m.at > n.created_at`
		cluster, err := db.survivor(ctx, p.Cluster)
		if err != nil {
			return nil, db.fail("follow a plan", err)
		}
		args = append(args, string(cluster))
	}
	var list []prevention.Followed
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		var f prevention.Followed
		var first sql.NullInt64
		err := rows.Scan(&f.Customer, &f.Arm, (*instant)(&f.From), &first)
		if first.Valid && err == nil {
			err = (*instant)(&f.Complained).Scan(first.Int64)
		}
		list = append(list, f)
		return err
	}, `SELECT n.customer_id, n.arm, n.created_at, (`+complained+`) FROM notices n WHERE n.plan_id = $1 ORDER BY n.id`, args...)
	return list, db.fail("follow a plan", err)
}

// survivor returns the cluster that has a cluster's members after all merges.
func (db *DB) survivor(ctx context.Context, id prevention.ClusterID) (prevention.ClusterID, error) {
	for {
		c, err := clusterByID(ctx, db.read, id)
		if triage.CodeOf(err) == triage.CodeNotFound || err == nil && c.MergedInto == "" {
			return id, nil
		}
		if err != nil {
			return "", err
		}
		id = c.MergedInto
	}
}
