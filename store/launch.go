package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
)

const launchColumns = `id, campaign_id, version, previous_id, draft, report, by_whom, at`

// scanLaunchCheck reads launchColumns.
func scanLaunchCheck(s scanner) (k launch.Kept, err error) {
	err = s.Scan(&k.ID, &k.Campaign, &k.Version, &k.Previous, document{"draft", &k.Draft}, document{"report", &k.Report},
		&k.By, (*instant)(&k.At))
	return k, err
}

// KeepCheck implements [launch.Store].
func (db *DB) KeepCheck(ctx context.Context, k launch.Kept, e triage.AuditEntry) (id int64, err error) {
	draft, err := encodeJSON("draft", k.Draft)
	if err != nil {
		return 0, err
	}
	report, err := encodeJSON("report", k.Report)
	if err != nil {
		return 0, err
	}
	err = db.writer.submit(ctx, 2+len(k.Accepted), func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `INSERT INTO launch_checks (campaign_id, version, previous_id, draft, report, by_whom, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
			clean(k.Campaign), k.Version, k.Previous, clean(draft), clean(report), clean(k.By), instant(k.At)).Scan(&id)
		if err != nil {
			return err
		}
		rows := make([][]any, len(k.Accepted))
		for i, a := range k.Accepted {
			rows[i] = acceptanceValues(id, a)
		}
		if _, err := insertRows(ctx, tx, insertAcceptances, rows, ""); err != nil {
			return err
		}
		return appendAudit(ctx, tx, about(e, "launch_check:", strconv.FormatInt(id, 10)))
	})
	if err != nil {
		return 0, db.fail("keep a check", err)
	}
	return id, nil
}

const insertAcceptances = `INSERT INTO launch_acceptances (check_id, finding, reason, by_whom, at)`

func acceptanceValues(id int64, a launch.Acceptance) []any {
	return []any{id, clean(a.Finding), clean(a.Reason), clean(a.By), instant(a.At)}
}

// LaunchCheck implements [launch.Store].
func (db *DB) LaunchCheck(ctx context.Context, id int64) (launch.Kept, error) {
	k, err := scanLaunchCheck(db.read.QueryRowContext(ctx, `SELECT `+launchColumns+` FROM launch_checks WHERE id = $1`, id))
	if err == nil {
		err = db.readAcceptances(ctx, []*launch.Kept{&k})
	}
	return k, db.fail("read a check", notFound(err, "there is no check %d", id))
}

// LaunchChecks implements [launch.Store].
func (db *DB) LaunchChecks(ctx context.Context, campaign string, limit int) ([]launch.Kept, error) {
	var list []launch.Kept
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		k, err := scanLaunchCheck(rows)
		list = append(list, k)
		return err
	}, `SELECT `+launchColumns+` FROM launch_checks WHERE $1 = '' OR campaign_id = $1 ORDER BY id DESC LIMIT $2`, campaign, limit)
	if err != nil {
		return nil, db.fail("list checks", err)
	}
	of := make([]*launch.Kept, len(list))
	for i := range list {
		of[i] = &list[i]
	}
	return list, db.fail("list checks", db.readAcceptances(ctx, of))
}

// readAcceptances completes the checks, each acceptance in the order it was
// given.
func (db *DB) readAcceptances(ctx context.Context, checks []*launch.Kept) error {
	for _, k := range checks {
		err := collect(ctx, db.read, func(rows *sql.Rows) error {
			var a launch.Acceptance
			err := rows.Scan(&a.Finding, &a.Reason, &a.By, (*instant)(&a.At))
			k.Accepted = append(k.Accepted, a)
			return err
		}, `SELECT finding, reason, by_whom, at FROM launch_acceptances WHERE check_id = $1 ORDER BY at, finding`, k.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// AcceptFinding implements [launch.Store].
func (db *DB) AcceptFinding(ctx context.Context, id int64, a launch.Acceptance, e triage.AuditEntry) error {
	return db.fail("accept a finding", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		var there int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM launch_checks WHERE id = $1`, id).Scan(&there)
		if errors.Is(err, sql.ErrNoRows) {
			return triage.Errorf(triage.CodeNotFound, "there is no check %d", id)
		}
		if err != nil {
			return err
		}
		n, err := insertRows(ctx, tx, insertAcceptances, [][]any{acceptanceValues(id, a)}, "ON CONFLICT DO NOTHING")
		if err != nil {
			return err
		}
		if n == 0 {
			return triage.Errorf(triage.CodeConflict, "the finding of check %d is accepted already", id)
		}
		return appendAudit(ctx, tx, e)
	}))
}
