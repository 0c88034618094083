package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// retier puts the open cases of customers, and of all records of the same
// persons, where the tier that they have now belongs in the order of work.
//
// No version is counted up: nobody who works on such a case has to look at it
// again.
func retier(ctx context.Context, tx *sql.Tx, customers ...triage.CustomerID) error {
	for _, id := range customers {
		cases, err := openCasesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for i := range cases {
			c := &cases[i]
			_, err := tx.ExecContext(ctx, `UPDATE cases SET tier = $1, priority_at = $2 WHERE seq = $3`,
				clean(string(c.Work.Tier)), instant(life.PriorityAt(c)), c.Seq)
			if err != nil {
				return err
			}
			if err := touchFigures(ctx, tx, `c.seq = $1`, c.Seq); err != nil {
				return err
			}
		}
	}
	return nil
}

// openCasesOf returns the open cases of a customer's person that have another
// tier than the person, with the person's.
func openCasesOf(ctx context.Context, tx *sql.Tx, customer triage.CustomerID) ([]triage.Case, error) {
	records := []any{string(customer)}
	var tier triage.Tier
	err := collect(ctx, tx, func(rows *sql.Rows) error {
		var id triage.CustomerID
		err := rows.Scan(&id, &tier)
		records = append(records, string(id))
		return err
	}, `SELECT c.id, `+personTier+fromCustomers+` WHERE c.id IN (SELECT id FROM customers WHERE id = $1
		UNION SELECT person FROM customers WHERE id = $1 AND person <> ''
		UNION SELECT s.id FROM customers s JOIN customers c ON s.person = `+personID+` WHERE s.person <> '' AND c.id = $1)`, string(customer))
	if err != nil {
		return nil, err
	}
	tier = cmp.Or(tier, triage.TierOrdinary)
	var cases []triage.Case
	for part := range slices.Chunk(records, listIDs) {
		err := collect(ctx, tx, func(rows *sql.Rows) error {
			c, _, err := scanCase(rows)
			c.Work.Tier = tier
			cases = append(cases, c)
			return err
		}, `SELECT `+caseColumns+` FROM cases c WHERE c.open AND c.tier <> $1 AND c.customer_id IN `+placeholders(2, len(part)),
			append([]any{clean(string(tier))}, part...)...)
		if err != nil {
			return nil, err
		}
	}
	return cases, nil
}
