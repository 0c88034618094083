package web

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// customerDesk is what the API calls of [customer.Service].
type customerDesk interface {
	customerReader
	customerKeeper
	careLists
	taskDesk
}

type customerReader interface {
	List(ctx context.Context, f customer.Filter, p customer.Page) (customer.Rows[customer.Record], error)
	File(ctx context.Context, id triage.CustomerID) (customer.File, error)
	CasesOf(ctx context.Context, id triage.CustomerID, p customer.Page) (customer.Rows[triage.Case], error)
	Exposures(ctx context.Context, id triage.CustomerID, p customer.Page) (customer.Rows[triage.Exposure], error)
	Contacts(ctx context.Context, id triage.CustomerID, p customer.Page) (customer.Rows[customer.Contact], error)
}

type customerKeeper interface {
	Merge(ctx context.Context, m customer.Merge) (triage.CustomerID, error)
	Unmerge(ctx context.Context, id triage.CustomerID, reason, by string) error
	SetTier(ctx context.Context, id triage.CustomerID, tier triage.Tier, reason, by string) error
	SetManager(ctx context.Context, id triage.CustomerID, manager, by string) error
	LogContact(ctx context.Context, c customer.Contact) (customer.Contact, error)
}

type careLists interface {
	Twins(ctx context.Context, id triage.CustomerID) ([]customer.Candidate, error)
	Due(ctx context.Context, f customer.DueFilter, p customer.Page) (customer.Rows[customer.Record], error)
	Tasks(ctx context.Context, f customer.TaskFilter, p customer.Page) (customer.Rows[customer.Task], error)
	Task(ctx context.Context, id int64) (customer.Task, error)
	Identify(ctx context.Context, id triage.ComplaintID, who triage.CustomerID, by string) error
}

type taskDesk interface {
	AddTask(ctx context.Context, t customer.Task) (customer.Task, error)
	CallBack(ctx context.Context, id triage.ComplaintID, by string) (customer.Task, error)
	PlanTask(ctx context.Context, id, version int64, plan, by string) error
	CompleteTask(ctx context.Context, id, version int64, outcome, by string) error
	ReassignTask(ctx context.Context, id, version int64, owner, department, by string) error
}

var _ customerDesk = (*customer.Service)(nil)

// surveyDesk is what the API calls of [survey.Service].
type surveyDesk interface {
	List(ctx context.Context, f survey.Filter) (survey.List, error)
	Figures(ctx context.Context, from, to time.Time) (survey.Figures, error)
	Survey(ctx context.Context, id int64) (survey.Survey, error)
	Record(ctx context.Context, b survey.CallBack) (survey.Survey, error)
	TakeUp(ctx context.Context, id int64, by string) (triage.Case, error)
}

var _ surveyDesk = (*survey.Service)(nil)

func (s *Server) peopleRoutes(api huma.API) {
	if s.d.Customers != nil {
		s.customerRoutes(api)
		s.customerWorkRoutes(api)
		s.taskRoutes(api)
	}
	if s.d.Surveys != nil {
		s.surveyRoutes(api)
	}
}
