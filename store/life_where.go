package store

import (
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// work reads the part of the filter that is about the work on cases. The order
// by priority, and what only open cases can be, ask for open cases.
func (w *where) work(f triage.QueueFilter, o order) error {
	mustBeOpen := o.name == byPriority.name || f.Waiting || f.Active || !f.LateAt.IsZero()
	if mustBeOpen && f.Open != nil && !*f.Open {
		return triage.FieldErrorf("open", "is false, but the order by priority, active, waiting and late are of open cases")
	}
	switch {
	case o.name == byPriority.name:
		w.conditions = append(w.conditions, "c.open")
	case mustBeOpen || f.Open != nil: // in words that the other indexes cover
		w.conditions = append(w.conditions, statusIn(mustBeOpen || *f.Open, f.Active))
	}
	if f.Owner != "" {
		w.add("c.owner =", f.Owner)
		w.conditions = append(w.conditions, "c.owner <> ''")
	}
	if f.Department != "" {
		w.add("c.department =", f.Department)
	}
	if f.Waiting {
		w.conditions = append(w.conditions, "c.open", "c.waiting_since <> "+never)
	}
	if f.Active {
		w.conditions = append(w.conditions, "c.status <> 'received'", "c.waiting_since = "+never)
	}
	if !f.LateAt.IsZero() {
		w.conditions = append(w.conditions, "c.open", "c.due_at <> "+never)
		w.add("c.due_at <", instant(f.LateAt))
	}
	w.scope(f.Scope)
	return nil
}

// statusIn asks for the statuses that are open, or for the others; active leaves
// out the one in which nobody has answered yet.
func statusIn(open, active bool) string {
	var list []string
	for _, s := range triage.Statuses {
		if s.Open() == open && (!active || s != triage.StatusReceived) {
			list = append(list, "'"+string(s)+"'")
		}
	}
	return "c.status IN (" + strings.Join(list, ", ") + ")"
}
