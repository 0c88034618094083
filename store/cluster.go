package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// clusterFields are the columns in the order of clusterRow.values.
var clusterFields = []string{
	"id", "title", "title_by_hand", "path", "stage", "type", "alarm_at", "alarm", "explanation", "estimate",
	"complaints", "customers", "copies", "first_at", "last_at", "escalations", "owner", "solution", "rule", "rule_by",
	"merged_into", "historic", "created_at", "stage_at", "version",
}

var clusterColumns = strings.Join(clusterFields, ", ")

// clusterRow is a cluster with what only the store knows of it.
type clusterRow struct {
	prevention.Cluster
	// titleByHand keeps the machine from renaming it.
	titleByHand bool
}

// values encodes the row as basic types, which can be compared.
func (r *clusterRow) values() ([]any, error) {
	var rule string
	alarm, err := encodeJSON("alarm", r.Alarm)
	if err != nil {
		return nil, err
	}
	explanation, err := encodeJSON("explanation", r.Explanation)
	if err != nil {
		return nil, err
	}
	estimate, err := encodeJSON("estimate", r.Estimate)
	if err != nil {
		return nil, err
	}
	if r.Rule != nil {
		if rule, err = encodeJSON("rule", r.Rule); err != nil {
			return nil, err
		}
	}
	return []any{
		string(r.ID), clean(r.Title), r.titleByHand, string(r.Path), string(r.Stage), clean(r.Type), r.Alarm.At.UnixMilli(), alarm,
		explanation, estimate, r.Complaints, r.Customers, r.Copies, r.FirstAt.UnixMilli(), r.LastAt.UnixMilli(), r.Escalations,
		clean(r.Owner), clean(r.Solution), rule, clean(r.RuleBy), string(r.MergedInto), r.Historic, r.CreatedAt.UnixMilli(),
		r.StageAt.UnixMilli(), r.Version,
	}, nil
}

// scanClusterRow reads clusterColumns.
func scanClusterRow(s scanner) (r clusterRow, err error) {
	var rule prevention.Rule
	var alarmAt instant
	var ruleText string
	err = s.Scan(&r.ID, &r.Title, &r.titleByHand, &r.Path, &r.Stage, &r.Type, &alarmAt, document{"alarm", &r.Alarm},
		document{"explanation", &r.Explanation}, document{"estimate", &r.Estimate}, &r.Complaints, &r.Customers, &r.Copies,
		(*instant)(&r.FirstAt), (*instant)(&r.LastAt), &r.Escalations, &r.Owner, &r.Solution, &ruleText, &r.RuleBy,
		&r.MergedInto, &r.Historic, (*instant)(&r.CreatedAt), (*instant)(&r.StageAt), &r.Version)
	if err != nil {
		return r, err
	}
	r.Alarm.At = alarmAt.time()
	if ruleText != "" {
		if err := (document{"rule", &rule}).Scan(ruleText); err != nil {
			return r, err
		}
		r.Rule = &rule
	}
	return r, nil
}

// Cluster returns one cluster, or CodeNotFound. One that was merged is still
// there, without members, and names the one that took it in.
func (db *DB) Cluster(ctx context.Context, id prevention.ClusterID) (prevention.Cluster, error) {
	r, err := clusterByID(ctx, db.read, id)
	return r.Cluster, db.fail("read a cluster", err)
}

func clusterByID(ctx context.Context, q rowQuerier, id prevention.ClusterID) (clusterRow, error) {
	r, err := scanClusterRow(q.QueryRowContext(ctx, `SELECT `+clusterColumns+` FROM clusters WHERE id = $1`, string(id)))
	return r, notFound(err, "there is no cluster %s", id)
}

// Clusters returns one page, the latest alarm first. Limit 0 means 50, more
// than 500 means 500. A cursor that is not one of ours is CodeInvalid.
func (db *DB) Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error) {
	w := where{conditions: []string{"merged_into = ''"}}
	anyOf(&w, "stage", f.Stages)
	if f.Active {
		anyOf(&w, "stage", slices.DeleteFunc(slices.Clone(prevention.Stages), func(s prevention.Stage) bool { return !s.Active() }))
	}
	if f.Cursor != "" {
		at, id, err := parsePlace(f.Cursor)
		if err != nil {
			return prevention.ClusterPage{}, err
		}
		w.conditions = append(w.conditions, "(alarm_at, id) < "+placeholders(len(w.args)+1, 2))
		w.args = append(w.args, at, id)
	}
	limit := min(f.Limit, maxPage)
	if limit <= 0 {
		limit = defaultPage
	}
	var page prevention.ClusterPage
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		r, err := scanClusterRow(rows)
		page.Clusters = append(page.Clusters, r.Cluster)
		return err
	}, `SELECT `+clusterColumns+` FROM clusters`+w.String()+` ORDER BY alarm_at DESC, id DESC`+limited(limit+1), w.args...)
	if err != nil {
		return prevention.ClusterPage{}, db.fail("list clusters", err)
	}
	if len(page.Clusters) > limit {
		page.Clusters = page.Clusters[:limit]
		last := page.Clusters[limit-1]
		page.Next = placeOf(last.Alarm.At, string(last.ID))
	}
	return page, nil
}

// UpdateCluster stores what people decide of a cluster: stage, owner, solution,
// rule, title and estimate, with its audit entry, in one transaction. A title
// that differs from the stored one counts as a person's and the machine keeps
// it. An old Version, a merged cluster and a stage that does not follow the
// stored one are CodeConflict.
func (db *DB) UpdateCluster(ctx context.Context, c prevention.Cluster, e triage.AuditEntry) error {
	return db.fail("update a cluster", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := lockLedger(ctx, tx); err != nil {
			return err
		}
		r, err := clusterByID(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if r.Version != c.Version {
			return changedMeanwhile("cluster", string(c.ID))
		}
		if r.MergedInto != "" {
			return triage.Errorf(triage.CodeConflict, "cluster %s was merged into %s: work on that one", c.ID, r.MergedInto)
		}
		if c.Stage != r.Stage && !r.Stage.MayBecome(c.Stage) {
			return triage.Errorf(triage.CodeConflict, "cluster %s is %s and cannot become %s", c.ID, r.Stage, c.Stage)
		}
		r.titleByHand = r.titleByHand || c.Title != r.Title
		r.Title, r.Stage, r.StageAt, r.Owner, r.Solution = c.Title, c.Stage, c.StageAt, c.Owner, c.Solution
		r.Rule, r.RuleBy, r.Estimate = c.Rule, c.RuleBy, c.Estimate
		r.Version++
		if err := r.store(ctx, tx); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// changedMeanwhile is the answer to an old Version.
func changedMeanwhile(what, id string) *triage.Error {
	return triage.Errorf(triage.CodeConflict, "%s %s was changed by somebody else meanwhile; look at it again", what, id)
}

// store inserts or replaces the row.
func (r *clusterRow) store(ctx context.Context, tx *sql.Tx) error {
	values, err := r.values()
	if err != nil {
		return err
	}
	_, err = insertRows(ctx, tx, `INSERT INTO clusters (`+clusterColumns+`)`, [][]any{values}, replaceByID(clusterFields))
	return err
}
