package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage/access"

	"github.com/qianyi-dev/qianyi/prevention"
)

type cohortRequest struct {
	ID    string `path:"id" maxLength:"40"`
	Limit int    `query:"limit" default:"1000" minimum:"0" maximum:"100000" doc:"How many customers to list, the likeliest first"`
}

type cohortResponse struct{ Body cohortView }

type tryCohortRequest struct {
	ID    string `path:"id" maxLength:"40"`
	Limit int    `query:"limit" minimum:"0" maximum:"100000" doc:"How many customers to list; none by default, for the counts"`
	Body  ruleInput
}

// ruleInput is a rule as a person edits it.
type ruleInput struct {
	_          struct{}         `additionalProperties:"false"`
	Conditions []conditionInput `json:"conditions" maxItems:"5" nullable:"false"`
	Regions    []string         `json:"regions,omitempty" maxItems:"500" doc:"Any of these; empty is everywhere"`
}

type conditionInput struct {
	_     struct{}          `additionalProperties:"false"`
	Kind  string            `json:"kind" maxLength:"200" example:"payment"`
	Key   string            `json:"key,omitempty" maxLength:"200" doc:"Empty is any"`
	Attrs map[string]string `json:"attrs,omitempty" doc:"All equal in the same exposure"`
	From  string            `json:"from,omitempty" doc:"Exposures from this time on"`
	To    string            `json:"to,omitempty" doc:"Exposures before this time"`
}

func (s *Server) cohortRoutes(api huma.API) {
	const path = "/clusters/{id}/cohort"
	register(s, api, access.ClusterRead, huma.Operation{
		OperationID: "get-cohort", Method: http.MethodGet, Path: path,
		Summary: "The affected customers who have not complained, by the cluster's rule",
	}, s.getCohort)
	register(s, api, access.ClusterRead, huma.Operation{
		OperationID: "try-cohort", Method: http.MethodPost, Path: path,
		Summary: "The cohort that another rule would give; nothing is stored",
	}, s.tryCohort)
}

func (s *Server) getCohort(ctx context.Context, in *cohortRequest) (*cohortResponse, error) {
	return s.answerCohort(ctx, in.ID, nil, in.Limit)
}

func (s *Server) tryCohort(ctx context.Context, in *tryCohortRequest) (*cohortResponse, error) {
	rule, err := s.rule(in.Body)
	if err != nil {
		return nil, err
	}
	return s.answerCohort(ctx, in.ID, &rule, in.Limit)
}

func (s *Server) answerCohort(ctx context.Context, id string, try *prevention.Rule, limit int) (*cohortResponse, error) {
	c, err := s.d.Clusters.Cohort(ctx, prevention.ClusterID(id), try)
	if err != nil {
		return nil, err
	}
	return &cohortResponse{Body: s.cohortView(&c, limit)}, nil
}

// rule understands the times of an edited rule.
func (s *Server) rule(in ruleInput) (prevention.Rule, error) {
	r := prevention.Rule{Regions: in.Regions, Conditions: make([]prevention.Condition, len(in.Conditions))}
	for i, c := range in.Conditions {
		var err error
		if r.Conditions[i], err = s.condition(fmt.Sprintf("conditions[%d]", i), c); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (s *Server) condition(field string, c conditionInput) (prevention.Condition, error) {
	from, err := s.parseTime(field+".from", c.From)
	if err != nil {
		return prevention.Condition{}, err
	}
	to, err := s.parseTime(field+".to", c.To)
	return prevention.Condition{Kind: c.Kind, Key: c.Key, Attrs: c.Attrs, From: from, To: to}, err
}
