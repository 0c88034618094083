package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// The parts of the task list.
const (
	tasksMine       = "mine"
	tasksDepartment = "department"
	tasksOverdue    = "overdue"
	tasksDone       = "done"
	tasksAll        = "all"
)

// taskState is the state of the task list as its address has it.
type taskState struct{ View, Kind, Cursor, Task string }

func readTaskState(q url.Values, views []string) taskState {
	s := taskState{
		View: oneOf(q.Get("view"), views), Kind: oneOf(q.Get("kind"), customer.TaskKinds), Cursor: q.Get("cursor"), Task: q.Get("task"),
	}
	if s.View == "" {
		s.View = tasksMine
	}
	return s
}

func (s taskState) link(path string) string {
	return address(path, "view", s.View, "kind", s.Kind, "cursor", s.Cursor, "task", s.Task)
}

// taskViews are the parts that a user has: without a department there is none
// of one's own.
func taskViews(v *visit) []string {
	if v.user.Department == "" {
		return []string{tasksMine, tasksOverdue, tasksAll, tasksDone}
	}
	return []string{tasksMine, tasksDepartment, tasksOverdue, tasksAll, tasksDone}
}

func (s taskState) filter(v *visit) customer.TaskFilter {
	// Who belongs to a department sees its tasks, and their own.
	f := customer.TaskFilter{Kind: customer.TaskKind(s.Kind), State: customer.TasksOpen, Department: v.department()}
	switch s.View {
	case tasksMine:
		f.Owner, f.Department = v.user.Name, ""
	case tasksDepartment:
		f.Department = v.user.Department
	case tasksOverdue:
		f.State = customer.TasksOverdue
	case tasksDone:
		f.State = customer.TasksDone
	}
	return f
}

// tasksView is the task list, with one task beside it.
type tasksView struct {
	Tabs                []viewTab
	Kinds               []kindTab
	Rows                []taskRow
	Open                *openTask
	Export, First, Next string
}

type kindTab struct {
	Kind   customer.TaskKind // "" for every kind
	Href   string
	Active bool
}

func (c *Console) showTasks(v *visit) error {
	s := readTaskState(v.r.URL.Query(), taskViews(v))
	return c.renderTasks(v, http.StatusOK, s, refusedForm{})
}

func (c *Console) renderTasks(v *visit, status int, s taskState, form refusedForm) error {
	ctx := v.r.Context()
	found, err := c.d.People.Customers.Tasks(ctx, s.filter(v), customer.Page{Cursor: s.Cursor, Limit: listRows})
	if err != nil {
		return err
	}
	view := tasksView{Kinds: kindTabs(s), Rows: c.taskRows(v.lang, s, found.Rows)}
	if view.Tabs, err = c.taskTabs(ctx, v, s); err != nil {
		return err
	}
	if s.Task != "" {
		if view.Open, err = c.openTask(v, s, form); err != nil {
			return err
		}
	}
	s.Task = ""
	if s.Cursor != "" {
		s.Cursor = ""
		view.First = s.link("/tasks")
	}
	if v.may(access.CaseExport) {
		view.Export = s.link("/tasks/export.csv")
	}
	if s.Cursor = found.Next; found.Next != "" {
		view.Next = s.link("/tasks")
	}
	return c.render(v, status, "tasks", page{Title: "nav.tasks", Nav: "/tasks", View: view})
}

// taskTabs counts what is open; how many are done helps nobody.
func (c *Console) taskTabs(ctx context.Context, v *visit, s taskState) ([]viewTab, error) {
	var tabs []viewTab
	for _, name := range taskViews(v) {
		part := taskState{View: name, Kind: s.Kind}
		tab := viewTab{View: name, Href: part.link("/tasks"), Active: s.View == name}
		if name != tasksDone {
			n, err := c.d.People.Customers.CountTasks(ctx, part.filter(v))
			if err != nil {
				return nil, err
			}
			tab.Count = n
		}
		tabs = append(tabs, tab)
	}
	return tabs, nil
}

func kindTabs(s taskState) []kindTab {
	tabs := []kindTab{{Href: taskState{View: s.View}.link("/tasks"), Active: s.Kind == ""}}
	for _, k := range customer.TaskKinds {
		tabs = append(tabs, kindTab{Kind: k, Href: taskState{View: s.View, Kind: string(k)}.link("/tasks"), Active: s.Kind == string(k)})
	}
	return tabs
}

func (c *Console) exportTasks(v *visit) error {
	s := readTaskState(v.r.URL.Query(), taskViews(v))
	rows, err := collectPages(func(p customer.Page) ([][]string, string, error) {
		found, err := c.d.People.Customers.Tasks(v.r.Context(), s.filter(v), p)
		if err != nil {
			return nil, "", err
		}
		records := make([][]string, len(found.Rows))
		for i := range found.Rows {
			records[i] = c.taskRecord(v.lang, &found.Rows[i])
		}
		return records, found.Next, nil
	})
	if err != nil {
		return err
	}
	return c.sendTable(v, "tasks", taskColumns, rows)
}

// waitingTasks counts the open tasks of the user for the menu. A page does not
// fail because of it.
func (c *Console) waitingTasks(v *visit) int {
	n, err := c.d.People.Customers.CountTasks(v.r.Context(), taskState{View: tasksMine}.filter(v))
	if err != nil {
		c.d.Log.WarnContext(v.r.Context(), "tasks of the menu not counted", "err", err)
		return 0
	}
	return n
}

// taskName is a task's number as people say it.
func taskName(id int64) string { return "T" + strconv.FormatInt(id, 10) }

func taskPath(id int64) string { return "/tasks/" + strconv.FormatInt(id, 10) }
