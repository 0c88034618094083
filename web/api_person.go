package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/privacy"
)

// personalData gives people what is stored about them, or takes it away.
type personalData interface {
	Export(ctx context.Context, id triage.CustomerID, by string, w io.Writer) error
	Erase(ctx context.Context, id triage.CustomerID, by, reason string) (privacy.Erased, error)
}

var _ personalData = (*privacy.Service)(nil)

type personRequest struct {
	ID string `path:"id" maxLength:"200"`
}

type personResponse struct {
	Body json.RawMessage `doc:"For each table an array of the rows about the person"`
}

type eraseRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body erasure
}

type erasure struct {
	_      struct{} `additionalProperties:"false"`
	Reason string   `json:"reason" maxLength:"500" doc:"Who asked for it, and how; kept in the trail"`
}

type eraseResponse struct {
	Body struct {
		Erased privacy.Erased `json:"erased" doc:"Rows changed or deleted, by table"`
	}
}

func (s *Server) personRoutes(api huma.API) {
	register(s, api, access.PersonExport, huma.Operation{
		OperationID: "export-person", Method: http.MethodGet, Path: "/customers/{id}/export",
		Summary: "Everything that is stored about a person, unmasked; recorded in the trail",
	}, s.exportPerson)
	register(s, api, access.PersonErase, huma.Operation{
		OperationID: "erase-person", Method: http.MethodPost, Path: "/customers/{id}/erase",
		Summary: "Take a person's data away for ever; what is counted stays. Conflict while a case is open",
	}, s.erasePerson)
}

func (s *Server) exportPerson(ctx context.Context, in *personRequest) (*personResponse, error) {
	var b bytes.Buffer // a person's rows are few, and an error must not come after half of them
	if err := s.d.Persons.Export(ctx, triage.CustomerID(in.ID), requestOf(ctx).actor, &b); err != nil {
		return nil, err
	}
	return &personResponse{Body: b.Bytes()}, nil
}

func (s *Server) erasePerson(ctx context.Context, in *eraseRequest) (*eraseResponse, error) {
	erased, err := s.d.Persons.Erase(ctx, triage.CustomerID(in.ID), requestOf(ctx).actor, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &eraseResponse{}
	out.Body.Erased = erased
	return out, nil
}
