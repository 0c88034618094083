package store

import (
	"strconv"
	"strings"
)

// where grows conditions and their arguments side by side.
type where struct {
	conditions []string
	args       []any
	// facets are the counted values among the conditions.
	facets []facet
}

func (w *where) add(condition string, arg any) {
	w.args = append(w.args, arg)
	w.conditions = append(w.conditions, condition+" $"+strconv.Itoa(len(w.args)))
}

// anyOf asks for one of the values; no values do not filter.
func anyOf[T ~string](w *where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	w.conditions = append(w.conditions, column+" IN "+placeholders(len(w.args)+1, len(values)))
	for _, v := range values {
		w.args = append(w.args, string(v))
	}
}

func (w where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// limited is the clause for at most n rows, "" for n <= 0.
func limited(n int) string {
	if n <= 0 {
		return ""
	}
	return " LIMIT " + strconv.Itoa(n)
}
