package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

const insertSolution = `INSERT INTO solution_versions (solution_id, number, type, subtype, title, steps, wording, policy, state, author,
	created_at, decided_by, decided_at, evidence, base_uses, base_mean)`

// solutionQuery reads versions with the cases they settled and what the
// customers of these said. The verb is the condition on the versions: without it
// in both places, every use of every solution would be read.
const solutionQuery = `SELECT v.solution_id, v.number, v.type, v.subtype, v.title, v.steps, v.wording, v.policy, v.state, v.author,
	v.created_at, v.decided_by, v.decided_at, v.evidence, v.base_uses, v.base_mean,
	COALESCE(m.uses, 0), COALESCE(m.scores, 0), COALESCE(m.mean, 0)
	FROM solution_versions v LEFT JOIN (
		SELECT u.solution_id, u.number, COUNT(*) AS uses, COUNT(c.satisfaction) AS scores, AVG(c.satisfaction) AS mean
		FROM solution_uses u JOIN cases c ON c.id = u.case_id
		WHERE u.solution_id IN (SELECT v.solution_id FROM solution_versions v%[1]s) GROUP BY u.solution_id, u.number
	) m ON m.solution_id = v.solution_id AND m.number = v.number%[1]s`

func (db *DB) solutionVersions(ctx context.Context, condition, order string, args ...any) ([]solution.Version, error) {
	var list []solution.Version
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		v, err := scanSolution(rows)
		list = append(list, v)
		return err
	}, fmt.Sprintf(solutionQuery, condition)+order, args...)
	return list, db.fail("read solutions", err)
}

func scanSolution(s scanner) (v solution.Version, err error) {
	var steps string
	var base, measured triage.Outcome
	var baseUses int
	var baseMean *float64
	err = s.Scan(&v.Solution, &v.Number, &v.Type, &v.Subtype, &v.Title, &steps, &v.Wording, document{"compensation policy", &v.Policy},
		&v.State, &v.Author, (*instant)(&v.CreatedAt), &v.DecidedBy, (*instant)(&v.DecidedAt), document{"evidence", &v.Evidence},
		&baseUses, &baseMean, &v.Uses, &measured.Scores, &measured.Mean)
	v.Steps = solution.StepsOf(steps)
	if baseMean != nil {
		base = triage.Outcome{Scores: baseUses, Mean: *baseMean}
	}
	v.Uses += baseUses
	v.Outcome = base.Join(measured)
	return v, err
}

// SolutionVersions returns the versions that fit, by solution and number.
func (db *DB) SolutionVersions(ctx context.Context, f solution.Filter) ([]solution.Version, error) {
	var w where
	if f.Solution != "" {
		w.add("v.solution_id =", f.Solution)
	}
	if f.Type != "" {
		w.add("v.type =", f.Type)
	}
	return db.solutionVersions(ctx, w.String(), ` ORDER BY v.solution_id, v.number`, w.args...)
}

// AddSolutionVersion stores a version and its audit entry, and retires the
// drafts and proposals of the same solution. CodeConflict is a number that is
// taken.
func (db *DB) AddSolutionVersion(ctx context.Context, v solution.Version, e triage.AuditEntry) error {
	return db.fail("store a solution", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE solution_versions SET state = $1, decided_by = $2, decided_at = $3
			WHERE solution_id = $4 AND state IN ($5, $6)`,
			string(solution.Retired), clean(v.Author), instant(v.CreatedAt), v.Solution, string(solution.Draft), string(solution.Proposed))
		if err != nil {
			return err
		}
		values, err := solutionValues(&v)
		if err != nil {
			return err
		}
		n, err := insertRows(ctx, tx, insertSolution, [][]any{values}, "ON CONFLICT (solution_id, number) DO NOTHING")
		if err != nil {
			return err
		}
		if n == 0 {
			return triage.Errorf(triage.CodeConflict, "the solution %.40q has a version %d already", v.Solution, v.Number)
		}
		return appendAudit(ctx, tx, e)
	}))
}

func solutionValues(v *solution.Version) ([]any, error) {
	var policy, evidence string
	var err error
	if len(v.Policy) > 0 {
		if policy, err = encodeJSON("policy", v.Policy); err != nil {
			return nil, err
		}
	}
	if len(v.Evidence) > 0 {
		if evidence, err = encodeJSON("evidence", v.Evidence); err != nil {
			return nil, err
		}
	}
	var mean *float64
	if v.Outcome.Scores > 0 {
		mean = &v.Outcome.Mean
	}
	return []any{
		clean(v.Solution), v.Number, clean(v.Type), clean(v.Subtype), clean(v.Title), clean(v.Text()), clean(v.Wording), clean(policy),
		string(v.State), clean(v.Author), instant(v.CreatedAt), clean(v.DecidedBy), instant(v.DecidedAt), clean(evidence), v.Uses, mean,
	}, nil
}

// MoveSolution changes the state of a version, with its audit entry; the
// approved version before one that is approved is retired. CodeConflict is a
// version in another state than the move begins with.
func (db *DB) MoveSolution(ctx context.Context, m solution.Move, e triage.AuditEntry) error {
	return db.fail("change a solution", db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		var now solution.State
		err := tx.QueryRowContext(ctx, `SELECT state FROM solution_versions WHERE solution_id = $1 AND number = $2`, m.Solution, m.Number).Scan(&now)
		if err != nil {
			return notFound(err, "the solution %.40q has no version %d", m.Solution, m.Number)
		}
		if m.To == solution.Approved {
			_, err := tx.ExecContext(ctx, `UPDATE solution_versions SET state = $1, decided_by = $2, decided_at = $3 WHERE solution_id = $4 AND state = $5`,
				string(solution.Retired), clean(m.By), instant(m.At), m.Solution, string(solution.Approved))
			if err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, `UPDATE solution_versions SET state = $1, decided_by = $2, decided_at = $3
			WHERE solution_id = $4 AND number = $5 AND state = $6`,
			string(m.To), clean(m.By), instant(m.At), m.Solution, m.Number, string(m.From))
		err = touched(res, err, triage.Errorf(triage.CodeConflict, "version %d of the solution is %s by now", m.Number, now))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// UseSolution records what a case was settled with, with its audit entry; it
// takes the place of what was recorded before. CodeNotFound is an unknown case
// or version.
func (db *DB) UseSolution(ctx context.Context, u solution.Use, e triage.AuditEntry) error {
	return db.fail("record the use of a solution", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO solution_uses (case_id, solution_id, number, by_whom, at)
			SELECT c.id, v.solution_id, v.number, $1, CAST($2 AS BIGINT) FROM cases c, solution_versions v
			WHERE c.id = $3 AND v.solution_id = $4 AND v.number = $5
			ON CONFLICT (case_id) DO UPDATE SET solution_id = excluded.solution_id, number = excluded.number, by_whom = excluded.by_whom, at = excluded.at`,
			clean(u.By), instant(u.At), string(u.Complaint), u.Solution, u.Number)
		missing := triage.Errorf(triage.CodeNotFound, "there is no case %s, or the solution %.40q has no version %d", u.Complaint, u.Solution, u.Number)
		if err := touched(res, err, missing); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
