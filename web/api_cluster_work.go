package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage/access"

	"github.com/qianyi-dev/qianyi/prevention"
)

// clusterLife moves a cluster on.
type clusterLife interface {
	SetStage(ctx context.Context, id prevention.ClusterID, to prevention.Stage, by string) error
	Assign(ctx context.Context, id prevention.ClusterID, owner, by string) error
	SetTitle(ctx context.Context, id prevention.ClusterID, title, by string) error
	SetSolution(ctx context.Context, id prevention.ClusterID, solution, by string) error
	SetRule(ctx context.Context, id prevention.ClusterID, rule prevention.Rule, by string) error
}

// clusterWork is what people do about a cluster.
type clusterWork interface {
	AddNote(ctx context.Context, id prevention.ClusterID, text, by string) error
	PutAction(ctx context.Context, a prevention.Action, by string) (int64, error)
	Done(ctx context.Context, id prevention.ClusterID, action int64, by string) error
	Silence(ctx context.Context, id prevention.ClusterID, until time.Time, by string) error
}

type stageRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_     struct{} `additionalProperties:"false"`
		Stage string   `json:"stage" enum:"candidate,confirmed,acting,watching,closed,dismissed"`
	}
}

type ownerRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_     struct{} `additionalProperties:"false"`
		Owner string   `json:"owner" doc:"Empty takes the cluster away from its owner"`
	}
}

type titleRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_     struct{} `additionalProperties:"false"`
		Title string   `json:"title"`
	}
}

type solutionRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_        struct{} `additionalProperties:"false"`
		Solution string   `json:"solution" doc:"Id of a standard solution; empty unlinks it"`
	}
}

type clusterRuleRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body ruleInput
}

type noteRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_    struct{} `additionalProperties:"false"`
		Text string   `json:"text"`
	}
}

type addActionRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_          struct{} `additionalProperties:"false"`
		Title      string   `json:"title"`
		Department string   `json:"department"`
		Owner      string   `json:"owner,omitempty"`
		DueAt      string   `json:"due_at"`
	}
}

type doneRequest struct {
	ID     string `path:"id" maxLength:"40"`
	Action int64  `path:"action"`
}

type silenceRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_     struct{} `additionalProperties:"false"`
		Until string   `json:"until" doc:"Empty ends the silence"`
	}
}

func (s *Server) clusterWorkRoutes(api huma.API) {
	const one = "/clusters/{id}"
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "set-cluster-stage", Method: http.MethodPost, Path: one + "/stage", Summary: "Move a cluster on in its life",
	}, s.setStage)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "assign-cluster", Method: http.MethodPost, Path: one + "/owner", Summary: "Give a cluster to a person",
	}, s.assign)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "set-cluster-title", Method: http.MethodPost, Path: one + "/title", Summary: "Name a cluster; the machine keeps it",
	}, s.setTitle)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "set-cluster-solution", Method: http.MethodPost, Path: one + "/solution", Summary: "Link what solved the problem",
	}, s.setSolution)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "set-cluster-rule", Method: http.MethodPost, Path: one + "/rule", Summary: "Say who is affected; the machine keeps it",
	}, s.setRule)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "add-cluster-note", Method: http.MethodPost, Path: one + "/notes", Summary: "Add a remark",
	}, s.addNote)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "add-cluster-action", Method: http.MethodPost, Path: one + "/actions", Summary: "Add work on the cause",
	}, s.addAction)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "finish-cluster-action", Method: http.MethodPost, Path: one + "/actions/{action}/done", Summary: "Mark work as done",
	}, s.finishAction)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "silence-cluster", Method: http.MethodPost, Path: one + "/silence", Summary: "Do not alarm the team about it until a time",
	}, s.silenceCluster)
}

func (s *Server) setStage(ctx context.Context, in *stageRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.SetStage(ctx, prevention.ClusterID(in.ID), prevention.Stage(in.Body.Stage), requestOf(ctx).actor))
}

func (s *Server) assign(ctx context.Context, in *ownerRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.Assign(ctx, prevention.ClusterID(in.ID), in.Body.Owner, requestOf(ctx).actor))
}

func (s *Server) setTitle(ctx context.Context, in *titleRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.SetTitle(ctx, prevention.ClusterID(in.ID), in.Body.Title, requestOf(ctx).actor))
}

func (s *Server) setSolution(ctx context.Context, in *solutionRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.SetSolution(ctx, prevention.ClusterID(in.ID), in.Body.Solution, requestOf(ctx).actor))
}

func (s *Server) setRule(ctx context.Context, in *clusterRuleRequest) (*clusterResponse, error) {
	rule, err := s.rule(in.Body)
	if err != nil {
		return nil, err
	}
	return s.answerCluster(ctx, in.ID, s.d.Clusters.SetRule(ctx, prevention.ClusterID(in.ID), rule, requestOf(ctx).actor))
}

func (s *Server) addNote(ctx context.Context, in *noteRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.AddNote(ctx, prevention.ClusterID(in.ID), in.Body.Text, requestOf(ctx).actor))
}

func (s *Server) addAction(ctx context.Context, in *addActionRequest) (*clusterResponse, error) {
	due, err := s.parseTime("due_at", in.Body.DueAt)
	if err != nil {
		return nil, err
	}
	_, err = s.d.Clusters.PutAction(ctx, prevention.Action{
		Cluster: prevention.ClusterID(in.ID), Title: in.Body.Title, Department: in.Body.Department, Owner: in.Body.Owner, DueAt: due,
	}, requestOf(ctx).actor)
	return s.answerCluster(ctx, in.ID, err)
}

func (s *Server) finishAction(ctx context.Context, in *doneRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.Done(ctx, prevention.ClusterID(in.ID), in.Action, requestOf(ctx).actor))
}

func (s *Server) silenceCluster(ctx context.Context, in *silenceRequest) (*clusterResponse, error) {
	until, err := s.parseTime("until", in.Body.Until)
	if err != nil {
		return nil, err
	}
	return s.answerCluster(ctx, in.ID, s.d.Clusters.Silence(ctx, prevention.ClusterID(in.ID), until, requestOf(ctx).actor))
}
