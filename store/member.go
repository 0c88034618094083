package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Members returns all complaints of a cluster, latest first.
func (db *DB) Members(ctx context.Context, id prevention.ClusterID) ([]prevention.Member, error) {
	var members []prevention.Member
	if id == "" {
		return members, nil
	}
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var m prevention.Member
		err := rows.Scan(&m.Complaint, &m.Customer, (*instant)(&m.At), &m.Copy, &m.Pinned)
		members = append(members, m)
		return err
	}, `SELECT complaint_id, customer_id, at, copy, pinned FROM cluster_members WHERE cluster_id = $1
		ORDER BY at DESC, complaint_id DESC`, string(id))
	return members, db.fail("read the members of a cluster", err)
}

// ClustersOf returns the cluster of each complaint that is in one.
func (db *DB) ClustersOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]prevention.ClusterID, error) {
	in, err := clustersOf(ctx, db.read, ids)
	return in, db.fail("look for the clusters of complaints", err)
}

func clustersOf(ctx context.Context, q querier, ids []triage.ComplaintID) (map[triage.ComplaintID]prevention.ClusterID, error) {
	in := make(map[triage.ComplaintID]prevention.ClusterID, len(ids))
	err := each(ctx, q, `SELECT complaint_id, cluster_id FROM cluster_members WHERE cluster_id <> '' AND complaint_id IN`, ids,
		func(rows *sql.Rows) error {
			var complaint triage.ComplaintID
			var cluster prevention.ClusterID
			err := rows.Scan(&complaint, &cluster)
			in[complaint] = cluster
			return err
		})
	return in, err
}

const insertMember = `INSERT INTO cluster_members (complaint_id, cluster_id, customer_id, at, copy, pinned)`

// addMembers adds complaints that are in no cluster and were not taken out of
// all clusters by a person.
func addMembers(ctx context.Context, tx *sql.Tx, id prevention.ClusterID, members []prevention.Member) error {
	rows := make([][]any, len(members))
	for i, m := range members {
		rows[i] = []any{string(m.Complaint), string(id), clean(string(m.Customer)), instant(m.At), m.Copy, m.Pinned}
	}
	_, err := insertRows(ctx, tx, insertMember, rows, `ON CONFLICT DO NOTHING`)
	return err
}

// countMembers sets the counts and times of a cluster that has members.
func countMembers(ctx context.Context, tx *sql.Tx, r *clusterRow) error {
	var complaints, known, nameless, copies int
	var first, last sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(DISTINCT NULLIF(customer_id, '')),
		COUNT(CASE WHEN customer_id = '' THEN 1 END), COUNT(CASE WHEN copy THEN 1 END), MIN(at), MAX(at)
		FROM cluster_members WHERE cluster_id = $1`, string(r.ID)).Scan(&complaints, &known, &nameless, &copies, &first, &last)
	if err != nil || complaints == 0 {
		return err
	}
	r.Complaints, r.Customers, r.Copies = complaints, known+nameless, copies
	if err := (*instant)(&r.FirstAt).Scan(first.Int64); err != nil {
		return err
	}
	return (*instant)(&r.LastAt).Scan(last.Int64)
}

// Complainants returns the customers of the cluster's complaints, with the time
// of the first one of each. Complaints without a customer are left out.
func (db *DB) Complainants(ctx context.Context, id prevention.ClusterID) (map[triage.CustomerID]time.Time, error) {
	first := make(map[triage.CustomerID]time.Time)
	if id == "" {
		return first, nil
	}
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var customer triage.CustomerID
		var at instant
		err := rows.Scan(&customer, &at)
		first[customer] = at.time()
		return err
	}, `SELECT customer_id, MIN(at) FROM cluster_members WHERE cluster_id = $1 AND customer_id <> '' GROUP BY customer_id`, string(id))
	return first, db.fail("read who complained", err)
}
