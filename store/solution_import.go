package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// importer is the author of what PutSolutions stores, and who approved it.
const importer = "import"

// PutSolutions stores solutions as approved versions and returns how many ids
// were new. A known id gets a new version when the text differs from that of the
// last import; otherwise only the figures of that import are replaced. Of several with one id the
// last counts.
func (db *DB) PutSolutions(ctx context.Context, solutions []triage.Solution) (int, error) {
	last := map[string]triage.Solution{}
	var ids []string
	for _, s := range solutions {
		if s.ID == "" {
			return 0, triage.FieldErrorf("id", "is empty")
		}
		id := clean(s.ID)
		if _, seen := last[id]; !seen {
			ids = append(ids, id)
		}
		last[id] = s
	}
	added := 0
	for part := range slices.Chunk(ids, groupRows) {
		n := 0
		err := db.writer.submit(ctx, len(part), func(ctx context.Context, tx *sql.Tx) error {
			n = 0
			for _, id := range part {
				isNew, err := importSolution(ctx, tx, id, last[id])
				if err != nil {
					return err
				}
				if isNew {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return added, db.fail("store solutions", err)
		}
		added += n
	}
	return added, nil
}

// importSolution stores one solution and says whether its id was new.
func importSolution(ctx context.Context, tx *sql.Tx, id string, s triage.Solution) (isNew bool, err error) {
	v := solution.Version{
		Solution: id, State: solution.Approved, Author: importer, DecidedBy: importer, Uses: s.Uses, Outcome: triage.OutcomeOf(&s),
		Content: solution.Content{
			Type: s.Type, Subtype: s.Subtype, Title: s.Title, Steps: solution.StepsOf(s.Text), Wording: s.Wording,
		},
	}
	latest, same, err := importedBefore(ctx, tx, &v)
	if err != nil {
		return false, err
	}
	if same > 0 {
		_, err := tx.ExecContext(ctx, `UPDATE solution_versions SET base_uses = $1, base_mean = $2 WHERE solution_id = $3 AND number = $4`,
			s.Uses, s.Satisfaction, id, same)
		return false, err
	}
	v.Number = latest + 1
	values, err := solutionValues(&v)
	if err != nil {
		return false, err
	}
	values[len(values)-1] = s.Satisfaction // also where it was never used
	_, err = tx.ExecContext(ctx, `UPDATE solution_versions SET state = 'retired', decided_by = $1 WHERE solution_id = $2 AND state <> 'retired'`, importer, id)
	if err == nil {
		_, err = insertRows(ctx, tx, insertSolution, [][]any{values}, "")
	}
	return latest == 0, err
}

// importedBefore returns the number of the latest version, and that of the
// latest import when it has the same content: what people made of it since then
// is theirs, and the same file again does not undo it.
func importedBefore(ctx context.Context, tx *sql.Tx, v *solution.Version) (latest, same int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0), COALESCE(MAX(CASE WHEN author = $1 THEN number END), 0)
		FROM solution_versions WHERE solution_id = $2`, importer, v.Solution).Scan(&latest, &same)
	if err != nil || same == 0 {
		return latest, 0, err
	}
	err = tx.QueryRowContext(ctx, `SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM solution_versions WHERE solution_id = $1 AND number = $2
		AND type = $3 AND subtype = $4 AND title = $5 AND steps = $6 AND wording = $7`,
		v.Solution, same, clean(v.Type), clean(v.Subtype), clean(v.Title), clean(v.Text()), clean(v.Wording)).Scan(&same)
	return latest, same, err
}

// SolutionsFor returns the approved solutions of a type: those of the subtype
// first, then by use.
func (db *DB) SolutionsFor(ctx context.Context, typ, subtype string) ([]triage.Solution, error) {
	versions, err := db.solutionVersions(ctx, ` WHERE v.type = $1 AND v.state = 'approved'`, "", typ)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(versions, func(a, b solution.Version) int {
		first := func(v *solution.Version) int {
			if v.Subtype == subtype {
				return 0
			}
			return 1
		}
		return cmp.Or(first(&a)-first(&b), b.Uses-a.Uses, cmp.Compare(a.Solution, b.Solution))
	})
	solutions := make([]triage.Solution, len(versions))
	for i := range versions {
		v := &versions[i]
		solutions[i] = triage.Solution{
			ID: v.Solution, Type: v.Type, Subtype: v.Subtype, Title: v.Title, Text: v.Text(), Wording: v.Wording,
			Uses: v.Uses, Scores: v.Outcome.Scores, Version: v.Number,
		}
		if v.Outcome.Scores > 0 {
			solutions[i].Satisfaction = new(v.Outcome.Mean)
		}
	}
	return solutions, nil
}

// SolvedCases calls each for every case since a time that has a resolution and
// a score, latest first, until each returns an error, which it returns. It holds
// a connection for reading while it runs.
func (db *DB) SolvedCases(ctx context.Context, since time.Time, each func(solution.Resolved) error) error {
	var stop error
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var r solution.Resolved
		err := rows.Scan(&r.ID, &r.Customer, &r.Type, &r.Subtype, &r.Resolution, &r.Satisfaction)
		if err == nil {
			stop = each(r)
		}
		return cmp.Or(err, stop)
	}, `SELECT id, customer_id, type, label_subtype, resolution, satisfaction FROM cases
		WHERE effective_at >= $1 AND resolution <> '' AND satisfaction IS NOT NULL ORDER BY effective_at DESC, seq DESC`, instant(since))
	if stop != nil {
		return stop
	}
	return db.fail("read solved cases", err)
}
