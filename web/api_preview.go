package web

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

type previewResponse struct{ Body previewView }

// previewView is what a plan would do if it were approved now.
type previewView struct {
	Cohort     cohortView      `json:"cohort" doc:"Without the list of customers"`
	Reached    int             `json:"reached" doc:"Who would be told or held out"`
	Unreached  map[string]int  `json:"unreached" doc:"Customers of the cohort who cannot be written to, by reason"`
	ByChannel  map[string]int  `json:"by_channel" doc:"The reached, by the first channel"`
	Segments   int             `json:"segments" doc:"Text messages to be paid for"`
	FirstAt    *time.Time      `json:"first_at" doc:"After the start and the quiet hours"`
	Recipients []recipientView `json:"recipients" doc:"Examples, most likely affected first"`
}

type recipientView struct {
	Customer triage.CustomerID `json:"customer_id"`
	Name     string            `json:"name" doc:"Masked, also in text"`
	Channel  string            `json:"channel"`
	Address  string            `json:"address" doc:"Masked"`
	Subject  string            `json:"subject"`
	Text     string            `json:"text"`
	Segments int               `json:"segments" doc:"Text messages; 0 for other channels"`
	Reason   string            `json:"reason" doc:"Why the customer cannot be told; empty when they can"`
}

// previewed is how many recipients a preview shows.
const previewed = 20

func (s *Server) previewRoutes(api huma.API) {
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "preview-plan", Method: http.MethodPost, Path: "/clusters/{id}/plans/preview",
		Summary: "What a plan would do: who is reached, who is not and why, and the text of some; nothing is stored",
	}, s.previewPlan)
}

func (s *Server) previewPlan(ctx context.Context, in *createPlanRequest) (*previewResponse, error) {
	p, err := s.planned(ctx, in)
	if err != nil {
		return nil, err
	}
	v, err := s.d.Plans.Preview(ctx, p, previewed)
	if err != nil {
		return nil, inPlan(err)
	}
	return &previewResponse{Body: s.previewView(&v)}, nil
}

func (s *Server) previewView(v *outreach.Preview) previewView {
	out := previewView{
		Cohort: s.cohortView(&v.Cohort, 0), Reached: v.Reached, Unreached: map[string]int{}, ByChannel: map[string]int{},
		Segments: v.Segments, FirstAt: s.local(v.FirstAt), Recipients: make([]recipientView, len(v.Recipients)),
	}
	maps.Copy(out.Unreached, v.Unreached)
	maps.Copy(out.ByChannel, v.ByChannel)
	for i, r := range v.Recipients {
		out.Recipients[i] = recipientView(r)
	}
	return out
}
