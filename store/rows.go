package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rowQuerier is a pool or a transaction that is asked for one row.
type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// statementValues bounds the values of one INSERT. SQLite looks numbered
// parameters up one by one in a list, so that the cost grows with the square
// of their number; few rows in a statement that is prepared once are fastest.
const statementValues = 64

// listIDs bounds the ids of one IN list.
const listIDs = 128

// insertRows runs "head VALUES (…),(…) tail" over all rows, which are equally
// long, and returns how many the database counted.
func insertRows(ctx context.Context, tx *sql.Tx, head string, rows [][]any, tail string) (total int, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	columns := len(rows[0])
	portion := max(1, statementValues/columns)
	whole := len(rows) / portion * portion
	for _, part := range []struct {
		rows    [][]any
		portion int
	}{{rows[:whole], portion}, {rows[whole:], len(rows) - whole}} {
		if len(part.rows) == 0 {
			continue
		}
		n, err := insertPortions(ctx, tx, insertStatement(head, columns, part.portion, tail), part.rows, part.portion)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func insertStatement(head string, columns, rows int, tail string) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString(" VALUES ")
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(placeholders(i*columns+1, columns))
	}
	b.WriteByte(' ')
	b.WriteString(tail)
	return b.String()
}

// insertPortions runs one statement for each portion of the rows.
func insertPortions(ctx context.Context, tx *sql.Tx, statement string, rows [][]any, portion int) (total int, err error) {
	prepared, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return 0, err
	}
	defer prepared.Close()
	for part := range slices.Chunk(rows, portion) {
		res, err := prepared.ExecContext(ctx, slices.Concat(part...)...)
		if err != nil {
			return total, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return total, err
		}
		total += int(n)
	}
	return total, nil
}

// placeholders returns "($first,…)" for n values.
func placeholders(first, n int) string {
	b := make([]byte, 0, 5*n+2)
	for i := range n {
		b = append(b, ',', '$')
		b = strconv.AppendInt(b, int64(first+i), 10)
	}
	if n == 0 {
		return "()"
	}
	b[0] = '('
	return string(append(b, ')'))
}

// each runs a query that ends in "IN" for all ids, in portions, and calls scan
// for every row.
func each[T ~string](ctx context.Context, q querier, query string, ids []T, scan func(*sql.Rows) error) error {
	for len(ids) > 0 {
		n := min(len(ids), listIDs)
		args := make([]any, n)
		for i, id := range ids[:n] {
			args[i] = string(id)
		}
		if err := collect(ctx, q, scan, query+" "+placeholders(1, n), args...); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// collect calls scan for every row of a query.
func collect(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// touched returns missing when a statement changed no row; missing may be nil.
func touched(res sql.Result, err error, missing *triage.Error) error {
	if err != nil || missing == nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return missing
	}
	return err
}

// updateStatement sets the columns of the row whose id and version are the last
// two values.
func updateStatement(table string, columns []string) string {
	var w where
	for _, c := range columns {
		w.add(c+" =", nil)
	}
	n := len(columns)
	return "UPDATE " + table + " SET " + strings.Join(w.conditions, ", ") +
		" WHERE id = $" + strconv.Itoa(n+1) + " AND version = $" + strconv.Itoa(n+2)
}
