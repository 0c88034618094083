package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const auditCorrect = "cluster.correct"

// Correct applies a person's correction and appends it to the log, with its
// audit entries, in one transaction. It returns the cluster that the complaints
// are in now, which the log has as Target; "" is none.
//
// The complaints are pinned where they are put: the machine leaves them there.
// A move without a Cluster takes complaints from wherever they are. CodeConflict
// means that a complaint has left Cluster, that a cluster was merged, or that
// its stage does not allow it; CodeNotFound, that there is no such cluster or
// complaint.
//
// After a merge the customers who were told about either cluster count as told
// about the target, and a notice that waits for somebody who has one of the
// target is skipped.
func (db *DB) Correct(ctx context.Context, c prevention.Correction) (in prevention.ClusterID, err error) {
	err = db.writer.submit(ctx, len(c.Complaints)+4, func(ctx context.Context, tx *sql.Tx) error {
		l, err := lockLedger(ctx, tx)
		if err != nil {
			return err
		}
		k := correcting{ctx: ctx, tx: tx, ledger: &l, Correction: c}
		if err := k.apply(); err != nil {
			return err
		}
		in = k.Target
		if c.Kind == prevention.CorrectDismiss || c.Kind == prevention.CorrectRestore {
			in = c.Cluster
		}
		return k.log()
	})
	if err != nil {
		return "", db.fail("correct a cluster", err)
	}
	return in, nil
}

// correcting is one correction in its transaction.
type correcting struct {
	ctx    context.Context
	tx     *sql.Tx
	ledger *ledger
	prevention.Correction
}

func (k *correcting) apply() error {
	switch k.Kind {
	case prevention.CorrectMove:
		return k.move()
	case prevention.CorrectSplit:
		return k.split()
	case prevention.CorrectPropose:
		return k.create(clusterRow{})
	case prevention.CorrectMerge:
		return k.merge()
	case prevention.CorrectDismiss:
		return k.dismiss()
	case prevention.CorrectRestore:
		return k.restore()
	default:
		return triage.FieldErrorf("kind", "%q is unknown; use move, split, merge, dismiss, restore or propose", k.Kind)
	}
}

func (k *correcting) move() error {
	if k.Target != "" {
		if _, err := k.alive(k.Target); err != nil {
			return err
		}
	}
	if k.Cluster != "" {
		if _, err := k.alive(k.Cluster); err != nil {
			return err
		}
	}
	return k.pin(k.Target)
}

func (k *correcting) split() error {
	from, err := k.alive(k.Cluster)
	if err != nil {
		return err
	}
	return k.create(from)
}

// create makes a confirmed cluster of the complaints, named after another one
// unless it has a title of its own.
func (k *correcting) create(like clusterRow) error {
	if len(k.Complaints) == 0 {
		return triage.FieldErrorf("complaints", "none is given: choose at least one")
	}
	k.Target = k.ledger.nextCluster()
	row := clusterRow{titleByHand: k.Title != "", Cluster: prevention.Cluster{
		ID: k.Target, Title: k.Title, Path: prevention.PathHand, Stage: prevention.StageConfirmed, Type: like.Type,
		Alarm: prevention.Alarm{At: k.At, Severity: prevention.SeverityAlert}, CreatedAt: k.At, StageAt: k.At,
	}}
	if row.Title == "" {
		row.Title = like.Title
	}
	if err := row.store(k.ctx, k.tx); err != nil {
		return err
	}
	return k.pin(k.Target)
}

func (k *correcting) merge() error {
	from, err := k.alive(k.Cluster)
	if err != nil {
		return err
	}
	if _, err := k.alive(k.Target); err != nil {
		return err
	}
	if k.Cluster == k.Target {
		return triage.FieldErrorf("target", "a cluster cannot be merged into itself")
	}
	from.MergedInto = k.Target
	from.Version++
	if err := from.store(k.ctx, k.tx); err != nil {
		return err
	}
	if err := moveAll(k.ctx, k.tx, k.Cluster, k.Target, true); err != nil {
		return err
	}
	return k.recount(k.Target)
}

func (k *correcting) dismiss() error {
	row, err := k.alive(k.Cluster)
	if err != nil {
		return err
	}
	if !row.Stage.MayBecome(prevention.StageDismissed) {
		return triage.Errorf(triage.CodeConflict, "cluster %s is %s and cannot be dismissed", k.Cluster, row.Stage)
	}
	row.Stage, row.StageAt = prevention.StageDismissed, k.At
	row.Version++
	return row.store(k.ctx, k.tx)
}

// restore takes a dismissal back: the cluster goes on, over or not.
func (k *correcting) restore() error {
	row, err := k.alive(k.Cluster)
	if err != nil {
		return err
	}
	if row.Stage != prevention.StageDismissed {
		return triage.Errorf(triage.CodeConflict, "cluster %s is %s and was not dismissed", k.Cluster, row.Stage)
	}
	row.Stage, row.StageAt, row.Alarm.EndedAt = prevention.StageCandidate, k.At, time.Time{}
	row.Version++
	return row.store(k.ctx, k.tx)
}

// alive reads a cluster that stands alone.
func (k *correcting) alive(id prevention.ClusterID) (clusterRow, error) {
	row, err := clusterByID(k.ctx, k.tx, id)
	if err == nil && row.MergedInto != "" {
		err = triage.Errorf(triage.CodeConflict, "cluster %s was merged into %s: work on that one", id, row.MergedInto)
	}
	return row, err
}

// pin puts the complaints into a cluster for ever, "" for none, and counts the
// clusters that they leave and join.
func (k *correcting) pin(id prevention.ClusterID) error {
	was, err := clustersOf(k.ctx, k.tx, k.Complaints)
	if err != nil {
		return err
	}
	touched := map[prevention.ClusterID]bool{id: true}
	for _, complaint := range k.Complaints {
		if k.Cluster != "" && was[complaint] != k.Cluster {
			return triage.Errorf(triage.CodeConflict, "complaint %s is not in cluster %s any more; look at it again", complaint, k.Cluster)
		}
		touched[was[complaint]] = true
		if err := k.pinOne(complaint, id); err != nil {
			return err
		}
	}
	for id := range touched {
		if err := k.recount(id); err != nil {
			return err
		}
	}
	return nil
}

func (k *correcting) pinOne(complaint triage.ComplaintID, id prevention.ClusterID) error {
	res, err := k.tx.ExecContext(k.ctx, insertMember+` SELECT id, $1, customer_id, effective_at, FALSE, TRUE FROM cases WHERE id = $2
		ON CONFLICT (complaint_id) DO UPDATE SET cluster_id = excluded.cluster_id, pinned = excluded.pinned`,
		string(id), string(complaint))
	return touched(res, err, triage.Errorf(triage.CodeNotFound, "there is no case %s", complaint))
}

// recount stores the counts of a cluster whose members changed, and the type of
// most of them where it is not known.
func (k *correcting) recount(id prevention.ClusterID) error {
	if id == "" {
		return nil
	}
	row, err := clusterByID(k.ctx, k.tx, id)
	if err != nil {
		return err
	}
	row.Complaints, row.Customers, row.Copies = 0, 0, 0
	if err := countMembers(k.ctx, k.tx, &row); err != nil {
		return err
	}
	if row.Type == "" {
		err := k.tx.QueryRowContext(k.ctx, `SELECT c.type FROM cluster_members m JOIN cases c ON c.id = m.complaint_id
			WHERE m.cluster_id = $1 GROUP BY c.type ORDER BY COUNT(*) DESC, c.type LIMIT 1`, string(id)).Scan(&row.Type)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	row.Version++
	return row.store(k.ctx, k.tx)
}

// log appends the correction and its audit entries.
func (k *correcting) log() error {
	complaints, err := encodeJSON("complaints", k.Complaints)
	if err != nil {
		return err
	}
	k.ledger.lastCorrection++
	_, err = insertRows(k.ctx, k.tx, `INSERT INTO corrections (seq, at, by_whom, kind, cluster_id, target, complaints, title)`, [][]any{{
		k.ledger.lastCorrection, instant(k.At), clean(k.By), string(k.Kind), string(k.Cluster), string(k.Target), complaints, clean(k.Title),
	}}, "")
	if err != nil {
		return err
	}
	for _, id := range []prevention.ClusterID{k.Cluster, k.Target} {
		if id == "" {
			continue
		}
		err := appendAudit(k.ctx, k.tx, triage.AuditEntry{
			At: k.At, Actor: k.By, Action: auditCorrect, Object: prevention.ClusterObject(id),
			Detail: auditDetail(map[string]string{"kind": string(k.Kind), "cluster": string(k.Cluster), "target": string(k.Target)}),
		})
		if err != nil {
			return err
		}
	}
	return k.ledger.store(k.ctx, k.tx)
}

// Corrections returns those after a sequence number, oldest first.
func (db *DB) Corrections(ctx context.Context, after int64) ([]prevention.Correction, error) {
	var list []prevention.Correction
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var c prevention.Correction
		err := rows.Scan(&c.Seq, (*instant)(&c.At), &c.By, &c.Kind, &c.Cluster, &c.Target, document{"complaints", &c.Complaints}, &c.Title)
		list = append(list, c)
		return err
	}, `SELECT seq, at, by_whom, kind, cluster_id, target, complaints, title FROM corrections WHERE seq > $1 ORDER BY seq`, after)
	return list, db.fail("read corrections", err)
}
