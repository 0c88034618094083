package store

import (
	"context"
	"fmt"
	"time"

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
	if o.name == byPriority.name {
		return db.planOpen(ctx, f, w)
	}
	switch {
	case f.Waiting:
		return plan{index: "cases_waiting", rows: fewRows}, nil
	case f.Owner != "":
		return plan{index: "cases_owner", rows: fewRows}, nil
	case f.Department != "" && o.name == newest.name:
		return plan{index: "cases_department", rows: fewRows}, nil
	}
	best, err := db.planAny(ctx, o, w)
	if f.Department != "" || f.Active || !f.LateAt.IsZero() || !f.Scope.Everything() {
		best.covers = false // these columns are in the indexes of open cases
	}
	return best, err
}

// planAny picks among the indexes of all cases.
func (db *DB) planAny(ctx context.Context, o order, w where) (plan, error) {
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
		case name == facetStatus && best.covers:
			best = plan{index: "cases_status_" + o.index, rows: size, covers: true}
		case (name == facetType || name == facetProduct) && size <= fewRows && (best.covers || size < best.rows):
			best = plan{index: "cases_" + name, rows: size}
		}
	}
	best.exact = len(w.conditions) == 1
	return best, nil
}

// planOpen picks among the indexes of open cases.
func (db *DB) planOpen(ctx context.Context, f triage.QueueFilter, w where) (plan, error) {
	wanted := append([]facet{{facetOpen, "true"}, {facetOwner, f.Owner}, {facetDepartment, f.Department}}, w.facets...)
	sizes, err := db.facetSizes(ctx, wanted)
	if err != nil {
		return plan{}, err
	}
	best, plain := plan{index: "cases_priority", rows: sizes[0], covers: true}, 1
	switch {
	case f.Waiting:
		return plan{index: "cases_waiting", rows: fewRows}, nil
	case f.Owner != "":
		best, plain = plan{index: "cases_owner_priority", rows: sizes[1], covers: true}, 3
	case f.Department != "":
		best, plain = plan{index: "cases_department_priority", rows: sizes[2], covers: true}, 2
	}
	best.exact = len(w.conditions) == plain
	if best.exact || f.LateAt.IsZero() {
		return best, nil
	}
	late, err := db.countLate(ctx, f.LateAt)
	if err == nil && late < min(fewRows, best.rows) {
		best = plan{index: "cases_due", rows: late}
	}
	return best, err
}

// countLate counts the open cases whose step was due before a time, to fewRows
// at most.
func (db *DB) countLate(ctx context.Context, at time.Time) (n int, err error) {
	err = db.read.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM cases c%s
		WHERE c.open AND c.due_at <> %s AND c.due_at < $1 LIMIT %d) counted`, db.dialect.drivenBy("cases_due"), never, fewRows),
		instant(at)).Scan(&n)
	return n, err
}

func (db *DB) countAll(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM case_counts WHERE facet = $1`,
		facetStatus).Scan(&n)
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
