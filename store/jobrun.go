package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
)

// RunLog is the database as a [jobs.RunLog]. It is a type of its own because
// DB's method Finish belongs to the replays.
type RunLog struct{ db *DB }

// RunLog returns the log of job runs.
func (db *DB) RunLog() *RunLog { return &RunLog{db} }

// keptRuns is how many runs of a job are kept: more than a day of one that
// runs every minute.
const keptRuns = 2000

// Start records a run unless another one holds the job. Of several callers at
// once, in any number of processes, one gets ok. Only the latest 2000 runs of
// the job are kept.
func (l *RunLog) Start(ctx context.Context, job, by string, at time.Time, lease time.Duration) (id int64, ok bool, err error) {
	err = l.db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE job_runs SET state = $1, ended_at = lease_ends_at
			WHERE job = $2 AND state = $3 AND lease_ends_at <= $4`,
			string(jobs.StateLost), job, string(jobs.StateRunning), instant(at))
		if err != nil {
			return err
		}
		// The unique index on running jobs is what refuses the second run.
		err = tx.QueryRowContext(ctx, `INSERT INTO job_runs (job, state, started_at, lease_ends_at, ended_at, by_whom, note, error)
			VALUES ($1, $2, $3, $4, $5, $6, '', '') ON CONFLICT DO NOTHING RETURNING id`,
			job, string(jobs.StateRunning), instant(at), instant(at.Add(lease)), instant(time.Time{}), by).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		_, err = tx.ExecContext(ctx, `DELETE FROM job_runs WHERE job = $1 AND id <=
			(SELECT id FROM job_runs WHERE job = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`, job, keptRuns)
		return err
	})
	if err != nil {
		return 0, false, l.db.fail("start a job run", err)
	}
	return id, ok, nil
}

// Renew makes the lease of a running run end at at + lease; false when the run
// has ended or was taken for lost.
func (l *RunLog) Renew(ctx context.Context, id int64, at time.Time, lease time.Duration) (ok bool, err error) {
	err = l.db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE job_runs SET lease_ends_at = $1 WHERE id = $2 AND state = $3`,
			instant(at.Add(lease)), id, string(jobs.StateRunning))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		ok = n > 0
		return err
	})
	return ok && err == nil, l.db.fail("renew the lease of a job run", err)
}

// Finish records the end of a run, also of one that was taken for lost;
// CodeNotFound when there is no such run.
func (l *RunLog) Finish(ctx context.Context, id int64, at time.Time, state jobs.State, note, errText string) error {
	missing := triage.Errorf(triage.CodeNotFound, "there is no job run %d", id)
	return l.db.exec(ctx, "finish a job run", missing, `UPDATE job_runs SET state = $1, ended_at = $2, note = $3, error = $4 WHERE id = $5`,
		string(state), instant(at), clean(note), clean(errText), id)
}

// Runs returns the latest runs of a job, or of all jobs for "", newest first.
func (l *RunLog) Runs(ctx context.Context, job string, limit int) ([]jobs.Run, error) {
	where, args := "", []any{max(limit, 0)}
	if job != "" {
		where, args = "WHERE job = $2", append(args, job)
	}
	var runs []jobs.Run
	err := collect(ctx, l.db.read, func(rows *sql.Rows) error {
		var r jobs.Run
		if err := rows.Scan(&r.ID, &r.Job, &r.State, (*instant)(&r.StartedAt), (*instant)(&r.EndedAt), &r.By, &r.Note, &r.Error); err != nil {
			return err
		}
		runs = append(runs, r)
		return nil
	}, `SELECT id, job, state, started_at, ended_at, by_whom, note, error FROM job_runs `+where+` ORDER BY id DESC LIMIT $1`, args...)
	return runs, l.db.fail("read job runs", err)
}
