package customer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
)

func TestTaskFromPlanToEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrol(t, triage.Customer{ID: "k"}, triage.Customer{ID: "k2"})
	_, err := w.Merge(t.Context(), customer.Merge{From: "k2", Into: "k", Reason: "同一人", By: "li"})
	check(t, err)
	task, err := w.AddTask(t.Context(), customer.Task{Kind: customer.TaskContact, Customer: "k2", Owner: "li", Title: "节日问候", CreatedBy: "boss"})
	check(t, err)
	if task.Customer != "k" || !task.DueAt.Equal(w.now.AddDate(0, 0, 2)) {
		t.Errorf("task %+v", task)
	}
	check(t, w.PlanTask(t.Context(), task.ID, 1, "周五致电", "li"))
	planned := w.now
	w.now = w.now.Add(time.Hour)
	wantCode(t, w.PlanTask(t.Context(), task.ID, 1, "周六致电", "wang"), triage.CodeConflict) // read before the plan
	check(t, w.PlanTask(t.Context(), task.ID, 2, "周四致电", "li"))
	check(t, w.ReassignTask(t.Context(), task.ID, 3, "wang", "客服部", "boss"))
	wantCode(t, w.CompleteTask(t.Context(), task.ID, 4, "", "wang"), triage.CodeInvalid)
	check(t, w.CompleteTask(t.Context(), task.ID, 4, "客户很高兴", "wang"))
	wantCode(t, w.CompleteTask(t.Context(), task.ID, 5, "又一次", "wang"), triage.CodeConflict)
	wantCode(t, w.ReassignTask(t.Context(), task.ID, 5, "", " ", "boss"), triage.CodeInvalid)
	wantCode(t, w.PlanTask(t.Context(), 99, 1, "x", "li"), triage.CodeNotFound)
	got, err := w.Task(t.Context(), task.ID)
	check(t, err)
	if got.Plan != "周四致电" || !got.PlannedAt.Equal(planned) || got.Owner != "wang" || got.Department != "客服部" || got.Open() || got.Overdue(w.now.AddDate(1, 0, 0)) {
		t.Errorf("task %+v", got)
	}
	want := []string{"boss task.open", "li task.plan", "li task.plan", "boss task.assign", "wang task.done"}
	if diff := cmp.Diff(want, w.actions(t, customer.TaskObject(task.ID))); diff != "" {
		t.Errorf("trail (-want +got)\n%s", diff)
	}
}

func TestTaskByHandNeedsItsFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for field, task := range map[string]customer.Task{
		"kind": {Title: "x", Owner: "li"}, "title": {Kind: customer.TaskContact, Owner: "li"}, "owner": {Kind: customer.TaskContact, Title: "x"},
	} {
		if _, err := w.AddTask(t.Context(), task); fieldOf(err) != field {
			t.Errorf("got %v, want field %s", err, field)
		}
	}
	_, err := w.AddTask(t.Context(), customer.Task{Kind: customer.TaskContact, Title: strings.Repeat("长", 4001), Owner: "li"})
	wantCode(t, err, triage.CodeTooLarge)
}

func TestTaskIsOverdue(t *testing.T) {
	t.Parallel()
	now := day(time.May, 11)
	for name, test := range map[string]struct {
		task customer.Task
		want bool
	}{
		"before both":        {customer.Task{DueAt: now.Add(time.Hour), PlanDueAt: now.Add(time.Minute)}, false},
		"without a plan":     {customer.Task{DueAt: now.Add(time.Hour), PlanDueAt: now.Add(-time.Minute)}, true},
		"with a plan":        {customer.Task{DueAt: now.Add(time.Hour), PlanDueAt: now.Add(-time.Minute), PlannedAt: now.Add(-time.Hour)}, false},
		"no plan wanted":     {customer.Task{DueAt: now.Add(time.Hour)}, false},
		"after its time":     {customer.Task{DueAt: now.Add(-time.Hour), PlannedAt: now}, true},
		"done, though late":  {customer.Task{DueAt: now.Add(-time.Hour), DoneAt: now}, false},
		"at the very moment": {customer.Task{DueAt: now}, false},
	} {
		if got := test.task.Overdue(now); got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

func TestCallBackOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(t, kase("c", "k", day(time.May, 1)))
	first, err := w.CallBack(t.Context(), "c", "")
	check(t, err)
	again, err := w.CallBack(t.Context(), "c", "li")
	check(t, err)
	if first.ID == 0 || again.ID != 0 || first.Owner != "lead" {
		t.Errorf("first %+v, again %+v", first, again)
	}
	_, err = w.CallBack(t.Context(), "nobody", "li")
	wantCode(t, err, triage.CodeNotFound)
}

func TestCallBackAfterEachClosing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(t, kase("c", "k", day(time.May, 1)))
	ends := func(at time.Time) {
		check(t, w.db.Close(t.Context(), triage.Closing{Complaint: "c", Resolution: "已修复", By: "li", At: at}))
	}
	ends(day(time.May, 2))
	first, err := w.CallBack(t.Context(), "c", "")
	check(t, err)
	check(t, w.CompleteTask(t.Context(), first.ID, first.Version, "已回访", "li"))
	again, err := w.CallBack(t.Context(), "c", "")
	check(t, err)
	c, err := w.db.Case(t.Context(), "c")
	check(t, err)
	c.Status, c.ClosedAt = triage.StatusAcknowledged, time.Time{}
	check(t, w.db.Advance(t.Context(), life.Change{Case: c, Step: life.Step{Case: "c", By: "li"}}))
	ends(day(time.May, 9))
	second, err := w.CallBack(t.Context(), "c", "")
	check(t, err)
	if again.ID != 0 || second.ID == 0 {
		t.Errorf("got tasks %d for the same closing and %d for the next, want none and one", again.ID, second.ID)
	}
}
