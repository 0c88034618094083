package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

const taskColumns = `id, kind, customer_id, case_id, owner, department, title, created_by, created_at, due_at, plan_due_at,
	plan, planned_at, done_at, outcome, candidates, task_key, version`

// scanTask reads taskColumns.
func scanTask(s scanner) (t customer.Task, err error) {
	err = s.Scan(&t.ID, &t.Kind, &t.Customer, &t.Case, &t.Owner, &t.Department, &t.Title, &t.CreatedBy, (*instant)(&t.CreatedAt),
		(*instant)(&t.DueAt), (*instant)(&t.PlanDueAt), &t.Plan, (*instant)(&t.PlannedAt), (*instant)(&t.DoneAt), &t.Outcome,
		document{"candidates", &t.Candidates}, &t.Key, &t.Version)
	return t, err
}

// AddTasks opens tasks in one transaction and returns their ids, 0 for those
// whose key is known and those of a kind that their case has open already.
func (c *Care) AddTasks(ctx context.Context, list []customer.Task) ([]int64, error) {
	ids := make([]int64, len(list))
	err := c.db.writer.submit(ctx, 2*len(list), func(ctx context.Context, tx *sql.Tx) error {
		for i := range list {
			var err error
			if ids[i], err = addTask(ctx, tx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, c.db.fail("open tasks", err)
	}
	return ids, nil
}

func addTask(ctx context.Context, tx *sql.Tx, t *customer.Task) (id int64, err error) {
	candidates := ""
	if len(t.Candidates) > 0 {
		if candidates, err = encodeJSON("candidates", t.Candidates); err != nil {
			return 0, err
		}
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO tasks (kind, customer_id, case_id, owner, department, title, created_by, created_at,
		due_at, plan_due_at, plan, planned_at, open, done_at, outcome, candidates, task_key, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, TRUE, $11, '', $12, $13, 1) ON CONFLICT DO NOTHING RETURNING id`,
		string(t.Kind), clean(string(t.Customer)), clean(string(t.Case)), clean(t.Owner), clean(t.Department), clean(t.Title),
		clean(t.CreatedBy), instant(t.CreatedAt), instant(t.DueAt), instant(t.PlanDueAt), zeroInstant, candidates, clean(t.Key)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return id, appendAudit(ctx, tx, triage.AuditEntry{
		At: t.CreatedAt, Actor: t.CreatedBy, Action: "task.open", Object: customer.TaskObject(id),
		Detail: auditDetail(map[string]string{"kind": string(t.Kind), "case": string(t.Case), "customer": string(t.Customer), "owner": t.Owner}),
	})
}

// Task returns one task, or CodeNotFound.
func (c *Care) Task(ctx context.Context, id int64) (customer.Task, error) {
	t, err := scanTask(c.db.read.QueryRowContext(ctx, `SELECT `+taskColumns+` FROM tasks WHERE id = $1`, id))
	return t, c.db.fail("read a task", notFound(err, "there is no task %d", id))
}

// Tasks returns one page: open tasks in order of DueAt, done ones latest first.
func (c *Care) Tasks(ctx context.Context, f customer.TaskFilter, p customer.Page) (customer.Rows[customer.Task], error) {
	w, err := tasksWhere(f)
	if err != nil {
		return customer.Rows[customer.Task]{}, err
	}
	order, beyond := "due_at, id", "(due_at, id) >"
	if f.State == customer.TasksDone {
		order, beyond = "done_at DESC, id DESC", "(done_at, id) <"
	}
	if err := w.behind(beyond, p.Cursor); err != nil {
		return customer.Rows[customer.Task]{}, err
	}
	limit := pageSize(p.Limit)
	var list []customer.Task
	err = collect(ctx, c.db.read, func(rows *sql.Rows) error {
		t, err := scanTask(rows)
		list = append(list, t)
		return err
	}, `SELECT `+taskColumns+` FROM tasks`+w.String()+` ORDER BY `+order+limited(limit+1), w.args...)
	return cutPage(list, limit, func(t *customer.Task) string {
		if f.State == customer.TasksDone {
			return numberPlace(t.DoneAt, t.ID)
		}
		return numberPlace(t.DueAt, t.ID)
	}), c.db.fail("list tasks", err)
}

// CountTasks counts what Tasks lists.
func (c *Care) CountTasks(ctx context.Context, f customer.TaskFilter) (n int, err error) {
	w, err := tasksWhere(f)
	if err != nil {
		return 0, err
	}
	err = c.db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM tasks`+w.String(), w.args...).Scan(&n)
	return n, c.db.fail("count tasks", err)
}

func tasksWhere(f customer.TaskFilter) (where, error) {
	w := where{conditions: []string{"open"}}
	switch f.State {
	case customer.TasksOpen, "":
	case customer.TasksDone:
		w.conditions[0] = "NOT open"
	case customer.TasksOverdue:
		w.conditions = append(w.conditions, `(due_at < $1 OR (plan_due_at > $2 AND plan_due_at < $1 AND planned_at = $2))`)
		w.args = append(w.args, instant(f.At), zeroInstant)
	default:
		return w, triage.FieldErrorf("state", "%q is unknown; use open, overdue or done", f.State)
	}
	if f.Kind != "" {
		w.add("kind =", string(f.Kind))
	}
	if f.Owner != "" {
		w.add("owner =", f.Owner)
	}
	if f.Department != "" {
		w.add("department =", f.Department)
	}
	anyOf(&w, "customer_id", f.Customers)
	if f.Case != "" {
		w.add("case_id =", string(f.Case))
	}
	return w, nil
}

// UpdateTask stores what people change of a task whose version is the stored
// one.
func (c *Care) UpdateTask(ctx context.Context, t customer.Task, e triage.AuditEntry) error {
	return c.db.fail("change a task", c.db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE tasks SET customer_id = $1, owner = $2, department = $3, plan = $4, planned_at = $5,
			open = $6, done_at = $7, outcome = $8, version = version + 1 WHERE id = $9 AND version = $10`,
			clean(string(t.Customer)), clean(t.Owner), clean(t.Department), clean(t.Plan), instant(t.PlannedAt),
			t.Open(), instant(t.DoneAt), clean(t.Outcome), t.ID, t.Version)
		if err := touched(res, err, changedMeanwhile("task", strconv.FormatInt(t.ID, 10))); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
