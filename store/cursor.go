package store

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// order is one way to sort the queue. Its keys end in seq, so no two rows are
// equal and a cursor marks exactly one place.
type order struct {
	name string
	// index is the end of the names of the indexes in this order.
	index   string
	columns string
	by      string
	beyond  string
	keys    func(c *triage.Case) []int64
}

var newest = order{
	name:    "newest",
	index:   "newest",
	columns: "(c.effective_at, c.seq)",
	by:      "c.effective_at DESC, c.seq DESC",
	beyond:  "<",
	keys: func(c *triage.Case) []int64 {
		return []int64{effectiveAt(c).UnixMilli(), c.Seq}
	},
}

var mostUrgent = order{
	name:    "urgency",
	index:   "urgent",
	columns: "(c.urgency_rank, c.resolve_by, c.seq)",
	by:      "c.urgency_rank, c.resolve_by, c.seq",
	beyond:  ">",
	keys: func(c *triage.Case) []int64 {
		return []int64{urgencyRank(c.Assessment.Urgency.Level), resolveBy(c.Assessment.SLA), c.Seq}
	},
}

var byPriority = order{
	name:    "priority",
	index:   "priority",
	columns: "(c.priority_at, c.seq)",
	by:      "c.priority_at, c.seq",
	beyond:  ">",
	keys: func(c *triage.Case) []int64 {
		return []int64{c.Work.PriorityAt.UnixMilli(), c.Seq}
	},
}

func orderOf(sort string) (order, error) {
	switch sort {
	case "", newest.name:
		return newest, nil
	case mostUrgent.name:
		return mostUrgent, nil
	case byPriority.name:
		return byPriority, nil
	default:
		return order{}, triage.FieldErrorf("sort", "%.40q is unknown; use newest, urgency or priority", sort)
	}
}

// cursor writes the place behind a case.
func (o order) cursor(c *triage.Case) string {
	b := []byte(o.name)
	for _, k := range o.keys(c) {
		b = append(b, ' ')
		b = strconv.AppendInt(b, k, 10)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// parse reads a cursor of this order.
func (o order) parse(cursor string) ([]int64, error) {
	bad := triage.FieldErrorf("cursor", "is not one of ours, or of another sort; start again from the first page")
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, bad
	}
	parts := strings.Split(string(b), " ")
	if parts[0] != o.name || len(parts) != 1+strings.Count(o.columns, "c.") {
		return nil, bad
	}
	keys := make([]int64, 0, len(parts)-1)
	for _, p := range parts[1:] {
		k, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return nil, bad
		}
		keys = append(keys, k)
	}
	return keys, nil
}
