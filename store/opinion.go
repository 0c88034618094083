package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
)

// auditOpinion is the entry about a second opinion that changed what is shown of
// a case.
const auditOpinion = "opinion"

// doubtfulRead is how many cases are looked through for each one wanted: the
// confidence is not a column.
const doubtfulRead = 20

// Doubtful returns at most limit open cases with a confidence below that ask for
// review, that no person has labelled and on which the model has given no
// opinion, the latest first. It looks through the latest doubtfulRead times
// limit of those that ask for review.
func (db *DB) Doubtful(ctx context.Context, model string, below float64, limit int) ([]triage.Case, error) {
	all, _, err := db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c`+db.dialect.drivenBy("cases_review")+`
		WHERE c.needs_review AND c.open AND c.label_type = ''
		AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.case_id = c.id AND o.model = $1)
		ORDER BY c.seq DESC LIMIT $2`, clean(model), max(limit, 0)*doubtfulRead)
	if err != nil {
		return nil, db.fail("look for cases in doubt", err)
	}
	var cases []triage.Case
	for _, c := range all {
		if c.Assessment.Confidence < below && len(cases) < limit {
			cases = append(cases, c)
		}
	}
	return cases, nil
}

// PutOpinion stores an opinion and, unless it is nil, the assessment that
// follows from it. CodeConflict is a case that a person has labelled, or whose
// work has changed since o.Seen. The same opinion again changes nothing.
func (db *DB) PutOpinion(ctx context.Context, o cascade.Opinion, assessed *triage.Assessment) error {
	return db.fail("store an opinion", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		// The lock first: a person's label must not come between look and change.
		if _, err := lockCounters(ctx, tx); err != nil {
			return err
		}
		var label string
		var version int64
		err := tx.QueryRowContext(ctx, `SELECT label_type, version FROM cases WHERE id = $1`, string(o.Case)).Scan(&label, &version)
		switch {
		case err != nil:
			return notFound(err, "there is no case %s", o.Case)
		case label != "":
			return triage.Errorf(triage.CodeConflict, "case %s has its type from a person", o.Case)
		case version != o.Seen: // its words may have been erased: they must not come back
			return triage.Errorf(triage.CodeConflict, "case %s has been changed since it was asked about", o.Case)
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO opinions (case_id, model, at, ours, type, subtype, verdict, calls, tokens, cost, applied)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
			string(o.Case), clean(o.Model), instant(o.At), clean(o.Ours), clean(o.Type), clean(o.Subtype), string(o.Verdict),
			o.Calls, o.Tokens, o.Cost, o.Applied)
		if err != nil || assessed == nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return reassess(ctx, tx, o, *assessed)
	}))
}

// reassess replaces the assessment of a case that no person has labelled. While
// nobody has taken the case, its department follows the type.
func reassess(ctx context.Context, tx *sql.Tx, o cascade.Opinion, a triage.Assessment) error {
	assessment, err := encodeAssessment(a)
	if err != nil {
		return triage.FieldErrorf("assessment", "of case %s cannot be stored: %v", o.Case, err)
	}
	err = decide(ctx, tx, o.Case, func(s *state) (string, []any, error) {
		s.typ = clean(a.Type)
		if o.Applied && s.owner == "" && s.status == triage.StatusReceived {
			s.department = clean(a.Department)
		}
		return `, assessment = $6, resolve_by = $7, department = $8`, []any{assessment, resolveBy(a.SLA), s.department}, nil
	})
	if err != nil {
		return err
	}
	return appendAudit(ctx, tx, triage.AuditEntry{
		At: o.At, Actor: auditSystem, Action: auditOpinion, Object: auditObject(o.Case),
		Detail: auditDetail(map[string]string{"model": o.Model, "ours": o.Ours, "type": o.Type, "verdict": string(o.Verdict)}),
	})
}

// OpinionCounts counts the opinions of a model; of those on cases that people
// have labelled since, how often each side was right.
func (db *DB) OpinionCounts(ctx context.Context, model string) (cascade.Counts, error) {
	n := cascade.Counts{Verdicts: map[cascade.Verdict]int{}}
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var verdict cascade.Verdict
		var count, applied, calls, tokens, decided, right, ours, won, lost int
		var cost float64
		err := rows.Scan(&verdict, &count, &applied, &calls, &tokens, &cost, &decided, &right, &ours, &won, &lost)
		n.Verdicts[verdict] += count
		n.Applied, n.Calls, n.Tokens, n.Cost = n.Applied+applied, n.Calls+calls, n.Tokens+tokens, n.Cost+cost
		n.Decided, n.Right, n.OursRight = n.Decided+decided, n.Right+right, n.OursRight+ours
		n.Won, n.Lost = n.Won+won, n.Lost+lost
		return err
	}, `SELECT o.verdict, COUNT(*), SUM(CASE WHEN o.applied THEN 1 ELSE 0 END), CAST(SUM(o.calls) AS BIGINT), CAST(SUM(o.tokens) AS BIGINT), SUM(o.cost),
			SUM(CASE WHEN o.type <> '' AND c.label_type <> '' THEN 1 ELSE 0 END),
			SUM(CASE WHEN o.type <> '' AND c.label_type = o.type THEN 1 ELSE 0 END),
			SUM(CASE WHEN o.type <> '' AND c.label_type <> '' AND c.label_type = o.ours THEN 1 ELSE 0 END),
			SUM(CASE WHEN o.type <> '' AND c.label_type = o.type AND o.type <> o.ours THEN 1 ELSE 0 END),
			SUM(CASE WHEN o.type <> '' AND c.label_type <> '' AND c.label_type = o.ours AND o.type <> o.ours THEN 1 ELSE 0 END)
		FROM opinions o JOIN cases c ON c.id = o.case_id WHERE o.model = $1 GROUP BY o.verdict`, clean(model))
	return n, db.fail("count opinions", err)
}
