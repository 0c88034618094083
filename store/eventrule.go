package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// eventRuleFields leave out through, which Enqueue moves beside the version.
var eventRuleFields = []string{
	"name", "status", "happens", "undone", "wait_ms", "template", "channels", "holdout", "daily_cap",
	"created_by", "approved_by", "created_at", "approved_at", "version",
}

var eventRuleColumns = strings.Join(eventRuleFields, ", ")

// eventRuleValues encodes the columns in the order of eventRuleFields.
func eventRuleValues(r *prevention.EventRule) ([]any, error) {
	var texts [4]string
	for i, part := range []struct {
		field string
		value any
	}{{"when", r.When}, {"unless", r.Unless}, {"template", r.Template}, {"channels", r.Channels}} {
		var err error
		if texts[i], err = encodeJSON(part.field, part.value); err != nil {
			return nil, err
		}
	}
	return []any{
		clean(r.Name), string(r.Status), texts[0], texts[1], r.Wait.Milliseconds(), texts[2], texts[3], r.Holdout, r.DailyCap,
		clean(r.CreatedBy), clean(r.ApprovedBy), instant(r.CreatedAt), instant(r.ApprovedAt), r.Version,
	}, nil
}

// scanEventRule reads id, through and eventRuleColumns.
func scanEventRule(s scanner) (r prevention.EventRule, err error) {
	var wait int64
	err = s.Scan(numbered[prevention.EventRuleID]{rulePrefix, &r.ID}, (*instant)(&r.Through), &r.Name, &r.Status,
		document{"when", &r.When}, document{"unless", &r.Unless}, &wait, document{"template", &r.Template},
		document{"channels", &r.Channels}, &r.Holdout, &r.DailyCap, &r.CreatedBy, &r.ApprovedBy,
		(*instant)(&r.CreatedAt), (*instant)(&r.ApprovedAt), &r.Version)
	r.Wait = time.Duration(wait) * time.Millisecond
	return r, err
}

// EventRules returns all event rules in the order they were made.
func (db *DB) EventRules(ctx context.Context) ([]prevention.EventRule, error) {
	var list []prevention.EventRule
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		r, err := scanEventRule(rows)
		list = append(list, r)
		return err
	}, `SELECT id, through, `+eventRuleColumns+` FROM event_rules ORDER BY id`)
	return list, db.fail("list event rules", err)
}

// EventRule returns one event rule, or CodeNotFound.
func (db *DB) EventRule(ctx context.Context, id prevention.EventRuleID) (prevention.EventRule, error) {
	r, err := eventRuleByID(ctx, db.read, id)
	return r, db.fail("read an event rule", err)
}

func eventRuleByID(ctx context.Context, q rowQuerier, id prevention.EventRuleID) (prevention.EventRule, error) {
	r, err := scanEventRule(q.QueryRowContext(ctx, `SELECT id, through, `+eventRuleColumns+` FROM event_rules WHERE id = $1`,
		numberOf(rulePrefix, string(id))))
	return r, notFound(err, "there is no event rule %s", id)
}

// PutEventRule adds a rule (ID "") or replaces one, with its audit entry, and
// returns its id; the object of the entry may end in "rule:", the id is added.
// An old Version is CodeConflict. Through only goes forward, beside the version:
// a rule may look at exposures while somebody edits it.
func (db *DB) PutEventRule(ctx context.Context, r prevention.EventRule, e triage.AuditEntry) (id prevention.EventRuleID, err error) {
	id = r.ID
	old := r.Version
	r.Version++
	if id == "" {
		r.Version = 1
	}
	values, err := eventRuleValues(&r)
	if err != nil {
		return "", err
	}
	err = db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		if r.ID == "" {
			err := tx.QueryRowContext(ctx, insertStatement(`INSERT INTO event_rules (through, `+eventRuleColumns+`)`, len(values)+1, 1, `RETURNING id`),
				append([]any{instant(r.Through)}, values...)...).Scan(numbered[prevention.EventRuleID]{rulePrefix, &id})
			if err != nil {
				return err
			}
			return appendAudit(ctx, tx, about(e, "rule:", string(id)))
		}
		if _, err := eventRuleByID(ctx, tx, r.ID); err != nil {
			return err
		}
		n := numberOf(rulePrefix, string(r.ID))
		res, err := tx.ExecContext(ctx, updateStatement("event_rules", eventRuleFields), append(values, n, old)...)
		if err := touched(res, err, changedMeanwhile("event rule", string(r.ID))); err != nil {
			return err
		}
		if err := lookedThrough(ctx, tx, n, r.Through); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return "", db.fail("store an event rule", err)
	}
	return id, nil
}

func lookedThrough(ctx context.Context, tx *sql.Tx, rule int64, through time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE event_rules SET through = $1 WHERE id = $2 AND through < $1`, instant(through), rule)
	return err
}

// Enqueue adds the notices of a rule, told and held, to its running plan, and
// stores how far exposures have been looked at, in one transaction. A cause and
// customer that are known are left out. The plan's Size and Held grow with it.
//
// Without a running plan, notices are CodeConflict, and Through stays, so that
// the same exposures are found again.
func (db *DB) Enqueue(ctx context.Context, rule prevention.EventRuleID, through time.Time, notices []prevention.Notice) (added int, err error) {
	err = db.writer.submit(ctx, len(notices)+1, func(ctx context.Context, tx *sql.Tx) error {
		added = 0
		if _, err := eventRuleByID(ctx, tx, rule); err != nil {
			return err
		}
		if len(notices) > 0 {
			if added, err = enqueue(ctx, tx, rule, notices); err != nil {
				return err
			}
		}
		return lookedThrough(ctx, tx, numberOf(rulePrefix, string(rule)), through)
	})
	if err != nil {
		return 0, db.fail("queue the notices of an event rule", err)
	}
	return added, nil
}

func enqueue(ctx context.Context, tx *sql.Tx, rule prevention.EventRuleID, notices []prevention.Notice) (int, error) {
	var plan int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM plans WHERE rule_id = $1 AND status = $2 ORDER BY id DESC LIMIT 1`,
		string(rule), string(prevention.PlanRunning)).Scan(&plan)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, triage.Errorf(triage.CodeConflict, "event rule %s has no running plan; approve the rule again", rule)
	}
	if err != nil {
		return 0, err
	}
	told, err := addNotices(ctx, tx, plan, prevention.ArmTold, notices)
	if err != nil {
		return 0, err
	}
	held, err := addNotices(ctx, tx, plan, prevention.ArmHeld, notices)
	if err != nil {
		return 0, err
	}
	return told + held, grow(ctx, tx, plan, told, held)
}

// EnqueuedSince counts the rule's told notices created at or after since.
func (db *DB) EnqueuedSince(ctx context.Context, rule prevention.EventRuleID, since time.Time) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM notices WHERE arm = $1 AND created_at >= $2
		AND plan_id IN (SELECT id FROM plans WHERE rule_id = $3)`,
		string(prevention.ArmTold), instant(since), string(rule)).Scan(&n)
	return n, db.fail("count the notices of an event rule", err)
}
