package console

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
)

// taskVersion is the task named in the path and the version of it that the
// person of the form has read.
func (v *visit) taskVersion() (id, version int64, err error) {
	id, err = strconv.ParseInt(v.r.PathValue("task"), 10, 64)
	if err != nil {
		return 0, 0, triage.Errorf(triage.CodeNotFound, "no such task")
	}
	version, err = strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return 0, 0, triage.FieldErrorf("version", "is missing: open the task again")
	}
	return id, version, nil
}

// taskAction is a form beside the task list: it does something about a task and
// goes back, or shows the form again with what is wrong.
func (c *Console) taskAction(name, toast string, do func(v *visit, id, version int64) error) action {
	return func(v *visit) error {
		id, version, err := v.taskVersion()
		if err != nil {
			return err
		}
		t, err := c.d.People.Customers.Task(v.r.Context(), id)
		if err != nil {
			return err
		}
		if !inScope(v, &t) {
			return triage.Errorf(triage.CodeNotFound, "no task %d in the department of the user", id)
		}
		err = do(v, id, version)
		if err == nil {
			return c.goBack(v, "/tasks", toast)
		}
		form, err := c.wrongForm(v, name, err)
		if err != nil {
			return err
		}
		return c.again(v, form, "/tasks")
	}
}

func (c *Console) planTask(v *visit, id, version int64) error {
	return c.d.People.Customers.PlanTask(v.r.Context(), id, version, v.r.PostForm.Get("plan"), v.user.Name)
}

func (c *Console) completeTask(v *visit, id, version int64) error {
	return c.d.People.Customers.CompleteTask(v.r.Context(), id, version, v.r.PostForm.Get("outcome"), v.user.Name)
}

func (c *Console) reassignTask(v *visit, id, version int64) error {
	owner, department := v.r.PostForm.Get("owner"), v.r.PostForm.Get("department")
	if v.r.PostForm.Get("take") != "" {
		owner, department = v.user.Name, ""
	}
	return c.d.People.Customers.ReassignTask(v.r.Context(), id, version, owner, department, v.user.Name)
}

// identifyTask names the customer of the case that a task asks about, which
// ends the task.
func (c *Console) identifyTask(v *visit, id, _ int64) error {
	t, err := c.d.People.Customers.Task(v.r.Context(), id)
	if err != nil {
		return err
	}
	who := triage.CustomerID(v.r.PostForm.Get("customer"))
	err = c.d.People.Customers.Identify(v.r.Context(), t.Case, who, v.user.Name)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return triage.FieldErrorf("customer", "there is no such customer")
	}
	return err
}

// again shows the page that a refused form stands on, in the state of its
// address.
func (c *Console) again(v *visit, form refusedForm, otherwise string) error {
	at, err := url.Parse(localPath(v.r.PostForm.Get("back")))
	if err != nil || at.Path == "/" {
		at = &url.URL{Path: otherwise}
	}
	if at.Path == "/tasks" {
		return c.renderTasks(v, http.StatusUnprocessableEntity, readTaskState(at.Query(), taskViews(v)), form)
	}
	return c.renderSatisfaction(v, http.StatusUnprocessableEntity, readSurveyState(at.Query()), form)
}
