package web

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

type complaintRequest struct {
	Similar similarCount `query:"similar" minimum:"0" maximum:"50" doc:"How many similar cases to add"`
	Body    complaintInput
}

// defaultSimilar is how many similar cases an answer has unless asked otherwise.
const defaultSimilar = 5

// similarCount is a number that may be 0 and is defaultSimilar when it is not
// given. huma's default tag cannot tell the two apart beside a body.
type similarCount struct {
	n     int
	given bool
}

// Receiver, OnParamSet and Schema are how huma reads and describes the number.
func (c *similarCount) Receiver() reflect.Value { return reflect.ValueOf(&c.n).Elem() }

func (c *similarCount) OnParamSet(given bool, _ any) { c.given = given }

func (c *similarCount) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Default: defaultSimilar}
}

func (c *similarCount) value() int {
	if !c.given {
		return defaultSimilar
	}
	return c.n
}

// receipt is a triage line with what became of the complaint.
type receipt struct {
	triage.Assessment
	Status      triage.Status      `json:"status" enum:"received,acknowledged,closed"`
	Predecessor triage.ComplaintID `json:"predecessor" doc:"Earlier case of the customer about the same issue, or empty"`
	Duplicate   bool               `json:"duplicate" doc:"The id was known: this is the stored triage, and nothing was changed"`
}

type receiptResponse struct {
	Status   int
	Location string `header:"Location"`
	Body     receipt
}

type assessmentResponse struct{ Body triage.Assessment }

func (s *Server) complaintRoutes(api huma.API) {
	submit := huma.Operation{
		OperationID: "submit-complaint", Method: http.MethodPost, Path: "/complaints", DefaultStatus: http.StatusCreated,
		Summary: "Take a complaint in: one complaint in, its triage out, durable before the answer",
		Responses: map[string]*huma.Response{"200": {
			Description: "The id was known; the stored triage",
			Content: map[string]*huma.MediaType{"application/json": {
				Schema: &huma.Schema{Ref: "#/components/schemas/Receipt"},
			}},
		}},
	}
	register(s, api, access.IntakeAdd, submit, s.submit)
	register(s, api, access.IntakeAdd, huma.Operation{
		OperationID: "triage", Method: http.MethodPost, Path: "/triage",
		Summary: "Judge a complaint without storing it; its id may be left out",
	}, s.assess)
}

func (s *Server) submit(ctx context.Context, in *complaintRequest) (*receiptResponse, error) {
	c, err := s.complaint(&in.Body)
	if err != nil {
		return nil, err
	}
	defer s.timeTriage("submit", time.Now())
	r, err := s.d.Service.Submit(ctx, c, in.Similar.value())
	if err != nil {
		return nil, err
	}
	out := &receiptResponse{
		Status:   http.StatusCreated,
		Location: caseURL(r.Case.ID),
		Body:     receipt{Status: r.Case.Status, Predecessor: r.Case.Predecessor, Duplicate: r.Duplicate},
	}
	a := &r.Case.Assessment
	if a.Similar, err = s.visibleSimilar(ctx, a.Similar); err != nil {
		return nil, err
	}
	if r.Duplicate {
		seen, err := s.visible(ctx, []triage.Case{r.Case})
		if err != nil {
			return nil, err
		}
		if len(seen) == 0 {
			return nil, triage.Errorf(triage.CodeConflict, "there is a case with this id already")
		}
		// The stored text may be another one than the client has just sent.
		out.Status, out.Body.Assessment = http.StatusOK, s.shown(r.Case.Assessment)
		s.metrics.complaints.WithLabelValues("duplicate").Inc()
		return out, nil
	}
	out.Body.Assessment = s.shownToSender(r.Case.Assessment)
	s.metrics.complaints.WithLabelValues("new").Inc()
	return out, nil
}

// unnamed is the id of a complaint that is judged but not stored and came
// without one; the answer shows "".
const unnamed = "-"

func (s *Server) assess(ctx context.Context, in *complaintRequest) (*assessmentResponse, error) {
	c, err := s.complaint(&in.Body)
	if err != nil {
		return nil, err
	}
	anonymous := c.ID == ""
	if anonymous {
		c.ID = unnamed
	}
	defer s.timeTriage("assess", time.Now())
	a, err := s.d.Service.Assess(ctx, c, in.Similar.value())
	if err != nil {
		return nil, err
	}
	if a.Similar, err = s.visibleSimilar(ctx, a.Similar); err != nil {
		return nil, err
	}
	if anonymous {
		a.ID = ""
	}
	return &assessmentResponse{Body: s.shownToSender(a)}, nil
}

func (s *Server) timeTriage(operation string, start time.Time) {
	s.metrics.triage.WithLabelValues(operation).Observe(time.Since(start).Seconds())
}

func caseURL(id triage.ComplaintID) string {
	return apiRoot + "/complaints/" + url.PathEscape(string(id))
}
