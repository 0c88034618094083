package storetest

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// job is a task of a case, due so many hours after the start.
func job(kind customer.TaskKind, of triage.ComplaintID, hours int) customer.Task {
	return customer.Task{
		Kind: kind, Customer: "k1", Case: of, Owner: "li", Department: "客服部", Title: "跟进", CreatedBy: "system", CreatedAt: start,
		DueAt: start.Add(time.Duration(hours) * time.Hour), Key: fmt.Sprintf("%s:%s:%d", kind, of, hours),
	}
}

// tasks lists the numbers of tasks, page by page.
func tasks(t *testing.T, s Store, f customer.TaskFilter) string {
	t.Helper()
	var got strings.Builder
	for p := (customer.Page{Limit: 1}); ; {
		page, err := s.Care.Tasks(t.Context(), f, p)
		check(t, err)
		for _, k := range page.Rows {
			got.WriteString(strconv.FormatInt(k.ID, 10))
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			break
		}
	}
	n, err := s.Care.CountTasks(t.Context(), f)
	check(t, err)
	equal(t, "count", n, got.Len())
	return got.String()
}

var taskTests = map[string]func(*testing.T, Store){
	"a task comes back as it was opened": func(t *testing.T, s Store) {
		want := job(customer.TaskMatch, "c1", 4)
		want.PlanDueAt, want.Candidates = start.Add(time.Hour), []triage.CustomerID{"k,1", "k2"}
		added, err := s.Care.AddTasks(t.Context(), []customer.Task{want})
		check(t, err)
		want.ID, want.Version = added[0], 1
		got, err := s.Care.Task(t.Context(), added[0])
		check(t, err)
		equal(t, "task", got, want)
		trail, err := s.Trail(t.Context(), customer.TaskObject(want.ID))
		check(t, err)
		equal(t, "entries", len(trail), 1)
		_, err = s.Care.Task(t.Context(), 99)
		code(t, err, triage.CodeNotFound)
	},
	"what nobody may have followed is found by its change": unfollowedChanges,
	"one cause opens one task, however many ask at once": func(t *testing.T, s Store) {
		var opened atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				added, err := s.Care.AddTasks(t.Context(), []customer.Task{job(customer.TaskLowScore, "c1", 4)})
				if err != nil {
					t.Error(err)
				} else if added[0] != 0 {
					opened.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "opened", opened.Load(), int32(1))
	},
	"a case has one open task of a kind, and a done one is not opened again": func(t *testing.T, s Store) {
		added, err := s.Care.AddTasks(t.Context(), []customer.Task{
			job(customer.TaskLowScore, "c1", 1), job(customer.TaskLowScore, "c1", 2), job(customer.TaskCallBack, "c1", 1),
			job(customer.TaskLowScore, "c2", 1), job(customer.TaskContact, "c1", 1), job(customer.TaskContact, "c1", 2),
		})
		check(t, err)
		equal(t, "opened", []bool{added[0] > 0, added[1] > 0, added[2] > 0, added[3] > 0, added[4] > 0, added[5] > 0},
			[]bool{true, false, true, true, true, true})
		k, err := s.Care.Task(t.Context(), added[0])
		check(t, err)
		k.DoneAt, k.Outcome = start.Add(time.Hour), "已致歉"
		check(t, s.Care.UpdateTask(t.Context(), k, audit("task.done")))
		again, err := s.Care.AddTasks(t.Context(), []customer.Task{job(customer.TaskLowScore, "c1", 1), job(customer.TaskLowScore, "c1", 3)})
		check(t, err)
		equal(t, "known cause, new cause", []bool{again[0] > 0, again[1] > 0}, []bool{false, true})
	},
	"lists are by state, person and department": func(t *testing.T, s Store) {
		list := []customer.Task{
			job(customer.TaskLowScore, "c1", 5), job(customer.TaskCallBack, "c1", 1), job(customer.TaskContact, "", 9), job(customer.TaskMatch, "c2", 3),
		}
		list[0].PlanDueAt = start.Add(2 * time.Hour)
		list[2].Owner, list[2].Customer = "wang", "k2"
		list[3].Owner, list[3].Department = "", "网络部"
		_, err := s.Care.AddTasks(t.Context(), list)
		check(t, err)
		third, err := s.Care.Task(t.Context(), 3)
		check(t, err)
		third.DoneAt, third.Outcome = start.Add(time.Minute), "已联系"
		check(t, s.Care.UpdateTask(t.Context(), third, audit("task.done")))
		for _, test := range []struct {
			f    customer.TaskFilter
			want string
		}{
			{customer.TaskFilter{}, "241"}, {customer.TaskFilter{State: customer.TasksDone}, "3"}, {customer.TaskFilter{Owner: "li"}, "21"},
			{customer.TaskFilter{Department: "网络部"}, "4"}, {customer.TaskFilter{Kind: customer.TaskLowScore}, "1"}, {customer.TaskFilter{Case: "c1"}, "21"},
			{customer.TaskFilter{State: customer.TasksDone, Customers: []triage.CustomerID{"k2", "k9"}}, "3"},
			{customer.TaskFilter{State: customer.TasksOverdue, At: start.Add(90 * time.Minute)}, "2"},
			{customer.TaskFilter{State: customer.TasksOverdue, At: start.Add(150 * time.Minute)}, "21"}, // the plan of 1 is late
		} {
			if got := tasks(t, s, test.f); got != test.want {
				t.Errorf("%+v: got %q, want %q", test.f, got, test.want)
			}
		}
		_, err = s.Care.Tasks(t.Context(), customer.TaskFilter{State: "soon"}, customer.Page{})
		code(t, err, triage.CodeInvalid)
	},
	"of two changes of one version the second fails": func(t *testing.T, s Store) {
		added, err := s.Care.AddTasks(t.Context(), []customer.Task{job(customer.TaskLowScore, "c1", 1)})
		check(t, err)
		k, err := s.Care.Task(t.Context(), added[0])
		check(t, err)
		k.Plan, k.PlannedAt = "明早致电", start
		check(t, s.Care.UpdateTask(t.Context(), k, audit("task.plan")))
		k.Plan = "别的"
		code(t, s.Care.UpdateTask(t.Context(), k, audit("task.plan")), triage.CodeConflict)
		got, err := s.Care.Task(t.Context(), added[0])
		check(t, err)
		equal(t, "plan", got.Plan, "明早致电")
		equal(t, "version", got.Version, int64(2))
		trail, err := s.Trail(t.Context(), "customer:test")
		check(t, err)
		equal(t, "entries", len(trail), 1)
	},
}

func unfollowedChanges(t *testing.T, s Store) {
	named := simple(1)
	named.CustomerID = "k1"
	accept(t, s, simple(0), named, full(), simple(2)) // the full one is history, closed with a score
	for i, of := range []triage.ComplaintID{"c0001", "c0002"} {
		check(t, s.Close(t.Context(), triage.Closing{Complaint: of, Resolution: "已修复", Satisfaction: []*float64{new(40.0), nil}[i], By: "li", At: start}))
	}
	through, last, err := s.Care.CaughtUp(t.Context())
	check(t, err)
	equal(t, "followed in an empty database", through, int64(0))
	scores, err := s.Care.ScoredCases(t.Context(), through, last)
	check(t, err)
	equal(t, "scores", scores, []customer.Score{{Case: "c0001", Customer: "k1", Score: 40, At: start}})
	unnamed, err := s.Care.UnnamedCases(t.Context(), through, last)
	check(t, err)
	equal(t, "without a customer", ids(unnamed), []triage.ComplaintID{"c0000"})
	for _, to := range []int64{last, last - 1} { // never back
		check(t, s.Care.SetCaughtUp(t.Context(), to))
		through, _, err = s.Care.CaughtUp(t.Context())
		check(t, err)
		equal(t, "followed", through, last)
	}
	scores, err = s.Care.ScoredCases(t.Context(), through, last)
	check(t, err)
	equal(t, "scores behind the mark", len(scores), 0)
}
