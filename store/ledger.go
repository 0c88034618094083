package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
)

// ledger is the row of progress: how far detection has read, and the last
// numbers given out.
type ledger struct {
	prevention.Progress
	lastCluster, lastCorrection, lastBatch int64
}

const ledgerColumns = `seq, correction, last_cluster, last_correction, last_batch`

func (l *ledger) scan(s scanner) error {
	return s.Scan(&l.Seq, &l.Correction, &l.lastCluster, &l.lastCorrection, &l.lastBatch)
}

// lockLedger reads the row and keeps other transactions from doing so until
// this one has ended: clusters are changed by one at a time, and corrections and
// batches become visible in the order of their numbers.
func lockLedger(ctx context.Context, tx *sql.Tx) (l ledger, err error) {
	err = l.scan(tx.QueryRowContext(ctx, `UPDATE progress SET seq = seq WHERE id = 1 RETURNING `+ledgerColumns))
	return l, err
}

func (l *ledger) store(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE progress SET seq = $1, correction = $2, last_cluster = $3, last_correction = $4, last_batch = $5 WHERE id = 1`,
		l.Seq, l.Correction, l.lastCluster, l.lastCorrection, l.lastBatch)
	return err
}

// nextCluster numbers a cluster.
func (l *ledger) nextCluster() prevention.ClusterID {
	l.lastCluster++
	return prevention.ClusterID("K" + strconv.FormatInt(l.lastCluster, 10))
}

// taken makes the numbering go on behind an id that came from elsewhere.
func (l *ledger) taken(id prevention.ClusterID) {
	if digits, ok := strings.CutPrefix(string(id), "K"); ok {
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			l.lastCluster = max(l.lastCluster, n)
		}
	}
}

// Progress returns how far detection has read, zero before its first run.
func (db *DB) Progress(ctx context.Context) (prevention.Progress, error) {
	var l ledger
	err := l.scan(db.read.QueryRowContext(ctx, `SELECT `+ledgerColumns+` FROM progress WHERE id = 1`))
	return l.Progress, db.fail("read the progress of detection", err)
}

// NextCluster reserves an id. One that is not used is lost.
func (db *DB) NextCluster(ctx context.Context) (id prevention.ClusterID, err error) {
	err = db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		l, err := lockLedger(ctx, tx)
		if err != nil {
			return err
		}
		id = l.nextCluster()
		return l.store(ctx, tx)
	})
	return id, db.fail("reserve a cluster id", err)
}
