package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Actions returns the work on a cluster, the first due first.
func (db *DB) Actions(ctx context.Context, id prevention.ClusterID) ([]prevention.Action, error) {
	var list []prevention.Action
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var a prevention.Action
		err := rows.Scan(&a.ID, &a.Cluster, &a.Title, &a.Department, &a.Owner, (*instant)(&a.DueAt), (*instant)(&a.DoneAt),
			&a.CreatedBy, (*instant)(&a.CreatedAt))
		list = append(list, a)
		return err
	}, `SELECT id, cluster_id, title, department, owner, due_at, done_at, created_by, created_at FROM actions
		WHERE cluster_id = $1 ORDER BY due_at, id`, string(id))
	return list, db.fail("read actions", err)
}

// PutAction adds an action (ID 0) or replaces one of the same cluster, with its
// audit entry, and returns its id. Who made it, and when, stays. CodeNotFound
// is an unknown cluster or action.
func (db *DB) PutAction(ctx context.Context, a prevention.Action, e triage.AuditEntry) (id int64, err error) {
	id = a.ID
	err = db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := clusterByID(ctx, tx, a.Cluster); err != nil {
			return err
		}
		if a.ID == 0 {
			err := tx.QueryRowContext(ctx, `INSERT INTO actions (cluster_id, title, department, owner, due_at, done_at, created_by, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
				string(a.Cluster), clean(a.Title), clean(a.Department), clean(a.Owner), instant(a.DueAt), instant(a.DoneAt),
				clean(a.CreatedBy), instant(a.CreatedAt)).Scan(&id)
			if err != nil {
				return err
			}
			return appendAudit(ctx, tx, e)
		}
		res, err := tx.ExecContext(ctx, `UPDATE actions SET title = $1, department = $2, owner = $3, due_at = $4, done_at = $5
			WHERE id = $6 AND cluster_id = $7`,
			clean(a.Title), clean(a.Department), clean(a.Owner), instant(a.DueAt), instant(a.DoneAt), a.ID, string(a.Cluster))
		if err := touched(res, err, triage.Errorf(triage.CodeNotFound, "cluster %s has no action %d", a.Cluster, a.ID)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, db.fail("store an action", err)
	}
	return id, nil
}

// Notes returns the remarks about a cluster, oldest first.
func (db *DB) Notes(ctx context.Context, id prevention.ClusterID) ([]prevention.Note, error) {
	var list []prevention.Note
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var n prevention.Note
		err := rows.Scan(&n.Cluster, &n.By, (*instant)(&n.At), &n.Text)
		list = append(list, n)
		return err
	}, `SELECT cluster_id, by_whom, at, text FROM notes WHERE cluster_id = $1 ORDER BY id`, string(id))
	return list, db.fail("read notes", err)
}

// AddNote adds a remark to a cluster, CodeNotFound when there is none.
func (db *DB) AddNote(ctx context.Context, n prevention.Note) error {
	missing := triage.Errorf(triage.CodeNotFound, "there is no cluster %s", n.Cluster)
	return db.exec(ctx, "add a note", missing, `INSERT INTO notes (cluster_id, by_whom, at, text)
		SELECT id, $1, CAST($2 AS BIGINT), $3 FROM clusters WHERE id = $4`, clean(n.By), instant(n.At), clean(n.Text), string(n.Cluster))
}
