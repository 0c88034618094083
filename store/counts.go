package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// The names of the facets whose values are counted. Those of the work count
// open cases alone.
const (
	facetType       = "type"
	facetStatus     = "status"
	facetChannel    = "channel"
	facetProduct    = "product"
	facetUrgency    = "urgency"
	facetReview     = "needs_review"
	facetOpen       = "open"
	facetOwner      = "owner"
	facetDepartment = "department"
)

// facet is one value that is counted: name and value.
type facet [2]string

// tally collects the changes that a transaction makes to case_counts, so that
// lists know their size without counting rows.
type tally map[facet]int

func (t tally) add(facets []facet, n int) {
	for _, f := range facets {
		t[f] += n
	}
}

// store writes the changes; the caller holds the lock of counters.
func (t tally) store(ctx context.Context, tx *sql.Tx) error {
	rows := make([][]any, 0, len(t))
	for key, n := range t {
		if n != 0 {
			rows = append(rows, []any{key[0], key[1], n})
		}
	}
	_, err := insertRows(ctx, tx, `INSERT INTO case_counts (facet, value, n)`, rows,
		`ON CONFLICT (facet, value) DO UPDATE SET n = case_counts.n + excluded.n`)
	return err
}

// CountByStatus returns how many cases each status has; a status without cases
// has no entry. Its cost does not grow with the number of cases.
func (db *DB) CountByStatus(ctx context.Context) (map[triage.Status]int, error) {
	counts := make(map[triage.Status]int)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var status triage.Status
		var n int
		if err := rows.Scan(&status, &n); err != nil {
			return err
		}
		counts[status] = n
		return nil
	}, `SELECT value, n FROM case_counts WHERE facet = $1 AND n > 0`, facetStatus)
	return counts, db.fail("count cases by status", err)
}

// facetSizes returns how many cases each of the wanted facet values has, in
// the same order.
func (db *DB) facetSizes(ctx context.Context, wanted []facet) ([]int, error) {
	sizes := make([]int, len(wanted))
	if len(wanted) == 0 {
		return sizes, nil
	}
	var either []string
	var args []any
	for _, w := range wanted {
		either = append(either, "(facet, value) = "+placeholders(len(args)+1, 2))
		args = append(args, w[0], w[1])
	}
	query := `SELECT facet, value, n FROM case_counts WHERE ` + strings.Join(either, " OR ")
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var key facet
		var n int
		if err := rows.Scan(&key[0], &key[1], &n); err != nil {
			return err
		}
		sizes[slices.Index(wanted, key)] = n
		return nil
	}, query, args...)
	return sizes, err
}
