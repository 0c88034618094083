package customer_test

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

func TestHeardOpensOneTaskAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := kase("c", "k", day(time.May, 1))
	c.Status, c.Work.Owner = triage.StatusWithdrawn, "li"
	w.accept(t, c)
	open := func() []customer.Task {
		rows, err := w.Tasks(t.Context(), customer.TaskFilter{Case: "c"}, customer.Page{})
		check(t, err)
		return rows.Rows
	}
	for _, key := range []string{"m1", "m1", "m2"} {
		check(t, w.Heard(t.Context(), &c, key))
	}
	tasks := open()
	if len(tasks) != 1 || tasks[0].Owner != "li" || tasks[0].Customer != "k" {
		t.Fatalf("tasks %+v, want one of li", tasks)
	}
	check(t, w.CompleteTask(t.Context(), tasks[0].ID, tasks[0].Version, "已联系", "li"))
	check(t, w.Heard(t.Context(), &c, "m1"))
	if again := open(); len(again) != 0 {
		t.Errorf("the same message opened %+v after the task was done", again)
	}
	check(t, w.Heard(t.Context(), &c, "m3"))
	if next := open(); len(next) != 1 {
		t.Errorf("a later message opened %+v, want one task", next)
	}
}

func TestSameCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrol(t, triage.Customer{ID: "k1"}, triage.Customer{ID: "k2"}, triage.Customer{ID: "k3"})
	_, err := w.Merge(t.Context(), customer.Merge{From: "k2", Into: "k1", Reason: "同一人", By: "li"})
	check(t, err)
	of := func(id triage.ComplaintID, who triage.CustomerID, attrs map[string]any) triage.Case {
		return triage.Case{Complaint: triage.Complaint{ID: id, CustomerID: who, Attrs: attrs}}
	}
	for name, test := range map[string]struct {
		a, b triage.Case
		want bool
	}{
		"itself":              {of("c", "", nil), of("c", "", nil), true},
		"one record":          {of("a", "k9", nil), of("b", "k9", nil), true},
		"one person":          {of("a", "k1", nil), of("b", "k2", nil), true},
		"two persons":         {of("a", "k1", nil), of("b", "k3", nil), false},
		"nobody known":        {of("a", "", nil), of("b", "", nil), false},
		"only one known":      {of("a", "k1", nil), of("b", "", nil), false},
		"one phone":           {of("a", "", map[string]any{"phone": "+86 138-0013-8000"}), of("b", "", map[string]any{"phone": "13800138000"}), true},
		"one address":         {of("a", "", map[string]any{"email": "W@example.com"}), of("b", "k1", map[string]any{"email": "w@example.com"}), true},
		"two phones, no name": {of("a", "", map[string]any{"phone": "13800138000"}), of("b", "", map[string]any{"phone": "13800138001"}), false},
	} {
		got, err := w.Same(t.Context(), &test.a, &test.b)
		check(t, err)
		if got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}
