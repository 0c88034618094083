package customer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// A process that dies right after it stored something leaves it to the job.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrol(t, triage.Customer{ID: "k1", Phone: "13800138000"}, triage.Customer{ID: "k2", Phone: "13800138000"})
	doubtful := kase("doubtful", "", day(time.May, 1))
	doubtful.Attrs = map[string]any{"phone": "13800138000"}
	// History was not closed here, and somebody is known to be nobody of ours.
	w.accept(t, kase("low", "k1", day(time.May, 1)), doubtful, kase("unknown", "", day(time.May, 1)), kase("history", "k1", day(time.May, 1), 10))
	check(t, w.db.Close(t.Context(), triage.Closing{Complaint: "low", Resolution: "已修复", Satisfaction: new(40.0), By: "li", At: day(time.May, 9)}))
	opened := func() map[triage.ComplaintID]customer.TaskKind {
		rows, err := w.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
		check(t, err)
		got := map[triage.ComplaintID]customer.TaskKind{}
		for _, task := range rows.Rows {
			got[task.Case] = task.Kind
		}
		return got
	}
	_, err := w.CatchUp(t.Context())
	check(t, err)
	want := map[triage.ComplaintID]customer.TaskKind{"low": customer.TaskLowScore, "doubtful": customer.TaskMatch}
	if diff := cmp.Diff(want, opened()); diff != "" {
		t.Fatalf("tasks (-want +got)\n%s", diff)
	}
	rows, err := w.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
	check(t, err)
	for _, task := range rows.Rows {
		check(t, w.CompleteTask(t.Context(), task.ID, task.Version, "已处理", "li"))
	}
	seen, err := w.CatchUp(t.Context())
	check(t, err)
	if again := opened(); seen != 0 || len(again) != 0 {
		t.Errorf("a second run looked at %d and opened %v", seen, again)
	}
}

// What was followed at once is not followed again by the job, nor is the score
// of a survey, which has its own.
func TestCatchUpRepeatsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accept(t, kase("c", "k", day(time.May, 1)))
	check(t, w.db.Close(t.Context(), triage.Closing{Complaint: "c", Resolution: "已修复", Satisfaction: new(40.0), By: "li", At: day(time.May, 9)}))
	check(t, w.Scored(t.Context(), customer.Score{Case: "c", Customer: "k", Score: 40, At: day(time.May, 9), By: "li"}))
	check(t, w.CompleteTask(t.Context(), 1, 1, "已处理", "li"))
	_, err := w.CatchUp(t.Context())
	check(t, err)
	n, err := w.CountTasks(t.Context(), customer.TaskFilter{})
	check(t, err)
	if n != 0 {
		t.Errorf("the job opened %d tasks for a score that was followed", n)
	}
}
