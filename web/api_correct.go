package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// clusterCorrections change what belongs together.
type clusterCorrections interface {
	Propose(ctx context.Context, complaints []triage.ComplaintID, title, by string) (prevention.ClusterID, error)
	Move(ctx context.Context, from, target prevention.ClusterID, complaints []triage.ComplaintID, by string) error
	Split(ctx context.Context, from prevention.ClusterID, complaints []triage.ComplaintID, title, by string) (prevention.ClusterID, error)
	Merge(ctx context.Context, from, into prevention.ClusterID, by string) error
	Dismiss(ctx context.Context, id prevention.ClusterID, by string) error
}

type proposeRequest struct {
	Body struct {
		_          struct{}             `additionalProperties:"false"`
		Complaints []triage.ComplaintID `json:"complaints" minItems:"1" maxItems:"10000" nullable:"false"`
		Title      string               `json:"title"`
	}
}

type moveRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_          struct{}             `additionalProperties:"false"`
		Complaints []triage.ComplaintID `json:"complaints" minItems:"1" maxItems:"10000" nullable:"false"`
		Target     string               `json:"target,omitempty" maxLength:"40" doc:"Cluster they belong to; empty is none"`
	}
}

type splitRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_          struct{}             `additionalProperties:"false"`
		Complaints []triage.ComplaintID `json:"complaints" minItems:"1" maxItems:"10000" nullable:"false"`
		Title      string               `json:"title,omitempty" doc:"That of the old one by default"`
	}
}

type mergeRequest struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		_      struct{} `additionalProperties:"false"`
		Target string   `json:"target" maxLength:"40" doc:"Cluster that takes this one in"`
	}
}

func (s *Server) clusterCorrectionRoutes(api huma.API) {
	const one = "/clusters/{id}"
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "propose-cluster", Method: http.MethodPost, Path: "/clusters", DefaultStatus: http.StatusCreated,
		Summary: "Make a cluster of complaints that a person sees together",
	}, s.proposeCluster)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "move-members", Method: http.MethodPost, Path: one + "/move", Summary: "Take complaints out of a cluster, for ever",
	}, s.moveMembers)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "split-cluster", Method: http.MethodPost, Path: one + "/split", DefaultStatus: http.StatusCreated,
		Summary: "Make a new cluster of some members; answers the new one",
	}, s.splitCluster)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "merge-cluster", Method: http.MethodPost, Path: one + "/merge", Summary: "Put a cluster into another one; answers that one",
	}, s.mergeCluster)
	register(s, api, access.ClusterWork, huma.Operation{
		OperationID: "dismiss-cluster", Method: http.MethodPost, Path: one + "/dismiss", Summary: "Say that it is no cluster; it never alarms again",
	}, s.dismissCluster)
}

func (s *Server) proposeCluster(ctx context.Context, in *proposeRequest) (*clusterResponse, error) {
	id, err := s.d.Clusters.Propose(ctx, in.Body.Complaints, in.Body.Title, requestOf(ctx).actor)
	return s.answerNewCluster(ctx, id, err)
}

func (s *Server) moveMembers(ctx context.Context, in *moveRequest) (*clusterResponse, error) {
	err := s.d.Clusters.Move(ctx, prevention.ClusterID(in.ID), prevention.ClusterID(in.Body.Target), in.Body.Complaints, requestOf(ctx).actor)
	return s.answerCluster(ctx, in.ID, err)
}

func (s *Server) splitCluster(ctx context.Context, in *splitRequest) (*clusterResponse, error) {
	id, err := s.d.Clusters.Split(ctx, prevention.ClusterID(in.ID), in.Body.Complaints, in.Body.Title, requestOf(ctx).actor)
	return s.answerNewCluster(ctx, id, err)
}

func (s *Server) answerNewCluster(ctx context.Context, id prevention.ClusterID, err error) (*clusterResponse, error) {
	out, err := s.answerCluster(ctx, string(id), err)
	if err == nil {
		out.Location = apiRoot + "/clusters/" + url.PathEscape(string(id))
	}
	return out, err
}

func (s *Server) mergeCluster(ctx context.Context, in *mergeRequest) (*clusterResponse, error) {
	err := s.d.Clusters.Merge(ctx, prevention.ClusterID(in.ID), prevention.ClusterID(in.Body.Target), requestOf(ctx).actor)
	return s.answerCluster(ctx, in.Body.Target, err)
}

func (s *Server) dismissCluster(ctx context.Context, in *idRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, s.d.Clusters.Dismiss(ctx, prevention.ClusterID(in.ID), requestOf(ctx).actor))
}
