package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
)

// Case returns one case, or CodeNotFound.
func (db *DB) Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error) {
	row := db.read.QueryRowContext(ctx, `SELECT `+caseColumns+` FROM cases c WHERE c.id = $1`, string(id))
	c, _, err := scanCase(row)
	return c, db.fail("read a case", notFound(err, "there is no case %s", id))
}

// Cases returns those of the ids that exist, in the order asked; an id asked
// twice comes twice.
func (db *DB) Cases(ctx context.Context, ids []triage.ComplaintID) ([]triage.Case, error) {
	found := make(map[triage.ComplaintID]triage.Case, len(ids))
	err := each(ctx, db.read, `SELECT `+caseColumns+` FROM cases c WHERE c.id IN`, ids, func(rows *sql.Rows) error {
		c, _, err := scanCase(rows)
		found[c.ID] = c
		return err
	})
	if err != nil {
		return nil, db.fail("read cases", err)
	}
	cases := make([]triage.Case, 0, len(found))
	for _, id := range ids {
		if c, ok := found[id]; ok {
			cases = append(cases, c)
		}
	}
	return cases, nil
}

// Recent returns the customer's cases with q.Since <= time < q.Before, latest
// first, at most q.Limit. The time of a case whose complaint has none is that
// of its receipt. An empty customer has no cases.
func (db *DB) Recent(ctx context.Context, q triage.RecentQuery) ([]triage.Case, error) {
	if q.Customer == "" {
		return nil, nil
	}
	cases, _, err := db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c
		WHERE c.customer_id = $1 AND c.effective_at >= $2 AND c.effective_at < $3
		ORDER BY c.effective_at DESC, c.seq DESC LIMIT $4`,
		string(q.Customer), instant(q.Since), instant(q.Before), max(q.Limit, 0))
	return cases, db.fail("read a customer's recent cases", err)
}

// KnownCustomers returns those of the customers who have a case.
func (db *DB) KnownCustomers(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]bool, error) {
	known := make(map[triage.CustomerID]bool)
	err := each(ctx, db.read, `SELECT DISTINCT customer_id FROM cases WHERE customer_id IN`, ids, func(rows *sql.Rows) error {
		var id triage.CustomerID
		err := rows.Scan(&id)
		known[id] = true
		return err
	})
	return known, db.fail("look for customers with cases", err)
}

// Changed returns cases with change > after, in order of change, at most
// limit, and the change number of the last one; after itself when there is
// none. Cases that are committed later have higher numbers, so nothing is
// missed by continuing from last.
func (db *DB) Changed(ctx context.Context, after int64, limit int) (cases []triage.Case, last int64, err error) {
	cases, last, err = db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c
		WHERE c.change > $1 ORDER BY c.change LIMIT $2`, after, max(limit, 0))
	return cases, max(last, after), db.fail("read changed cases", err)
}

// LastChange returns the highest change number, 0 for an empty store.
func (db *DB) LastChange(ctx context.Context) (int64, error) {
	var last int64
	err := db.read.QueryRowContext(ctx, `SELECT change FROM counters WHERE id = 1`).Scan(&last)
	return last, db.fail("read the last change", err)
}

// listCases also returns the change number of the last case, 0 without one.
func (db *DB) listCases(ctx context.Context, query string, args ...any) (cases []triage.Case, last int64, err error) {
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		c, change, err := scanCase(rows)
		if err != nil {
			return err
		}
		cases, last = append(cases, c), change
		return nil
	}, query, args...)
	return cases, last, err
}
