package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage/customer"
)

// visited is how many cases the visitor gets, visitTasks how many tasks.
const (
	visited    = 5
	visitTasks = 3
)

// makeVisit gives the visitor cases that are worked on, the latest first, and
// tasks.
func (f *founder) makeVisit(at time.Time) {
	f.plan(at, "", f.giveTasks)
	n := 0
	for _, e := range slices.Backward(f.worked) {
		if n++; n > visited {
			return
		}
		id := e.complaint.ID
		f.plan(at, id, func(ctx context.Context, h *Handling) error {
			if h.Visitor == "" {
				return nil
			}
			_, err := h.Cases.Assign(ctx, id, h.Visitor, "", f.lead(), 0)
			return err
		})
	}
}

// giveTasks gives the visitor the tasks that are due last.
func (f *founder) giveTasks(ctx context.Context, h *Handling) error {
	if h.Visitor == "" {
		return nil
	}
	open, err := h.Tasks.Tasks(ctx, customer.TaskFilter{}, customer.Page{Limit: 200})
	if err != nil {
		return fmt.Errorf("tasks: %w", err)
	}
	for i := range open.Rows[max(0, len(open.Rows)-visitTasks):] {
		t := &open.Rows[len(open.Rows)-1-i]
		if t.Owner == h.Visitor {
			continue
		}
		if err := h.Tasks.ReassignTask(ctx, t.ID, t.Version, h.Visitor, "", f.lead()); err != nil {
			return fmt.Errorf("task %d: %w", t.ID, err)
		}
	}
	return nil
}
