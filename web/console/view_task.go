package console

import (
	"cmp"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// taskRow is one task in a list.
type taskRow struct {
	ID, Href          string
	Kind              customer.TaskKind
	Title             string
	Customer          customerLink
	Case, CaseHref    string
	Owner, Department string
	// Limit is the time left for the task and PlanLimit that for its first
	// plan; nil for none.
	Limit, PlanLimit *slaPill
	Chosen           bool
}

func (c *Console) taskRow(l language, s taskState, t *customer.Task) taskRow {
	chosen := s.Task == strconv.FormatInt(t.ID, 10)
	s.View = cmp.Or(s.View, tasksAll)
	s.Task = strconv.FormatInt(t.ID, 10)
	row := taskRow{
		ID: taskName(t.ID), Href: s.link("/tasks"), Kind: t.Kind, Title: c.maskedLine(t.Title), Customer: c.customerLink(t.Customer),
		Owner: t.Owner, Department: t.Department, Chosen: chosen,
		Limit: c.limit(l, t.CreatedAt, t.DueAt, t.DoneAt), PlanLimit: c.limit(l, t.CreatedAt, t.PlanDueAt, cmp.Or(t.PlannedAt, t.DoneAt)),
	}
	if t.Case != "" {
		row.Case, row.CaseHref = c.maskedLine(string(t.Case)), casePath(t.Case)
	}
	return row
}

func (c *Console) taskRows(l language, s taskState, tasks []customer.Task) []taskRow {
	rows := make([]taskRow, len(tasks))
	for i := range tasks {
		rows[i] = c.taskRow(l, s, &tasks[i])
	}
	return rows
}

// limit is how much time is left of one that began at from; nil without a
// limit.
func (c *Console) limit(l language, from, by, done time.Time) *slaPill {
	if by.IsZero() {
		return nil
	}
	left := by.Sub(c.d.Now())
	p := &slaPill{Level: slaLevel(left, by.Sub(from)), Left: l.span(left), By: c.when(by)}
	if !done.IsZero() {
		p.Level = "done"
	}
	return p
}

var taskColumns = []string{
	"field.id", "task.kind", "task.title", "field.customer", "task.case", "field.owner", "field.department",
	"task.created", "task.plan_due", "task.plan", "task.due", "task.done", "task.outcome",
}

func (c *Console) taskRecord(l language, t *customer.Task) []string {
	r := c.taskRow(l, taskState{}, t)
	return []string{
		r.ID, l.label("todo", t.Kind), r.Title, r.Customer.ID, r.Case, r.Owner, r.Department,
		c.when(t.CreatedAt), c.when(t.PlanDueAt), c.masked(t.Plan, nil), c.when(t.DueAt), c.when(t.DoneAt), c.masked(t.Outcome, nil),
	}
}

// openTask is one task beside the list.
type openTask struct {
	Row                 taskRow
	Path, Back, Shut    string
	Version             int64
	Created, PlanBy, By string
	Plan, Planned       string
	Done, Outcome       string
	Candidates          []customerLink
	CallBack            *callBackForm
	Form                refusedForm
	MayWork, MayTake    bool
}

// openTask reads the task that the address names; nil for one that is not
// there.
func (c *Console) openTask(v *visit, s taskState, form refusedForm) (*openTask, error) {
	id, err := strconv.ParseInt(s.Task, 10, 64)
	if err != nil {
		return nil, nil //nolint:nilerr // an address that makes no sense opens nothing
	}
	t, err := c.d.People.Customers.Task(v.r.Context(), id)
	if err != nil || !inScope(v, &t) {
		return nil, ignoreNotFound(err)
	}
	open := &openTask{
		Row: c.taskRow(v.lang, s, &t), Path: taskPath(id), Back: s.link("/tasks"), Version: t.Version,
		Created: c.when(t.CreatedAt), PlanBy: c.when(t.PlanDueAt), By: c.when(t.DueAt),
		Plan: c.masked(t.Plan, nil), Planned: c.when(t.PlannedAt), Done: c.when(t.DoneAt), Outcome: c.masked(t.Outcome, nil),
		Form: form, MayWork: t.Open() && v.may(access.CustomerWork),
	}
	s.Task = ""
	open.Shut = s.link("/tasks")
	if !open.MayWork {
		return open, nil
	}
	open.MayTake = t.Owner != v.user.Name
	if t.Kind == customer.TaskMatch {
		for _, who := range t.Candidates {
			open.Candidates = append(open.Candidates, c.customerLink(who))
		}
	}
	if t.Case != "" && t.Kind == customer.TaskCallBack {
		open.CallBack = &callBackForm{Case: t.Case, Back: open.Back, Form: form}
	}
	return open, nil
}
