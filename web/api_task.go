package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

type tasksRequest struct {
	State      string `query:"state" enum:"open,overdue,done" doc:"open is the default"`
	Kind       string `query:"kind" enum:"low_score,call_back,contact,match"`
	Owner      string `query:"owner" maxLength:"200"`
	Department string `query:"department" maxLength:"200"`
	Complaint  string `query:"complaint" maxLength:"200"`
	Cursor     string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit      int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type tasksResponse struct {
	Body struct {
		Items []taskView `json:"items" doc:"The first due first; done ones latest first"`
		Next  string     `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type taskRequest struct {
	Task int64 `path:"task" minimum:"1"`
}

type taskResponse struct {
	Location string `header:"Location" doc:"Address of a task that was opened"`
	Body     taskView
}

type addTaskRequest struct {
	Body struct {
		_          struct{}           `additionalProperties:"false"`
		Kind       customer.TaskKind  `json:"kind" enum:"call_back,contact" doc:"A call_back needs complaint, and nothing else"`
		Complaint  triage.ComplaintID `json:"complaint,omitempty"`
		Customer   triage.CustomerID  `json:"customer_id,omitempty"`
		Title      string             `json:"title,omitempty"`
		Owner      string             `json:"owner,omitempty" doc:"Either of owner and department is needed"`
		Department string             `json:"department,omitempty"`
		DueAt      string             `json:"due_at,omitempty" doc:"Empty is within the working days of the policy"`
	}
}

type planTaskRequest struct {
	Task int64 `path:"task" minimum:"1"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Plan    string   `json:"plan"`
		Version int64    `json:"version" minimum:"1" doc:"Of the task that was read"`
	}
}

type finishTaskRequest struct {
	Task int64 `path:"task" minimum:"1"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Outcome string   `json:"outcome"`
		Version int64    `json:"version" minimum:"1" doc:"Of the task that was read"`
	}
}

type reassignTaskRequest struct {
	Task int64 `path:"task" minimum:"1"`
	Body struct {
		_          struct{} `additionalProperties:"false"`
		Owner      string   `json:"owner,omitempty" doc:"Either of owner and department is needed"`
		Department string   `json:"department,omitempty"`
		Version    int64    `json:"version" minimum:"1" doc:"Of the task that was read"`
	}
}

func (s *Server) taskRoutes(api huma.API) {
	const one = "/tasks/{task}"
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-tasks", Method: http.MethodGet, Path: "/tasks", Summary: "What is to be done about customers",
	}, s.listTasks)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "get-task", Method: http.MethodGet, Path: one, Summary: "One task",
	}, s.getTask)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "add-task", Method: http.MethodPost, Path: "/tasks", DefaultStatus: http.StatusCreated,
		Summary: "Open a task; a call-back once for each complaint",
	}, s.addTask)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "plan-task", Method: http.MethodPost, Path: one + "/plan", Summary: "Say what is intended; the first plan ends its limit",
	}, s.planTask)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "finish-task", Method: http.MethodPost, Path: one + "/done", Summary: "End a task with its outcome",
	}, s.finishTask)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "reassign-task", Method: http.MethodPost, Path: one + "/reassign", Summary: "Give a task to somebody else",
	}, s.reassignTask)
}

func (s *Server) listTasks(ctx context.Context, in *tasksRequest) (*tasksResponse, error) {
	scope := scopeOf(ctx)
	found, err := s.d.Customers.Tasks(ctx, tasksInScope(scope, customer.TaskFilter{
		State: customer.TaskState(in.State), Kind: customer.TaskKind(in.Kind), Owner: in.Owner, Department: in.Department,
		Case: triage.ComplaintID(in.Complaint),
	}), customer.Page{Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &tasksResponse{}
	out.Body.Items, out.Body.Next = s.taskViews(narrowTasks(scope, found.Rows)), found.Next
	return out, nil
}

func (s *Server) getTask(ctx context.Context, in *taskRequest) (*taskResponse, error) {
	t, err := s.visibleTask(ctx, in.Task)
	if err != nil {
		return nil, err
	}
	return &taskResponse{Body: s.taskView(&t)}, nil
}

// answerTask answers a task as it is after a change.
func (s *Server) answerTask(ctx context.Context, id int64, err error) (*taskResponse, error) {
	if err != nil {
		return nil, err
	}
	t, err := s.d.Customers.Task(ctx, id)
	if err != nil {
		return nil, err
	}
	return &taskResponse{Body: s.taskView(&t)}, nil
}

func (s *Server) addTask(ctx context.Context, in *addTaskRequest) (*taskResponse, error) {
	t, err := s.openTask(ctx, in)
	if err != nil {
		return nil, err
	}
	if t.ID == 0 {
		return nil, triage.Errorf(triage.CodeConflict, "there is such a task already; see GET /tasks")
	}
	out, err := s.answerTask(ctx, t.ID, nil)
	if err == nil {
		out.Location = apiRoot + "/tasks/" + strconv.FormatInt(t.ID, 10)
	}
	return out, err
}

func (s *Server) openTask(ctx context.Context, in *addTaskRequest) (customer.Task, error) {
	b, actor := &in.Body, requestOf(ctx).actor
	if b.Complaint != "" {
		if _, err := s.visibleCase(ctx, string(b.Complaint)); err != nil {
			return customer.Task{}, err
		}
	}
	if b.Kind == customer.TaskCallBack {
		if b.Complaint == "" {
			return customer.Task{}, triage.FieldErrorf("complaint", "is missing: say which case to ask about")
		}
		return s.d.Customers.CallBack(ctx, b.Complaint, actor)
	}
	due, err := s.parseTime("due_at", b.DueAt)
	if err != nil {
		return customer.Task{}, err
	}
	return s.d.Customers.AddTask(ctx, customer.Task{
		Kind: b.Kind, Customer: b.Customer, Case: b.Complaint, Title: b.Title, Owner: b.Owner, Department: b.Department,
		DueAt: due, CreatedBy: actor,
	})
}

func (s *Server) planTask(ctx context.Context, in *planTaskRequest) (*taskResponse, error) {
	return s.changeTask(ctx, in.Task, func(by string) error {
		return s.d.Customers.PlanTask(ctx, in.Task, in.Body.Version, in.Body.Plan, by)
	})
}

func (s *Server) finishTask(ctx context.Context, in *finishTaskRequest) (*taskResponse, error) {
	return s.changeTask(ctx, in.Task, func(by string) error {
		return s.d.Customers.CompleteTask(ctx, in.Task, in.Body.Version, in.Body.Outcome, by)
	})
}

func (s *Server) reassignTask(ctx context.Context, in *reassignTaskRequest) (*taskResponse, error) {
	return s.changeTask(ctx, in.Task, func(by string) error {
		return s.d.Customers.ReassignTask(ctx, in.Task, in.Body.Version, in.Body.Owner, in.Body.Department, by)
	})
}
