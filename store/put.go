package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// item is a row that is inserted or replaced by its id, the first column.
type item struct {
	id     string
	values []any
}

// put stores items in transactions of groupRows and returns how many ids were
// new; when it fails, what earlier transactions stored stays. Two processes
// that put the same new id at once may both count it.
func (db *DB) put(ctx context.Context, table string, columns []string, items []item) (added int, err error) {
	for part := range slices.Chunk(items, groupRows) {
		var n int
		err := db.writer.submit(ctx, len(part), func(ctx context.Context, tx *sql.Tx) (err error) {
			n, err = putPart(ctx, tx, table, columns, part)
			return err
		})
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

func putPart(ctx context.Context, tx *sql.Tx, table string, columns []string, part []item) (int, error) {
	at := make(map[string]int, len(part))
	var ids []string
	var rows [][]any
	for _, it := range part {
		// One statement must not name an id twice.
		if i, ok := at[it.id]; ok {
			rows[i] = it.values
			continue
		}
		at[it.id] = len(ids)
		ids, rows = append(ids, it.id), append(rows, it.values)
	}
	known := 0
	err := each(ctx, tx, "SELECT id FROM "+table+" WHERE id IN", ids, func(r *sql.Rows) error {
		known++
		var id string
		return r.Scan(&id)
	})
	if err != nil {
		return 0, err
	}
	_, err = insertRows(ctx, tx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+")", rows,
		replaceByID(columns))
	return len(ids) - known, err
}

// replaceByID is the conflict clause that sets all columns after the id.
func replaceByID(columns []string) string {
	set := make([]string, 0, len(columns)-1)
	for _, c := range columns[1:] {
		set = append(set, c+" = excluded."+c)
	}
	return "ON CONFLICT (id) DO UPDATE SET " + strings.Join(set, ", ")
}
