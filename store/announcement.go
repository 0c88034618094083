package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	insertAnnouncement  = `INSERT INTO announcements (cluster_id, kind, at, severity, receiver, sent_at, attempts, next_at, reason)`
	announcementColumns = `id, cluster_id, kind, at, severity, receiver, sent_at, attempts, next_at, reason`
)

func announcementValues(a *prevention.Announcement) []any {
	return []any{
		string(a.Cluster), string(a.Kind), instant(a.At), string(a.Severity), clean(a.Receiver), instant(a.SentAt), a.Attempts,
		instant(a.NextAt), clean(a.Reason),
	}
}

func (db *DB) announcements(ctx context.Context, query string, args ...any) ([]prevention.Announcement, error) {
	var list []prevention.Announcement
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var a prevention.Announcement
		err := rows.Scan(&a.ID, &a.Cluster, &a.Kind, (*instant)(&a.At), &a.Severity, &a.Receiver, (*instant)(&a.SentAt),
			&a.Attempts, (*instant)(&a.NextAt), &a.Reason)
		list = append(list, a)
		return err
	}, `SELECT `+announcementColumns+` FROM announcements `+query, args...)
	return list, db.fail("read announcements", err)
}

// Waiting returns announcements that are neither sent nor dropped, oldest
// first; limit 0 is all.
func (db *DB) Waiting(ctx context.Context, limit int) ([]prevention.Announcement, error) {
	return db.announcements(ctx, `WHERE sent_at = $1 AND (reason = '' OR next_at <> $1) ORDER BY at, id`+limited(limit), instant(time.Time{}))
}

// Announced returns what was told of a cluster, latest first.
func (db *DB) Announced(ctx context.Context, id prevention.ClusterID) ([]prevention.Announcement, error) {
	return db.announcements(ctx, `WHERE cluster_id = $1 AND sent_at <> $2 ORDER BY sent_at DESC, id DESC`, string(id), instant(time.Time{}))
}

// SettleAnnouncements stores SentAt, Attempts, NextAt, Receiver and Reason, of
// all or, after an error, of none. One without an id is added: the line of a
// further receiver. CodeNotFound is one that was never stored.
func (db *DB) SettleAnnouncements(ctx context.Context, as []prevention.Announcement) error {
	return db.fail("settle announcements", db.writer.submit(ctx, len(as), func(ctx context.Context, tx *sql.Tx) error {
		for i := range as {
			if err := settleAnnouncement(ctx, tx, &as[i]); err != nil {
				return err
			}
		}
		return nil
	}))
}

func settleAnnouncement(ctx context.Context, tx *sql.Tx, a *prevention.Announcement) error {
	if a.ID == 0 {
		_, err := insertRows(ctx, tx, insertAnnouncement, [][]any{announcementValues(a)}, "")
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE announcements SET sent_at = $1, attempts = $2, next_at = $3, receiver = $4, reason = $5 WHERE id = $6`,
		instant(a.SentAt), a.Attempts, instant(a.NextAt), clean(a.Receiver), clean(a.Reason), a.ID)
	return touched(res, err, triage.Errorf(triage.CodeNotFound, "there is no announcement %d", a.ID))
}

// Silence keeps quiet about a cluster until a time; zero ends the silence.
func (db *DB) Silence(ctx context.Context, id prevention.ClusterID, until time.Time, e triage.AuditEntry) error {
	return db.fail("silence a cluster", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM silences WHERE cluster_id = $1`, string(id)); err != nil {
			return err
		}
		if !until.IsZero() {
			_, err := tx.ExecContext(ctx, `INSERT INTO silences (cluster_id, until) VALUES ($1, $2)
				ON CONFLICT (cluster_id) DO UPDATE SET until = excluded.until`, string(id), instant(until))
			if err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, e)
	}))
}

// Silenced returns the clusters that are silenced now, and until when.
func (db *DB) Silenced(ctx context.Context, now time.Time) (map[prevention.ClusterID]time.Time, error) {
	silenced := make(map[prevention.ClusterID]time.Time)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var id prevention.ClusterID
		var until instant
		err := rows.Scan(&id, &until)
		silenced[id] = until.time()
		return err
	}, `SELECT cluster_id, until FROM silences WHERE until > $1`, instant(now))
	return silenced, db.fail("read silences", err)
}
