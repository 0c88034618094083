package customer

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// TaskKind is why somebody has to act.
type TaskKind string

// The kinds of tasks.
const (
	TaskLowScore TaskKind = "low_score" // a customer was not satisfied
	TaskCallBack TaskKind = "call_back" // ask by phone how it went
	TaskContact  TaskKind = "contact"   // a contact outside the plan
	TaskMatch    TaskKind = "match"     // choose who a complaint is from
)

// TaskKinds lists every kind in the order the console shows them.
var TaskKinds = []TaskKind{TaskLowScore, TaskCallBack, TaskContact, TaskMatch}

// Task is something that a named person has to do about a customer.
type Task struct {
	ID       int64
	Kind     TaskKind
	Customer triage.CustomerID // "" while it is not known who it is
	Case     triage.ComplaintID
	// Owner has to do it; "" while only the department is known.
	Owner      string
	Department string
	Title      string
	CreatedBy  string
	CreatedAt  time.Time
	DueAt      time.Time
	// PlanDueAt is when the first plan must be there, zero when none is wanted;
	// Plan is what is intended, written at PlannedAt.
	PlanDueAt time.Time
	Plan      string
	PlannedAt time.Time
	// DoneAt is zero while it is open; Outcome is how it ended.
	DoneAt  time.Time
	Outcome string
	// Candidates are the customers to choose from, of a TaskMatch.
	Candidates []triage.CustomerID
	// Key is the same for every attempt to open the task, so that one cause
	// opens it once; "" for a task made by hand.
	Key string
	// Version grows with every change; one based on an older is CodeConflict.
	Version int64
}

// Open says whether it still has to be done.
func (t *Task) Open() bool { return t.DoneAt.IsZero() }

// Overdue says whether the task, or its plan, should have been there by now.
func (t *Task) Overdue(now time.Time) bool {
	return t.Open() && (now.After(t.DueAt) || !t.PlanDueAt.IsZero() && t.PlannedAt.IsZero() && now.After(t.PlanDueAt))
}

// TaskState is a part of the task list.
type TaskState string

// The parts of the task list. Open tasks come in order of DueAt, done ones
// latest first.
const (
	TasksOpen    TaskState = "open"
	TasksOverdue TaskState = "overdue" // open, DueAt or PlanDueAt is over
	TasksDone    TaskState = "done"
)

// TaskFilter narrows the task list. Zero fields do not filter; a State of "" is
// open.
type TaskFilter struct {
	State      TaskState
	Kind       TaskKind
	Owner      string
	Department string
	Customers  []triage.CustomerID
	Case       triage.ComplaintID
	// At is now, for TasksOverdue.
	At time.Time
}

// TaskObject is the name under which the audit trail keeps a task.
func TaskObject(id int64) string { return "task:" + number(id) }
