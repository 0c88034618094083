package console

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// CustomerFiles is what [customer.Service] knows of customers.
type CustomerFiles interface {
	List(ctx context.Context, f customer.Filter, p customer.Page) (customer.Rows[customer.Record], error)
	File(ctx context.Context, id triage.CustomerID) (customer.File, error)
	Person(ctx context.Context, id triage.CustomerID) (customer.Record, error)
	Twins(ctx context.Context, id triage.CustomerID) ([]customer.Candidate, error)
	Exposures(ctx context.Context, id triage.CustomerID, p customer.Page) (customer.Rows[triage.Exposure], error)
}

// CustomerKeeper changes what is kept of a customer.
type CustomerKeeper interface {
	Merge(ctx context.Context, m customer.Merge) (triage.CustomerID, error)
	Unmerge(ctx context.Context, id triage.CustomerID, reason, by string) error
	SetTier(ctx context.Context, id triage.CustomerID, tier triage.Tier, reason, by string) error
	SetManager(ctx context.Context, id triage.CustomerID, manager, by string) error
	LogContact(ctx context.Context, c customer.Contact) (customer.Contact, error)
}

// CareLists are what is to be done about customers.
type CareLists interface {
	Due(ctx context.Context, f customer.DueFilter, p customer.Page) (customer.Rows[customer.Record], error)
	Tasks(ctx context.Context, f customer.TaskFilter, p customer.Page) (customer.Rows[customer.Task], error)
	CountTasks(ctx context.Context, f customer.TaskFilter) (int, error)
	Task(ctx context.Context, id int64) (customer.Task, error)
}

// TaskDesk is what people do about tasks.
type TaskDesk interface {
	AddTask(ctx context.Context, t customer.Task) (customer.Task, error)
	PlanTask(ctx context.Context, id, version int64, plan, by string) error
	CompleteTask(ctx context.Context, id, version int64, outcome, by string) error
	ReassignTask(ctx context.Context, id, version int64, owner, department, by string) error
	Identify(ctx context.Context, id triage.ComplaintID, who triage.CustomerID, by string) error
}

// CustomerDesk is all of [customer.Service] that people use.
type CustomerDesk interface {
	CustomerFiles
	CustomerKeeper
	CareLists
	TaskDesk
}

var _ CustomerDesk = (*customer.Service)(nil)

// SurveyDesk is what people see and do about satisfaction, [survey.Service].
type SurveyDesk interface {
	List(ctx context.Context, f survey.Filter) (survey.List, error)
	Figures(ctx context.Context, from, to time.Time) (survey.Figures, error)
	Survey(ctx context.Context, id int64) (survey.Survey, error)
	// Record keeps what a customer said on the phone.
	Record(ctx context.Context, b survey.CallBack) (survey.Survey, error)
	// TakeUp makes a complaint of what a customer wrote.
	TakeUp(ctx context.Context, id int64, by string) (triage.Case, error)
}

var _ SurveyDesk = (*survey.Service)(nil)
