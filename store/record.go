package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// The entries of detection in the audit trail.
const (
	auditRaised = "cluster.raised"
	auditStage  = "cluster.stage"
	auditMerged = "cluster.merged"
)

// Record stores what detection found, in one transaction, or nothing. Recording
// the same again changes nothing.
//
// Progress never goes back. Complaints, Customers, Copies, FirstAt and LastAt
// of a cluster with members are counted from them, whatever the caller says: a
// complaint without a customer counts as a customer of its own. An estimate
// without a basis and a nil rule keep the stored ones, and so does any estimate
// where the exposed were counted: detection knows nothing better. A change of stage that
// does not follow the stored stage is left out, because a person was faster;
// its time is the cluster's StageAt, else that of its announcement. Members of
// a cluster that was merged go to the one that took it in; those of an unknown
// cluster are CodeNotFound.
func (db *DB) Record(ctx context.Context, f prevention.Found) error {
	rows := len(f.Clusters) + len(f.Announcements) + 1
	for _, members := range f.Members {
		rows += len(members)
	}
	return db.fail("record what detection found", db.writer.submit(ctx, rows, func(ctx context.Context, tx *sql.Tx) error {
		l, err := lockLedger(ctx, tx)
		if err != nil {
			return err
		}
		before := l
		l.Correction = max(l.Correction, f.Progress.Correction)
		l.Seq = max(l.Seq, f.Progress.Seq)
		r := recording{ctx: ctx, tx: tx, found: &f, rows: make(map[prevention.ClusterID]*recorded)}
		if err := r.run(&l); err != nil || l == before {
			return err
		}
		return l.store(ctx, tx)
	}))
}

// recording is one call of Record in its transaction.
type recording struct {
	ctx   context.Context
	tx    *sql.Tx
	found *prevention.Found
	rows  map[prevention.ClusterID]*recorded
}

// recorded is a cluster as it is stored and as it will be.
type recorded struct {
	clusterRow
	stored []any
	fresh  bool
}

func (r *recording) run(l *ledger) error {
	var merged [][2]prevention.ClusterID
	for i := range r.found.Clusters {
		c := &r.found.Clusters[i]
		row, err := r.row(c.ID)
		if triage.CodeOf(err) == triage.CodeNotFound {
			l.taken(c.ID)
			row, err = r.add(c)
		}
		if err != nil {
			return err
		}
		if c.MergedInto != "" && row.MergedInto == "" {
			merged = append(merged, [2]prevention.ClusterID{c.ID, c.MergedInto})
		}
		row.take(c)
	}
	for _, id := range slices.Sorted(maps.Keys(r.found.Members)) {
		if err := r.join(id, r.found.Members[id]); err != nil {
			return err
		}
	}
	for _, m := range merged {
		if err := r.merge(m[0], m[1]); err != nil {
			return err
		}
	}
	if err := r.changeStages(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(r.rows)) {
		if err := r.store(r.rows[id]); err != nil {
			return err
		}
	}
	return announce(r.ctx, r.tx, r.found.Announcements)
}

// row returns a cluster of this call, or reads it.
func (r *recording) row(id prevention.ClusterID) (*recorded, error) {
	if row, ok := r.rows[id]; ok {
		return row, nil
	}
	stored, err := clusterByID(r.ctx, r.tx, id)
	if err != nil {
		return nil, err
	}
	values, err := stored.values()
	if err != nil {
		return nil, err
	}
	r.rows[id] = &recorded{clusterRow: stored, stored: values}
	return r.rows[id], nil
}

// add begins a cluster that is not stored yet. A row is inserted at once, so
// that members and merges find it.
func (r *recording) add(c *prevention.Cluster) (*recorded, error) {
	if c.ID == "" {
		return nil, triage.FieldErrorf("clusters", "one has no id: take it from NextCluster")
	}
	row := clusterRow{Cluster: *c}
	row.MergedInto, row.Version = "", 1
	if row.Stage == "" {
		row.Stage = prevention.StageCandidate
	}
	if err := row.store(r.ctx, r.tx); err != nil {
		return nil, err
	}
	values, err := row.values()
	if err != nil {
		return nil, err
	}
	r.rows[c.ID] = &recorded{clusterRow: row, stored: values, fresh: true}
	return r.rows[c.ID], appendAudit(r.ctx, r.tx, triage.AuditEntry{
		At: c.CreatedAt, Actor: auditSystem, Action: auditRaised, Object: prevention.ClusterObject(c.ID),
	})
}

// take replaces the machine's fields by what detection says now.
func (row *recorded) take(c *prevention.Cluster) {
	if !row.titleByHand {
		row.Title = c.Title
	}
	if row.RuleBy == "" && c.Rule != nil {
		row.Rule = c.Rule
	}
	if c.Estimate.Basis != "" && row.Estimate.Basis != prevention.BasisExposure {
		row.Estimate = c.Estimate
	}
	row.Path, row.Type, row.Alarm, row.Explanation = c.Path, c.Type, c.Alarm, c.Explanation
	row.Complaints, row.Customers, row.Copies = c.Complaints, c.Customers, c.Copies
	row.FirstAt, row.LastAt = c.FirstAt, c.LastAt
	row.Escalations, row.Historic = c.Escalations, c.Historic
}

// join adds members to a cluster, or to the one that took it in.
func (r *recording) join(id prevention.ClusterID, members []prevention.Member) error {
	row, err := r.row(id)
	for err == nil && row.MergedInto != "" {
		row, err = r.row(row.MergedInto)
	}
	if err != nil {
		return err
	}
	return addMembers(r.ctx, r.tx, row.ID, members)
}

// merge lets the machine put a cluster into another one. A merge that cannot be
// is left out: a person merged either of them meanwhile.
func (r *recording) merge(from, into prevention.ClusterID) error {
	a, err := r.row(from)
	if err != nil {
		return err
	}
	b, err := r.row(into)
	if err != nil {
		return err
	}
	if from == into || a.MergedInto != "" || b.MergedInto != "" {
		return nil
	}
	a.MergedInto = into
	if err := moveAll(r.ctx, r.tx, from, into, false); err != nil {
		return err
	}
	return appendAudit(r.ctx, r.tx, triage.AuditEntry{
		At: b.Alarm.At, Actor: auditSystem, Action: auditMerged, Object: prevention.ClusterObject(from),
		Detail: auditDetail(map[string]string{"target": string(into)}),
	})
}

func (r *recording) changeStages() error {
	for _, id := range slices.Sorted(maps.Keys(r.found.Stages)) {
		row, err := r.row(id)
		if err != nil {
			return err
		}
		to := row.Stage.Led(r.found.Stages[id])
		if to == row.Stage {
			continue
		}
		row.Stage = to
		if at := r.stageAt(id); !at.IsZero() {
			row.StageAt = at
		}
		err = appendAudit(r.ctx, r.tx, triage.AuditEntry{
			At: row.StageAt, Actor: auditSystem, Action: auditStage, Object: prevention.ClusterObject(id),
			Detail: auditDetail(map[string]string{"to": string(to)}),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stageAt is when detection changed the stage, zero when it does not say.
func (r *recording) stageAt(id prevention.ClusterID) (at time.Time) {
	for i := range r.found.Clusters {
		if c := &r.found.Clusters[i]; c.ID == id {
			at = c.StageAt
		}
	}
	for _, a := range r.found.Announcements {
		if a.Cluster == id && a.At.After(at) {
			at = a.At
		}
	}
	return at
}

// store counts the members and writes the row if anything changed.
func (r *recording) store(row *recorded) error {
	if err := countMembers(r.ctx, r.tx, &row.clusterRow); err != nil {
		return err
	}
	values, err := row.values()
	if err != nil || slices.Equal(values, row.stored) {
		return err
	}
	if !row.fresh {
		row.Version++
	}
	return row.store(r.ctx, r.tx)
}

// announce adds announcements that are not known. The same one may have come
// to several receivers since.
func announce(ctx context.Context, tx *sql.Tx, list []prevention.Announcement) error {
	for _, a := range list {
		var known int
		err := tx.QueryRowContext(ctx, `SELECT 1 FROM announcements WHERE cluster_id = $1 AND kind = $2 AND at = $3 LIMIT 1`,
			string(a.Cluster), string(a.Kind), instant(a.At)).Scan(&known)
		if err == nil {
			continue
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := insertRows(ctx, tx, insertAnnouncement, [][]any{announcementValues(&a)}, ""); err != nil {
			return err
		}
	}
	return nil
}
