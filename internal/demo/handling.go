package demo

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// Handling is the machinery with which the staff work, on the clock that Fill
// sets. Everything is required but Visitor and what jobs do.
type Handling struct {
	Cases     Mover
	HandOvers HandOverer
	Talk      Talker
	Customers Customers
	Tasks     Tasks
	Surveys   Surveys
	Library   Library
	// Visitor is the account that will look around; it has some cases and
	// customers of its own. "" is nobody.
	Visitor string
	// Inbox is where the letters of Talk and Surveys end.
	Inbox *Inbox
	// Propose and Learn are what jobs do at night: solutions from solved cases, and
	// a report on the model.
	Propose func(ctx context.Context) (int, error)
	Learn   func(ctx context.Context) error
}

// Mover moves cases; life.Service is one.
type Mover interface {
	Move(ctx context.Context, o life.Order) (triage.Case, error)
	Wait(ctx context.Context, id triage.ComplaintID, what, by string, version int64) (triage.Case, error)
	Assign(ctx context.Context, id triage.ComplaintID, owner, department, by string, version int64) (triage.Case, error)
	Watch(ctx context.Context) (life.Watched, error)
}

// HandOverer passes cases between departments; life.Service is one.
type HandOverer interface {
	HandOver(ctx context.Context, h life.HandOver) (triage.Case, error)
	Accept(ctx context.Context, id triage.ComplaintID, by string, version int64) (triage.Case, error)
	Return(ctx context.Context, id triage.ComplaintID, reason, by string, version int64) (triage.Case, error)
}

// Talker is the conversation with customers.
type Talker interface {
	// Reply answers a customer, by a letter or, spoken, on the phone; a text of ""
	// is the draft for the case. It acknowledges a case that nobody has answered.
	Reply(ctx context.Context, id triage.ComplaintID, text, by string, spoken bool) error
	// Hear takes what a customer says about a case down; a case that waits for it
	// goes on.
	Hear(ctx context.Context, id triage.ComplaintID, text string, at time.Time) error
}

// Customers looks after customers; customer.Service is one.
type Customers interface {
	Plan(ctx context.Context) (planned int, err error)
	LogContact(ctx context.Context, c customer.Contact) (customer.Contact, error)
	SetManager(ctx context.Context, id triage.CustomerID, manager, by string) error
	Merge(ctx context.Context, m customer.Merge) (triage.CustomerID, error)
}

// Tasks is what people have to do about customers; customer.Service is one.
type Tasks interface {
	Tasks(ctx context.Context, f customer.TaskFilter, p customer.Page) (customer.Rows[customer.Task], error)
	PlanTask(ctx context.Context, id, version int64, plan, by string) error
	ReassignTask(ctx context.Context, id, version int64, owner, department, by string) error
	CompleteTask(ctx context.Context, id, version int64, outcome, by string) error
}

// Surveys asks customers how it ended; survey.Service is one.
type Surveys interface {
	Invite(ctx context.Context) (survey.Counts, error)
	Answer(ctx context.Context, token string, a survey.Answer) error
}

// Library keeps standard solutions; solution.Library is one.
type Library interface {
	Versions(ctx context.Context, id string) ([]solution.Version, error)
	Create(ctx context.Context, c solution.Content, by string) (solution.Version, error)
	Edit(ctx context.Context, id string, base int, c solution.Content, by string) (solution.Version, error)
	Move(ctx context.Context, id string, number int, to solution.State, by string) error
	Use(ctx context.Context, c triage.ComplaintID, id, by string) error
}
