package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// solutionDesk is what the API calls of [solution.Library].
type solutionDesk interface {
	List(ctx context.Context, f solution.Filter) ([]solution.Version, error)
	Versions(ctx context.Context, id string) ([]solution.Version, error)
	Create(ctx context.Context, c solution.Content, by string) (solution.Version, error)
	Edit(ctx context.Context, id string, base int, c solution.Content, by string) (solution.Version, error)
	Move(ctx context.Context, id string, number int, to solution.State, by string) error
}

var _ solutionDesk = (*solution.Library)(nil)

type solutionVersionView struct {
	ID        string               `json:"id"`
	Version   int                  `json:"version"`
	Type      string               `json:"type"`
	Subtype   string               `json:"subtype"`
	Title     string               `json:"title"`
	Steps     []string             `json:"steps" nullable:"false" doc:"What people do, in order"`
	Wording   string               `json:"wording" doc:"What the customer is told, with placeholders in braces"`
	Policy    []limitView          `json:"policy" nullable:"false" doc:"The most that may be given, by tier"`
	State     solution.State       `json:"state" enum:"draft,proposed,approved,retired"`
	Author    string               `json:"author"`
	CreatedAt *time.Time           `json:"created_at"`
	DecidedBy string               `json:"decided_by"`
	DecidedAt *time.Time           `json:"decided_at"`
	Evidence  []triage.ComplaintID `json:"evidence" nullable:"false" doc:"Cases it was proposed from"`
	Uses      int                  `json:"uses"`
	Scores    int                  `json:"scores" doc:"How many customers gave a score"`
	Mean      *float64             `json:"satisfaction" doc:"Mean of the scores, 0 to 100"`
	Low       *float64             `json:"satisfaction_low" doc:"The truth lies between low and high nine times in ten"`
	High      *float64             `json:"satisfaction_high"`
}

type limitView struct {
	_      struct{}    `additionalProperties:"false"`
	Tier   triage.Tier `json:"tier" enum:"ordinary,potential,high,vip"`
	Amount string      `json:"amount" example:"50" doc:"In yuan, with at most two decimals"`
	Gift   string      `json:"gift,omitempty"`
}

func (s *Server) solutionView(v *solution.Version) solutionVersionView {
	out := solutionVersionView{
		ID: v.Solution, Version: v.Number, Type: v.Type, Subtype: v.Subtype, Title: s.d.Mask(v.Title), Steps: []string{}, Wording: s.d.Mask(v.Wording),
		Policy: []limitView{}, State: v.State, Author: v.Author, CreatedAt: s.local(v.CreatedAt), DecidedBy: v.DecidedBy, DecidedAt: s.local(v.DecidedAt),
		Evidence: list(v.Evidence), Uses: v.Uses, Scores: v.Outcome.Scores,
	}
	for _, step := range v.Steps {
		out.Steps = append(out.Steps, s.d.Mask(step))
	}
	for _, l := range v.Policy {
		out.Policy = append(out.Policy, limitView{Tier: l.Tier, Amount: l.Amount.String(), Gift: l.Gift})
	}
	if v.Outcome.Scores > 0 {
		e := v.Outcome.Estimate()
		out.Mean, out.Low, out.High = new(v.Outcome.Mean), &e.Low, &e.High
	}
	return out
}

type solutionsRequest struct {
	Type  string `query:"type" maxLength:"60"`
	State string `query:"state" enum:"draft,proposed,approved,retired"`
}

type solutionsResponse struct {
	Body struct {
		Items []solutionVersionView `json:"items" doc:"By solution and version"`
	}
}

type solutionResponse struct {
	Location string `header:"Location" doc:"Address of a solution that was made"`
	Body     solutionVersionView
}

type createSolutionRequest struct{ Body solutionInput }

type editSolutionRequest struct {
	ID   string `path:"id" maxLength:"80"`
	Body solutionInput
}

type solutionIDRequest struct {
	ID string `path:"id" maxLength:"80"`
}

// solutionInput is the content of a version as a person writes it.
type solutionInput struct {
	_       struct{}    `additionalProperties:"false"`
	Type    string      `json:"type" example:"billing"`
	Subtype string      `json:"subtype,omitempty"`
	Title   string      `json:"title"`
	Steps   []string    `json:"steps" maxItems:"30" nullable:"false"`
	Wording string      `json:"wording,omitempty"`
	Policy  []limitView `json:"policy,omitempty" maxItems:"4"`
	Base    int         `json:"base,omitempty" doc:"The latest version that was read; needed to change a solution"`
}

type moveSolutionRequest struct {
	ID   string `path:"id" maxLength:"80"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Version int      `json:"version" minimum:"1"`
	}
}

func (s *Server) solutionRoutes(api huma.API) {
	const one = "/solutions/{id}"
	register(s, api, access.SolutionRead, huma.Operation{
		OperationID: "list-solutions", Method: http.MethodGet, Path: "/solutions", Summary: "Standard solutions, every version",
	}, s.listSolutions)
	register(s, api, access.SolutionRead, huma.Operation{
		OperationID: "get-solution", Method: http.MethodGet, Path: one, Summary: "The versions of one solution",
	}, s.getSolution)
	register(s, api, access.SolutionWrite, huma.Operation{
		OperationID: "create-solution", Method: http.MethodPost, Path: "/solutions", DefaultStatus: http.StatusCreated, Summary: "Draft a solution",
	}, s.createSolution)
	register(s, api, access.SolutionWrite, huma.Operation{
		OperationID: "edit-solution", Method: http.MethodPost, Path: one, Summary: "Draft a new version; what is approved stays in force",
	}, s.editSolution)
	for _, m := range []struct {
		name, summary string
		needs         access.Permission
		to            solution.State
	}{
		{"propose", "Ask for the approval of a draft", access.SolutionWrite, solution.Proposed},
		{"withdraw", "Make a draft of a proposal again", access.SolutionWrite, solution.Draft},
		{"approve", "Bring a proposal into force; by somebody else than its author", access.SolutionApprove, solution.Approved},
		{"retire", "Take a version out of use", access.SolutionApprove, solution.Retired},
	} {
		register(s, api, m.needs, huma.Operation{
			OperationID: m.name + "-solution", Method: http.MethodPost, Path: one + "/" + m.name, Summary: m.summary,
		}, s.moveSolution(m.to))
	}
}

func (s *Server) listSolutions(ctx context.Context, in *solutionsRequest) (*solutionsResponse, error) {
	versions, err := s.d.Solutions.List(ctx, solution.Filter{Type: in.Type})
	return s.answerSolutions(versions, in.State, err)
}

func (s *Server) getSolution(ctx context.Context, in *solutionIDRequest) (*solutionsResponse, error) {
	versions, err := s.d.Solutions.Versions(ctx, in.ID)
	return s.answerSolutions(versions, "", err)
}

func (s *Server) answerSolutions(versions []solution.Version, state string, err error) (*solutionsResponse, error) {
	if err != nil {
		return nil, err
	}
	out := &solutionsResponse{}
	out.Body.Items = []solutionVersionView{}
	for i := range versions {
		if state == "" || string(versions[i].State) == state {
			out.Body.Items = append(out.Body.Items, s.solutionView(&versions[i]))
		}
	}
	return out, nil
}

func (s *Server) createSolution(ctx context.Context, in *createSolutionRequest) (*solutionResponse, error) {
	content, err := in.Body.content()
	if err != nil {
		return nil, err
	}
	v, err := s.d.Solutions.Create(ctx, content, requestOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	return &solutionResponse{Location: apiRoot + "/solutions/" + url.PathEscape(v.Solution), Body: s.solutionView(&v)}, nil
}

func (s *Server) editSolution(ctx context.Context, in *editSolutionRequest) (*solutionResponse, error) {
	content, err := in.Body.content()
	if err != nil {
		return nil, err
	}
	v, err := s.d.Solutions.Edit(ctx, in.ID, in.Body.Base, content, requestOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	return &solutionResponse{Body: s.solutionView(&v)}, nil
}

func (in *solutionInput) content() (solution.Content, error) {
	c := solution.Content{Type: in.Type, Subtype: in.Subtype, Title: in.Title, Steps: in.Steps, Wording: in.Wording}
	for _, l := range in.Policy {
		amount, ok := solution.ParseMoney(l.Amount)
		if !ok {
			return c, triage.FieldErrorf("policy", "%.20q is no sum of yuan such as 50 or 12.50", l.Amount)
		}
		c.Policy = append(c.Policy, solution.Limit{Tier: l.Tier, Amount: amount, Gift: l.Gift})
	}
	return c, nil
}

func (s *Server) moveSolution(to solution.State) func(context.Context, *moveSolutionRequest) (*solutionsResponse, error) {
	return func(ctx context.Context, in *moveSolutionRequest) (*solutionsResponse, error) {
		if err := s.d.Solutions.Move(ctx, in.ID, in.Body.Version, to, requestOf(ctx).actor); err != nil {
			return nil, err
		}
		return s.getSolution(ctx, &solutionIDRequest{ID: in.ID})
	}
}
