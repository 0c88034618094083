package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// planFields leave out the counts, which come with notices.
var planFields = []string{
	"cluster_id", "rule_id", "title", "cohort", "template", "channels", "start_at", "holdout", "seed", "status",
	"created_by", "submitted_by", "approved_by", "stopped_by", "created_at", "approved_at", "finished_at", "remark", "version",
}

var planColumns = strings.Join(planFields, ", ")

// planValues encodes the columns in the order of planFields.
func planValues(p *prevention.Plan) ([]any, error) {
	cohort, err := encodeJSON("cohort", p.Cohort)
	if err != nil {
		return nil, err
	}
	template, err := encodeJSON("template", p.Template)
	if err != nil {
		return nil, err
	}
	channels, err := encodeJSON("channels", p.Channels)
	if err != nil {
		return nil, err
	}
	return []any{
		string(p.Cluster), string(p.Rule), clean(p.Title), cohort, template, channels, instant(p.StartAt), p.Holdout, int64(p.Seed),
		string(p.Status), clean(p.CreatedBy), clean(p.SubmittedBy), clean(p.ApprovedBy), clean(p.StoppedBy),
		instant(p.CreatedAt), instant(p.ApprovedAt), instant(p.FinishedAt), clean(p.Remark), p.Version,
	}, nil
}

const planHead = `id, size, held, `

// scanPlan reads planHead and planColumns.
func scanPlan(s scanner) (p prevention.Plan, err error) {
	var seed int64
	err = s.Scan(numbered[prevention.PlanID]{planPrefix, &p.ID}, &p.Size, &p.Held, &p.Cluster, &p.Rule, &p.Title, document{"cohort", &p.Cohort},
		document{"template", &p.Template}, document{"channels", &p.Channels}, (*instant)(&p.StartAt), &p.Holdout, &seed, &p.Status,
		&p.CreatedBy, &p.SubmittedBy, &p.ApprovedBy, &p.StoppedBy, (*instant)(&p.CreatedAt),
		(*instant)(&p.ApprovedAt), (*instant)(&p.FinishedAt), &p.Remark, &p.Version)
	p.Seed = uint64(seed)
	return p, err
}

// Plans returns the plans of the filter, the newest first.
func (db *DB) Plans(ctx context.Context, f prevention.PlanFilter) ([]prevention.Plan, error) {
	var w where
	if f.Cluster != "" {
		w.add("cluster_id =", string(f.Cluster))
	}
	if f.Rule != "" {
		w.add("rule_id =", string(f.Rule))
	}
	anyOf(&w, "status", f.Statuses)
	if f.Before != "" {
		w.add("id <", numberOf(planPrefix, string(f.Before)))
	}
	var list []prevention.Plan
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		p, err := scanPlan(rows)
		list = append(list, p)
		return err
	}, `SELECT `+planHead+planColumns+` FROM plans`+w.String()+` ORDER BY id DESC`+limited(f.Limit), w.args...)
	return list, db.fail("list plans", err)
}

// Plan returns one plan, or CodeNotFound.
func (db *DB) Plan(ctx context.Context, id prevention.PlanID) (prevention.Plan, error) {
	p, err := planByID(ctx, db.read, id)
	return p, db.fail("read a plan", err)
}

func planByID(ctx context.Context, q rowQuerier, id prevention.PlanID) (prevention.Plan, error) {
	p, err := scanPlan(q.QueryRowContext(ctx, `SELECT `+planHead+planColumns+` FROM plans WHERE id = $1`, numberOf(planPrefix, string(id))))
	return p, notFound(err, "there is no plan %s", id)
}

// CreatePlan stores a plan with its audit entry and returns the id it got. The
// object of the entry may end in "plan:", the id is added.
func (db *DB) CreatePlan(ctx context.Context, p prevention.Plan, e triage.AuditEntry) (id prevention.PlanID, err error) {
	p.Version = 1
	values, err := planValues(&p)
	if err != nil {
		return "", err
	}
	err = db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, insertStatement(`INSERT INTO plans (size, held, `+planColumns+`)`, len(values)+2, 1, `RETURNING id`),
			append([]any{0, 0}, values...)...).
			Scan(numbered[prevention.PlanID]{planPrefix, &id})
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, about(e, "plan:", string(id)))
	})
	if err != nil {
		return "", db.fail("store a plan", err)
	}
	return id, nil
}

// about completes the object of an entry about a row that has just got its id.
func about(e triage.AuditEntry, prefix, id string) triage.AuditEntry {
	if e.Object == "" || e.Object == prefix {
		e.Object = prefix + id
	}
	return e
}

// UpdatePlan replaces a plan, with its audit entry, in one transaction. Size and
// Held stay: they come with notices. An old Version is CodeConflict.
func (db *DB) UpdatePlan(ctx context.Context, p prevention.Plan, e triage.AuditEntry) error {
	return db.fail("update a plan", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		if err := updatePlan(ctx, tx, p); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

func updatePlan(ctx context.Context, tx *sql.Tx, p prevention.Plan) error {
	old := p.Version
	p.Version++
	values, err := planValues(&p)
	if err != nil {
		return err
	}
	if _, err := planByID(ctx, tx, p.ID); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, updateStatement("plans", planFields),
		append(values, numberOf(planPrefix, string(p.ID)), old)...)
	return touched(res, err, changedMeanwhile("plan", string(p.ID)))
}

// FixPlan stores the plan as approved together with its notices, in one
// transaction, and returns how many were added, told and held; Size of the plan
// grows by their sum, Held by held. Customers who have a notice of the
// same cause are left out, but for one that was skipped as "cancelled" with its
// plan: that is taken over.
//
// A plan of a cluster that was merged meanwhile is CodeConflict.
func (db *DB) FixPlan(ctx context.Context, p prevention.Plan, notices []prevention.Notice, e triage.AuditEntry) (told, held int, err error) {
	err = db.writer.submit(ctx, len(notices)+2, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := lockLedger(ctx, tx); err != nil { // no merge meanwhile
			return err
		}
		if err := standsAlone(ctx, tx, p.Cluster); err != nil {
			return err
		}
		stored, err := planByID(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if stored.Version != p.Version {
			return changedMeanwhile("plan", string(p.ID))
		}
		plan := numberOf(planPrefix, string(p.ID))
		if told, err = addNotices(ctx, tx, plan, prevention.ArmTold, notices); err != nil {
			return err
		}
		if held, err = addNotices(ctx, tx, plan, prevention.ArmHeld, notices); err != nil {
			return err
		}
		if err := grow(ctx, tx, plan, told, held); err != nil {
			return err
		}
		p.Status = prevention.PlanApproved
		if err := updatePlan(ctx, tx, p); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, 0, db.fail("approve a plan", err)
	}
	return told, held, nil
}

// grow counts notices that were added to a plan. Its version stays: nobody edits
// the counts.
func grow(ctx context.Context, tx *sql.Tx, plan int64, told, held int) error {
	_, err := tx.ExecContext(ctx, `UPDATE plans SET size = size + $1, held = held + $2 WHERE id = $3`, told+held, held, plan)
	return err
}

// standsAlone refuses a cluster that was merged; one that is not stored has
// nothing against it.
func standsAlone(ctx context.Context, tx *sql.Tx, id prevention.ClusterID) error {
	c, err := clusterByID(ctx, tx, id)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return nil
	}
	if err == nil && c.MergedInto != "" {
		return triage.Errorf(triage.CodeConflict, "cluster %s was merged into %s: plan for that one", id, c.MergedInto)
	}
	return err
}
