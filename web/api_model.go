package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// LearningDeps is what the paths about the model need. Opinions is nil without a
// language model.
type LearningDeps struct {
	Models   modelReader
	Desk     modelDesk
	Opinions opinionFigures
}

// modelReader shows what was learned.
type modelReader interface {
	Models(ctx context.Context, pack string, limit int) ([]learn.Model, error)
	Report(ctx context.Context, pack string) (learn.Report, error)
}

// modelDesk changes the model in use, *learn.Learner.
type modelDesk interface {
	Ask(by string)
	Rollback(ctx context.Context, id int64, by string) error
}

var _ modelDesk = (*learn.Learner)(nil)

// opinionFigures are what a language model has cost and is worth.
type opinionFigures interface {
	Figures(ctx context.Context) (cascade.Figures, error)
}

// learnJob is the scheduled job that learns.
const learnJob = "learn"

type learnedView struct {
	ID       int64         `json:"id"`
	At       *time.Time    `json:"at"`
	By       string        `json:"by"`
	State    learn.State   `json:"state" enum:"active,candidate,retired,rolled_back"`
	Trial    learn.Trial   `json:"trial" doc:"Comparison with the model then in use, on cases that neither had seen"`
	Curve    []learn.Point `json:"curve" doc:"Accuracy on test cases by the number of labels of each type"`
	UsedFrom *time.Time    `json:"used_from"`
	Card     nlp.Card      `json:"card"`
}

func (s *Server) learnedView(m *learn.Model) learnedView {
	return learnedView{
		ID: m.ID, At: s.local(m.At), By: m.By, State: m.State, Trial: m.Trial, Curve: append([]learn.Point{}, m.Curve...),
		UsedFrom: s.local(m.UsedFrom), Card: m.Card,
	}
}

type opinionsView struct {
	Model    string                  `json:"model"`
	Verdicts map[cascade.Verdict]int `json:"verdicts"`
	Calls    int                     `json:"calls"`
	Tokens   int                     `json:"tokens"`
	Cost     float64                 `json:"cost"`
	Applied  int                     `json:"applied" doc:"Opinions that became the type of a case"`
	Decided  int                     `json:"decided" doc:"Opinions on cases that people have labelled since"`
	Theirs   shareView               `json:"theirs" doc:"Agreement of the language model with people"`
	Ours     shareView               `json:"ours" doc:"Agreement of our own model, on the same cases"`
	P        float64                 `json:"p"`
	Trusted  bool                    `json:"trusted" doc:"Whether opinions may change the type of a case"`
}

type shareView struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low" doc:"95 % interval"`
	High  float64 `json:"high"`
}

type modelResponse struct {
	Body struct {
		Pack     string        `json:"pack"`
		Active   *learnedView  `json:"active,omitempty" doc:"The learned model in use; missing for the shipped one"`
		Report   *learn.Report `json:"report,omitempty" doc:"As of the last night; missing before the first"`
		Opinions *opinionsView `json:"opinions,omitempty" doc:"Missing without a language model"`
	}
}

type modelsRequest struct {
	Limit int `query:"limit" default:"20" minimum:"1" maximum:"200"`
}

type modelsResponse struct {
	Body struct {
		Items []learnedView `json:"items" doc:"Newest first"`
	}
}

type rollbackRequest struct {
	ID int64 `path:"id" minimum:"0" doc:"The model to go back to; 0 is the shipped one"`
}

func (s *Server) learningRoutes(api huma.API) {
	if s.d.Learning == nil {
		return
	}
	register(s, api, access.ModelRead, huma.Operation{
		OperationID: "get-model", Method: http.MethodGet, Path: "/model", Summary: "The model in use and how it does",
	}, s.getModel)
	register(s, api, access.ModelRead, huma.Operation{
		OperationID: "list-models", Method: http.MethodGet, Path: "/models", Summary: "The models that were learned",
	}, s.listModels)
	register(s, api, access.ModelManage, huma.Operation{
		OperationID: "learn-model", Method: http.MethodPost, Path: "/models/learn", DefaultStatus: http.StatusAccepted,
		Summary: "Learn from the labels now; the runs of the job tell how it goes",
	}, s.learnModel)
	register(s, api, access.ModelManage, huma.Operation{
		OperationID: "roll-back-model", Method: http.MethodPost, Path: "/models/{id}/rollback", DefaultStatus: http.StatusOK,
		Summary: "Go back to a model that was in use before",
	}, s.rollBackModel)
}

func (s *Server) getModel(ctx context.Context, _ *struct{}) (*modelResponse, error) {
	out := &modelResponse{}
	d, packCode := s.d.Learning, s.d.Service.Catalogue().PackCode()
	out.Body.Pack = packCode
	list, err := d.Models.Models(ctx, packCode, 200)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].State == learn.StateActive {
			out.Body.Active = new(s.learnedView(&list[i]))
		}
	}
	report, err := d.Models.Report(ctx, packCode)
	switch {
	case err == nil:
		out.Body.Report = &report
	case triage.CodeOf(err) != triage.CodeNotFound:
		return nil, err
	}
	if d.Opinions == nil {
		return out, nil
	}
	f, err := d.Opinions.Figures(ctx)
	if err != nil {
		return nil, err
	}
	out.Body.Opinions = &opinionsView{
		Model: f.Model, Verdicts: f.Verdicts, Calls: f.Calls, Tokens: f.Tokens, Cost: f.Cost, Applied: f.Applied, Decided: f.Decided,
		Theirs: shareView{f.Theirs.Value, f.Theirs.Low, f.Theirs.High}, Ours: shareView{f.Ours.Value, f.Ours.Low, f.Ours.High},
		P: f.P, Trusted: f.Trusted,
	}
	return out, nil
}

func (s *Server) listModels(ctx context.Context, in *modelsRequest) (*modelsResponse, error) {
	list, err := s.d.Learning.Models.Models(ctx, s.d.Service.Catalogue().PackCode(), in.Limit)
	if err != nil {
		return nil, err
	}
	out := &modelsResponse{}
	out.Body.Items = make([]learnedView, len(list))
	for i := range list {
		out.Body.Items[i] = s.learnedView(&list[i])
	}
	return out, nil
}

func (s *Server) learnModel(ctx context.Context, _ *struct{}) (*runNowResponse, error) {
	by := requestOf(ctx).actor
	s.d.Learning.Desk.Ask(by)
	return s.runJob(ctx, &runNowRequest{Name: learnJob})
}

func (s *Server) rollBackModel(ctx context.Context, in *rollbackRequest) (*modelResponse, error) {
	if err := s.d.Learning.Desk.Rollback(ctx, in.ID, requestOf(ctx).actor); err != nil {
		return nil, err
	}
	return s.getModel(ctx, nil)
}
