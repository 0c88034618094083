package customer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Tasks returns one page of the task list. With f.At zero it is as of now.
func (s *Service) Tasks(ctx context.Context, f TaskFilter, p Page) (Rows[Task], error) {
	return s.d.Store.Tasks(ctx, s.asOf(f), p)
}

// CountTasks counts what Tasks lists.
func (s *Service) CountTasks(ctx context.Context, f TaskFilter) (int, error) {
	return s.d.Store.CountTasks(ctx, s.asOf(f))
}

func (s *Service) asOf(f TaskFilter) TaskFilter {
	if f.At.IsZero() {
		f.At = s.d.Now()
	}
	f.State = cmp.Or(f.State, TasksOpen)
	return f
}

// Task returns one task, or CodeNotFound.
func (s *Service) Task(ctx context.Context, id int64) (Task, error) {
	return s.d.Store.Task(ctx, id)
}

// AddTask opens a task by hand. Kind, title and somebody to do it, a person or
// a department, are required; DueAt defaults to the days of the policy. It
// returns the task as stored; ID 0 means that there is such a task already.
func (s *Service) AddTask(ctx context.Context, t Task) (Task, error) {
	if !slices.Contains(TaskKinds, t.Kind) {
		return Task{}, triage.FieldErrorf("kind", "%q is unknown", t.Kind)
	}
	var err error
	if t.Title, err = required("title", t.Title); err != nil {
		return Task{}, err
	}
	if t.Owner == "" && t.Department == "" {
		return Task{}, triage.FieldErrorf("owner", "is empty: name a person or a department")
	}
	if t.Customer != "" {
		person, err := s.Person(ctx, t.Customer)
		if err != nil {
			return Task{}, err
		}
		t.Customer = person.ID
	}
	t.CreatedAt = s.d.Now()
	if t.DueAt.IsZero() {
		t.DueAt = s.d.Calendar.AddDays(t.CreatedAt, s.d.Policy.CallBackDays)
	}
	return s.open(ctx, t)
}

func (s *Service) open(ctx context.Context, t Task) (Task, error) {
	list, err := s.d.Store.AddTasks(ctx, []Task{t})
	if err != nil {
		return Task{}, err
	}
	t.ID, t.Version = list[0], 1
	return t, nil
}

// PlanTask records what the owner intends; the first plan ends its limit. The
// version is that of the task as it was read.
func (s *Service) PlanTask(ctx context.Context, id, version int64, plan, by string) error {
	plan, err := required("plan", plan)
	if err != nil {
		return err
	}
	t, err := s.openTask(ctx, id, version)
	if err != nil {
		return err
	}
	t.Plan = plan
	if t.PlannedAt.IsZero() {
		t.PlannedAt = s.d.Now()
	}
	return s.update(ctx, t, "task.plan", by, "")
}

// CompleteTask ends a task. The outcome is required.
func (s *Service) CompleteTask(ctx context.Context, id, version int64, outcome, by string) error {
	outcome, err := required("outcome", outcome)
	if err != nil {
		return err
	}
	t, err := s.openTask(ctx, id, version)
	if err != nil {
		return err
	}
	return s.complete(ctx, t, outcome, by)
}

func (s *Service) complete(ctx context.Context, t Task, outcome, by string) error {
	t.Outcome, t.DoneAt = outcome, s.d.Now()
	return s.update(ctx, t, "task.done", by, "")
}

// ReassignTask gives a task to somebody else, to a department, or both.
func (s *Service) ReassignTask(ctx context.Context, id, version int64, owner, department, by string) error {
	owner, department = strings.TrimSpace(owner), strings.TrimSpace(department)
	if owner == "" && department == "" {
		return triage.FieldErrorf("owner", "is empty: name a person or a department")
	}
	t, err := s.openTask(ctx, id, version)
	if err != nil {
		return err
	}
	facts := detail("from", t.Owner, "to", owner, "department", department)
	t.Owner = owner
	t.Department = cmp.Or(department, t.Department)
	return s.update(ctx, t, "task.assign", by, facts)
}

func (s *Service) openTask(ctx context.Context, id, version int64) (Task, error) {
	t, err := s.d.Store.Task(ctx, id)
	if err != nil {
		return Task{}, err
	}
	if !t.Open() {
		return Task{}, triage.Errorf(triage.CodeConflict, "task %d is done already", id)
	}
	t.Version = version
	return t, nil
}

func (s *Service) update(ctx context.Context, t Task, action, by, facts string) error {
	return s.d.Store.UpdateTask(ctx, t, triage.AuditEntry{At: s.d.Now(), Actor: by, Action: action, Object: TaskObject(t.ID), Detail: facts})
}

// owner is who takes care of a task about a customer and a case: the contact
// person, else the owner of the case, else the lead of its department.
func (s *Service) owner(ctx context.Context, care *Care, c *triage.Case) (owner, department string, err error) {
	department = cmp.Or(c.Work.Department, c.Assessment.Department)
	if owner = cmp.Or(care.Manager, c.Work.Owner); owner != "" || s.d.Leads == nil {
		return owner, department, nil
	}
	owner, err = s.d.Leads.LeadOf(ctx, department)
	return owner, department, err
}

// CallBack opens the task of asking a customer by phone how a case ended, once
// for each closing.
func (s *Service) CallBack(ctx context.Context, id triage.ComplaintID, by string) (Task, error) {
	c, err := s.d.Cases.Case(ctx, id)
	if err != nil {
		return Task{}, err
	}
	person, err := s.personOf(ctx, &c)
	if err != nil {
		return Task{}, err
	}
	t := Task{
		Kind: TaskCallBack, Customer: person.ID, Case: id, Title: "回访：满意度", CreatedBy: cmp.Or(by, systemActor),
		CreatedAt: s.d.Now(), Key: "call_back:" + string(id) + ":" + number(c.ClosedAt.UnixMilli()),
	}
	t.DueAt = s.d.Calendar.AddDays(t.CreatedAt, s.d.Policy.CallBackDays)
	if t.Owner, t.Department, err = s.owner(ctx, &person.Care, &c); err != nil {
		return Task{}, err
	}
	return s.open(ctx, t)
}

// personOf is the person of a case; an empty one when it has no customer, or
// one without an entry in the file.
func (s *Service) personOf(ctx context.Context, c *triage.Case) (Record, error) {
	if c.CustomerID == "" {
		return Record{}, nil
	}
	person, err := s.Person(ctx, c.CustomerID)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return Record{Customer: triage.Customer{ID: c.CustomerID}, Person: c.CustomerID}, nil
	}
	return person, err
}

// twelveMonths before a time.
func twelveMonths(t time.Time) time.Time { return t.AddDate(-1, 0, 0) }
