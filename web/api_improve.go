package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// improvementDesk is what clients do about improvements; *improve.Service does.
type improvementDesk interface {
	Get(ctx context.Context, id int64) (improve.Improvement, []improve.Remark, error)
	List(ctx context.Context, f improve.Filter) ([]improve.Improvement, error)
	Put(ctx context.Context, a improve.Improvement, by string) (improve.Improvement, error)
	improvementMover
}

// improvementMover moves improvements on and measures them.
type improvementMover interface {
	Move(ctx context.Context, id int64, m improve.Step, by string) (improve.Improvement, error)
	Note(ctx context.Context, id, version int64, text, by string) (improve.Improvement, error)
	Measure(a *improve.Improvement) improve.Effect
}

var _ improvementDesk = (*improve.Service)(nil)

type improvementsRequest struct {
	Status     string `query:"status" enum:"planned,doing,done,verified,failed,closed"`
	Department string `query:"department" maxLength:"200"`
	Owner      string `query:"owner" maxLength:"200"`
	Cluster    string `query:"cluster" maxLength:"40"`
	Limit      int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
}

type improvementsResponse struct {
	Body struct {
		Items []improvementView `json:"items" doc:"Open ones first, the most overdue before; then the last changed"`
	}
}

type improvementRequest struct {
	ID int64 `path:"improvement" minimum:"1"`
}

type improvementResponse struct {
	Location string `header:"Location" doc:"Address of an improvement that was added"`
	Body     improvementView
}

type addImprovementRequest struct{ Body improvementInput }

type changeImprovementRequest struct {
	ID   int64 `path:"improvement" minimum:"1"`
	Body improvementInput
}

type moveImprovementRequest struct {
	ID   int64 `path:"improvement" minimum:"1"`
	Body struct {
		_       struct{}       `additionalProperties:"false"`
		To      improve.Status `json:"to" enum:"planned,doing,done,verified,failed,closed"`
		Day     string         `json:"day,omitempty" doc:"When the change began or ended; empty is today"`
		Note    string         `json:"note,omitempty" doc:"Needed to fail or close it"`
		Version int64          `json:"version" minimum:"1" doc:"Of the improvement that was read"`
	}
}

type noteImprovementRequest struct {
	ID   int64 `path:"improvement" minimum:"1"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Note    string   `json:"note"`
		Version int64    `json:"version" minimum:"1" doc:"Of the improvement that was read"`
	}
}

type improvementEffectResponse struct{ Body improvementEffect }

func (s *Server) improveRoutes(api huma.API) {
	const one = "/improvements/{improvement}"
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "list-improvements", Method: http.MethodGet, Path: "/improvements", Summary: "Improvement actions",
	}, s.listImprovements)
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "get-improvement", Method: http.MethodGet, Path: one, Summary: "One improvement with its history",
	}, s.getImprovement)
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "measure-improvement", Method: http.MethodGet, Path: one + "/effect",
		Summary: "The rate of complaints before and after, with the general trend taken out",
	}, s.measureImprovement)
	register(s, api, access.ImproveWork, huma.Operation{
		OperationID: "add-improvement", Method: http.MethodPost, Path: "/improvements", DefaultStatus: http.StatusCreated,
		Summary: "Plan an improvement",
	}, s.addImprovement)
	register(s, api, access.ImproveWork, huma.Operation{
		OperationID: "change-improvement", Method: http.MethodPost, Path: one, Summary: "Change an improvement, but for its status",
	}, s.changeImprovement)
	register(s, api, access.ImproveWork, huma.Operation{
		OperationID: "move-improvement", Method: http.MethodPost, Path: one + "/moves", Summary: "Change the status",
	}, s.moveImprovement)
	register(s, api, access.ImproveWork, huma.Operation{
		OperationID: "note-improvement", Method: http.MethodPost, Path: one + "/notes", Summary: "Add a remark",
	}, s.noteImprovement)
}

// improvementViewer is the client of a request as improvements know people.
func improvementViewer(ctx context.Context) improve.Viewer {
	scope := scopeOf(ctx)
	return improve.Viewer{Name: scope.User, Department: scope.Department}
}

// visibleImprovement returns one that the client may see; another is not found.
func (s *Server) visibleImprovement(ctx context.Context, id int64) (improve.Improvement, []improve.Remark, error) {
	a, remarks, err := s.d.Staff.Improvements.Get(ctx, id)
	if err == nil && !improvementViewer(ctx).May(&a) {
		err = triage.Errorf(triage.CodeNotFound, "there is no improvement %d", id)
	}
	return a, remarks, err
}

func (s *Server) listImprovements(ctx context.Context, in *improvementsRequest) (*improvementsResponse, error) {
	f := improve.Filter{
		Department: in.Department, Owner: in.Owner, Cluster: prevention.ClusterID(in.Cluster), For: improvementViewer(ctx), Limit: in.Limit,
	}
	if in.Status != "" {
		f.Statuses = []improve.Status{improve.Status(in.Status)}
	}
	list, err := s.d.Staff.Improvements.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &improvementsResponse{}
	out.Body.Items = make([]improvementView, len(list))
	for i := range list {
		out.Body.Items[i] = s.improvementView(&list[i], nil)
	}
	return out, nil
}

func (s *Server) getImprovement(ctx context.Context, in *improvementRequest) (*improvementResponse, error) {
	a, remarks, err := s.visibleImprovement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &improvementResponse{Body: s.improvementView(&a, remarks)}, nil
}

func (s *Server) measureImprovement(ctx context.Context, in *improvementRequest) (*improvementEffectResponse, error) {
	a, _, err := s.visibleImprovement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.d.Staff.Book.Ready() {
		return nil, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	e := s.d.Staff.Improvements.Measure(&a)
	return &improvementEffectResponse{Body: improvementEffectOf(&e)}, nil
}

func (s *Server) addImprovement(ctx context.Context, in *addImprovementRequest) (*improvementResponse, error) {
	var a improve.Improvement
	if err := in.Body.write(&a, improvementViewer(ctx)); err != nil {
		return nil, err
	}
	a.Cluster = prevention.ClusterID(in.Body.Cluster)
	out, err := s.answerImprovement(s.d.Staff.Improvements.Put(ctx, a, requestOf(ctx).actor))
	if err == nil {
		out.Location = apiRoot + "/improvements/" + strconv.FormatInt(out.Body.ID, 10)
	}
	return out, err
}

func (s *Server) changeImprovement(ctx context.Context, in *changeImprovementRequest) (*improvementResponse, error) {
	a, _, err := s.visibleImprovement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.Body.write(&a, improvementViewer(ctx)); err != nil {
		return nil, err
	}
	if a.Started, err = dayOf("started", in.Body.Started); err != nil {
		return nil, err
	}
	if a.Done, err = dayOf("done", in.Body.Done); err != nil {
		return nil, err
	}
	a.Version = in.Body.Version
	return s.answerImprovement(s.d.Staff.Improvements.Put(ctx, a, requestOf(ctx).actor))
}

func (s *Server) moveImprovement(ctx context.Context, in *moveImprovementRequest) (*improvementResponse, error) {
	if _, _, err := s.visibleImprovement(ctx, in.ID); err != nil {
		return nil, err
	}
	day, err := dayOf("day", in.Body.Day)
	if err != nil {
		return nil, err
	}
	step := improve.Step{Version: in.Body.Version, To: in.Body.To, Day: day, Note: in.Body.Note}
	return s.answerImprovement(s.d.Staff.Improvements.Move(ctx, in.ID, step, requestOf(ctx).actor))
}

func (s *Server) noteImprovement(ctx context.Context, in *noteImprovementRequest) (*improvementResponse, error) {
	if _, _, err := s.visibleImprovement(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.answerImprovement(s.d.Staff.Improvements.Note(ctx, in.ID, in.Body.Version, in.Body.Note, requestOf(ctx).actor))
}

// answerImprovement answers an improvement as it is after a change.
func (s *Server) answerImprovement(a improve.Improvement, err error) (*improvementResponse, error) {
	if err != nil {
		return nil, err
	}
	return &improvementResponse{Body: s.improvementView(&a, nil)}, nil
}
