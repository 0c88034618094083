package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/life"
)

type lifeMoveRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body moveOrder
}

type moveOrder struct {
	_          struct{}          `additionalProperties:"false"`
	Move       life.Move         `json:"move" enum:"acknowledge,verify,attribute,propose,agree,decline,execute,confirm,close,settle,call_back,reopen,withdraw,merge"`
	Facts      map[string]string `json:"facts,omitempty" doc:"What the move needs, by key: see list-moves"`
	Owner      string            `json:"owner,omitempty" maxLength:"1000" doc:"Who takes the next step over"`
	Department string            `json:"department,omitempty" maxLength:"1000"`
	Note       string            `json:"note,omitempty"`
	Version    int64             `json:"version,omitempty" minimum:"0" doc:"Of the work that was read; 0 for any"`
}

type assignCaseRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_          struct{} `additionalProperties:"false"`
		Owner      string   `json:"owner,omitempty" maxLength:"1000"`
		Department string   `json:"department,omitempty" maxLength:"1000"`
		Version    int64    `json:"version,omitempty" minimum:"0"`
	}
}

type waitRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		What    string   `json:"what" doc:"What the customer is asked for"`
		Version int64    `json:"version,omitempty" minimum:"0"`
	}
}

type resumeCaseRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Note    string   `json:"note,omitempty"`
		Version int64    `json:"version,omitempty" minimum:"0"`
	}
}

type handOverRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_          struct{}          `additionalProperties:"false"`
		Department string            `json:"department" maxLength:"1000"`
		Owner      string            `json:"owner,omitempty" maxLength:"1000"`
		Task       string            `json:"task,omitempty" doc:"What is asked of the department"`
		Due        string            `json:"due,omitempty" doc:"Until when"`
		Facts      map[string]string `json:"facts,omitempty" doc:"What the case itself does not answer, or \"unknown: \" and why: see hand_over_needs of list-moves"`
		Version    int64             `json:"version,omitempty" minimum:"0"`
	}
}

// acceptRequest may come without a body.
type acceptRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body *struct {
		_       struct{} `additionalProperties:"false"`
		Version int64    `json:"version,omitempty" minimum:"0"`
	}
}

type returnRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Reason  string   `json:"reason"`
		Version int64    `json:"version,omitempty" minimum:"0"`
	}
}

func (s *Server) moveRoutes(api huma.API) {
	const one = "/complaints/{id}"
	op := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: one + path, Summary: summary}
	}
	register(s, api, access.CaseWork, op("move-complaint", "/moves", "Make a move; one that is not allowed now is a conflict that names those that are"), s.moveCase)
	register(s, api, access.CaseAssign, op("assign-complaint", "/assign", "Name who has to act; another department takes a hand-over once somebody has worked the case"), s.assignCase)
	register(s, api, access.CaseWork, op("wait-for-customer", "/wait", "Stop the clocks: the customer has been asked for something"), s.waitCase)
	register(s, api, access.CaseWork, op("resume-complaint", "/resume", "Let the clocks run again"), s.resumeCase)
	register(s, api, access.CaseWork, op("hand-over-complaint", "/hand-over", "Give the case to a department with its record; refused while something is missing"), s.handOver)
	register(s, api, access.CaseWork, op("accept-hand-over", "/hand-over/accept", "Take a case that was handed over"), s.acceptHandOver)
	register(s, api, access.CaseWork, op("return-hand-over", "/hand-over/return", "Give a handed-over case back, with the reason"), s.returnHandOver)
}

// onCase answers with a case after a change of it, made by the client of the
// request.
func (s *Server) onCase(ctx context.Context, id string, do func(id triage.ComplaintID, by string) (triage.Case, error)) (*caseResponse, error) {
	if scopeOf(ctx) != (triage.Scope{}) {
		if _, err := s.visibleCase(ctx, id); err != nil {
			return nil, err
		}
	}
	return s.answerCase(do(triage.ComplaintID(id), requestOf(ctx).actor))
}

func (s *Server) moveCase(ctx context.Context, in *lifeMoveRequest) (*caseResponse, error) {
	if into := in.Body.Facts["into"]; in.Body.Move == life.MoveMerge && into != "" {
		if _, err := s.visibleCase(ctx, into); triage.CodeOf(err) == triage.CodeNotFound {
			return nil, triage.FieldErrorf("facts.into", "there is no such case; give the id of the one that goes on")
		} else if err != nil {
			return nil, err
		}
	}
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.Move(ctx, life.Order{
			Case: id, Move: in.Body.Move, By: by, Owner: in.Body.Owner, Department: in.Body.Department, Note: in.Body.Note,
			Facts: in.Body.Facts, Version: in.Body.Version,
		})
	})
}

func (s *Server) assignCase(ctx context.Context, in *assignCaseRequest) (*caseResponse, error) {
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.Assign(ctx, id, in.Body.Owner, in.Body.Department, by, in.Body.Version)
	})
}

func (s *Server) waitCase(ctx context.Context, in *waitRequest) (*caseResponse, error) {
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.Wait(ctx, id, in.Body.What, by, in.Body.Version)
	})
}

func (s *Server) resumeCase(ctx context.Context, in *resumeCaseRequest) (*caseResponse, error) {
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.Resume(ctx, id, in.Body.Note, by, in.Body.Version)
	})
}

func (s *Server) handOver(ctx context.Context, in *handOverRequest) (*caseResponse, error) {
	var due time.Time
	if in.Body.Due != "" {
		var err error
		if due, err = s.parseTime("due", in.Body.Due); err != nil {
			return nil, err
		}
	}
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.HandOver(ctx, life.HandOver{
			Case: id, Department: in.Body.Department, Owner: in.Body.Owner, Task: in.Body.Task, Due: due, By: by,
			Facts: in.Body.Facts, Version: in.Body.Version,
		})
	})
}

func (s *Server) acceptHandOver(ctx context.Context, in *acceptRequest) (*caseResponse, error) {
	var version int64
	if in.Body != nil {
		version = in.Body.Version
	}
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.Accept(ctx, id, by, version)
	})
}

func (s *Server) returnHandOver(ctx context.Context, in *returnRequest) (*caseResponse, error) {
	return s.onCase(ctx, in.ID, func(id triage.ComplaintID, by string) (triage.Case, error) {
		return s.d.Life.Return(ctx, id, in.Body.Reason, by, in.Body.Version)
	})
}
