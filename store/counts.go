package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// The facets whose values are counted.
const (
	facetType = iota
	facetStatus
	facetChannel
	facetProduct
	facetUrgency
	facetReview
	facetCount
)

var facetNames = [facetCount]string{"type", "status", "channel", "product", "urgency", "needs_review"}

func facetsOf(typ, status, channel, product string, rank int64, review bool) [facetCount]string {
	return [facetCount]string{typ, status, channel, product, strconv.FormatInt(rank, 10), strconv.FormatBool(review)}
}

// tally collects the changes that a transaction makes to case_counts, so that
// lists know their size without counting rows.
type tally map[[2]string]int

func (t tally) add(facets [facetCount]string, n int) {
	for i, value := range facets {
		t[[2]string{facetNames[i], value}] += n
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
	}, `SELECT value, n FROM case_counts WHERE facet = $1 AND n > 0`, facetNames[facetStatus])
	return counts, db.fail("count cases by status", err)
}

// facetSizes returns how many cases each of the wanted facet values has, in
// the same order.
func (db *DB) facetSizes(ctx context.Context, wanted [][2]string) ([]int, error) {
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
		var key [2]string
		var n int
		if err := rows.Scan(&key[0], &key[1], &n); err != nil {
			return err
		}
		sizes[slices.Index(wanted, key)] = n
		return nil
	}, query, args...)
	return sizes, err
}
