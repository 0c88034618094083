package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// A low score opens a task also where nobody knows who the customer is.
func TestLowScoresOfUnknownCustomers(t *testing.T) {
	t.Parallel()
	db := newStore(t)
	now := time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)
	c := defaultConfig()
	customers, err := newCustomers(&c, db, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	k := triage.Case{
		Complaint: triage.Complaint{ID: "c1", Text: "断网", At: now, ClosedAt: now, Satisfaction: new(40.0)}, Status: triage.StatusClosed, ReceivedAt: now,
	}
	if _, err := db.Accept(t.Context(), []triage.Case{k}); err != nil {
		t.Fatal(err)
	}
	scores{customers, slog.New(slog.DiscardHandler)}.note(t.Context(), &k, "li")
	tasks, err := customers.Tasks(t.Context(), customer.TaskFilter{Kind: customer.TaskLowScore, Case: "c1"}, customer.Page{})
	if err != nil || len(tasks.Rows) != 1 {
		t.Errorf("got %+v, %v; want one task", tasks.Rows, err)
	}
}
