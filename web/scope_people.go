package web

import (
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// A key of a department sees every customer, as its owner does, so that no
// complaint is handled without its history; but of cases and tasks of other
// departments it sees neither the words nor what is done.

// visibleTask returns a task that the client may see. One outside of its scope
// is not found. Every operation on one task goes through it.
func (s *Server) visibleTask(ctx context.Context, id int64) (customer.Task, error) {
	t, err := s.d.Customers.Task(ctx, id)
	if err == nil && !seesTask(scopeOf(ctx), &t) {
		err = triage.Errorf(triage.CodeNotFound, "there is no task %d in your department", id)
	}
	return t, err
}

func seesTask(scope triage.Scope, t *customer.Task) bool {
	return scope.Everything() || t.Department == scope.Department || t.Owner == scope.User
}

// changeTask does something to a task that the client may see, and answers it
// as it is afterwards, wherever it belongs then.
func (s *Server) changeTask(ctx context.Context, id int64, do func(by string) error) (*taskResponse, error) {
	if _, err := s.visibleTask(ctx, id); err != nil {
		return nil, err
	}
	return s.answerTask(ctx, id, do(requestOf(ctx).actor))
}

// tasksInScope narrows a filter to what the client may see, as far as a filter
// can: narrowTasks does the rest.
func tasksInScope(scope triage.Scope, f customer.TaskFilter) customer.TaskFilter {
	if !scope.Everything() && f.Department == "" && f.Owner != scope.User {
		f.Department = scope.Department
	}
	return f
}

// narrowTasks leaves out the tasks that the client may not see.
func narrowTasks(scope triage.Scope, tasks []customer.Task) []customer.Task {
	return slices.DeleteFunc(slices.Clone(tasks), func(t customer.Task) bool { return !seesTask(scope, &t) })
}

// narrowFile leaves out of the file of a customer what other departments have to
// do with.
func (s *Server) narrowFile(ctx context.Context, f *customer.File) error {
	f.Tasks = narrowTasks(scopeOf(ctx), f.Tasks)
	f.Scores = slices.Clone(f.Scores)
	for i := range f.Scores {
		seen, err := s.seesCase(ctx, f.Scores[i].Case)
		if err != nil {
			return err
		}
		if !seen {
			f.Scores[i].Text = ""
		}
	}
	return nil
}

// seesCase says whether the client may see a case.
func (s *Server) seesCase(ctx context.Context, id triage.ComplaintID) (bool, error) {
	if scopeOf(ctx).Everything() {
		return true, nil
	}
	_, err := s.visibleCase(ctx, string(id))
	return err == nil, unlessNotFound(err)
}
