package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// CaughtUp returns up to which change number of cases customer care has followed
// and the last one there is.
func (c *Care) CaughtUp(ctx context.Context) (through, last int64, err error) {
	if err := c.db.read.QueryRowContext(ctx, `SELECT through FROM care_mark WHERE id = 1`).Scan(&through); err != nil {
		return 0, 0, c.db.fail("look how far customer care has come", err)
	}
	last, err = c.db.LastChange(ctx)
	return through, last, err
}

// SetCaughtUp stores that customer care has followed up to a change number; it
// never goes back.
func (c *Care) SetCaughtUp(ctx context.Context, through int64) error {
	return c.db.exec(ctx, "note how far customer care has come", nil, `UPDATE care_mark SET through = $1 WHERE id = 1 AND through < $1`, through)
}

// ScoredCases returns the scores with which people closed cases of the changes
// after < change <= to. Scores of surveys, and those of imported history, are
// not among them.
func (c *Care) ScoredCases(ctx context.Context, after, to int64) ([]customer.Score, error) {
	var list []customer.Score
	err := collect(ctx, c.db.read, func(rows *sql.Rows) error {
		var s customer.Score
		err := rows.Scan(&s.Case, &s.Customer, &s.Score, (*instant)(&s.At))
		list = append(list, s)
		return err
	}, `SELECT c.id, c.customer_id, c.satisfaction, c.closed_at FROM cases c
		WHERE c.change > $1 AND c.change <= $2 AND c.status IN ('closed', 'called_back') AND c.satisfaction IS NOT NULL
		AND EXISTS (SELECT 1 FROM case_steps s WHERE s.case_id = c.id AND s.to_status = 'closed')
		AND NOT EXISTS (SELECT 1 FROM surveys v WHERE v.case_id = c.id AND v.closed_at = c.closed_at AND v.state = 'answered')
		ORDER BY c.change`, after, to)
	return list, c.db.fail("look for scores to follow up", err)
}

// UnnamedCases returns the open cases without a customer of the changes after <
// change <= to.
func (c *Care) UnnamedCases(ctx context.Context, after, to int64) ([]triage.Case, error) {
	list, _, err := c.db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c
		WHERE c.change > $1 AND c.change <= $2 AND c.open AND c.customer_id = '' ORDER BY c.change`, after, to)
	return list, c.db.fail("look for cases without a customer", err)
}
