package store

import (
	"context"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// fewRows is a set small enough to fetch and sort as a whole; its index
	// does not cover the other filters.
	fewRows = 5000
	// countRows is how far a covering index is counted through.
	countRows = 50000
)

// plan is how a list is read: through which index, and how many rows that
// index offers at most.
type plan struct {
	index string
	rows  int
	// exact is set when rows is the size of the list itself.
	exact bool
	// covers is set when the index holds every filter column.
	covers bool
}

// plan picks the index by the known sizes, because SQLite without statistics
// takes an equality on three values to be as selective as one on thousands.
func (db *DB) plan(ctx context.Context, f triage.QueueFilter, o order, w where) (plan, error) {
	if f.CustomerID != "" {
		return plan{index: "cases_customer", rows: fewRows}, nil
	}
	if len(w.facets) == 0 {
		total, err := db.countAll(ctx)
		return plan{index: "cases_" + o.index, rows: total, exact: len(w.conditions) == 0, covers: true}, err
	}
	sizes, err := db.facetSizes(ctx, w.facets)
	if err != nil {
		return plan{}, err
	}
	best := plan{index: "cases_" + o.index, rows: sizes[0], covers: true}
	for i, facet := range w.facets {
		name, size := facet[0], sizes[i]
		switch {
		case name == facetNames[facetStatus] && best.covers:
			best = plan{index: "cases_status_" + o.index, rows: size, covers: true}
		case (name == facetNames[facetType] || name == facetNames[facetProduct]) && size <= fewRows && (best.covers || size < best.rows):
			best = plan{index: "cases_" + name, rows: size}
		}
	}
	best.exact = len(w.conditions) == 1
	return best, nil
}

func (db *DB) countAll(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM case_counts WHERE facet = $1`,
		facetNames[facetStatus]).Scan(&n)
	return n, err
}

// count returns the size of the list, -1 when that would take long.
func (db *DB) count(ctx context.Context, p plan, w where) (int, error) {
	if p.exact {
		return p.rows, nil
	}
	if p.rows > fewRows && (!p.covers || p.rows > countRows) {
		return -1, nil
	}
	var n int
	err := db.read.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM cases c%s%s LIMIT %d) counted`,
		db.dialect.drivenBy(p.index), w, countRows+1), w.args...).Scan(&n)
	if n > countRows {
		n = -1
	}
	return n, err
}
