package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// clusterDesk is what the API calls of [desk.Service].
type clusterDesk interface {
	clusterReader
	clusterLife
	clusterWork
	clusterCorrections
}

type clusterReader interface {
	Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error)
	Cluster(ctx context.Context, id prevention.ClusterID) (prevention.Cluster, error)
	View(ctx context.Context, id prevention.ClusterID) (desk.View, error)
	Members(ctx context.Context, id prevention.ClusterID) ([]prevention.Member, error)
	Cohort(ctx context.Context, id prevention.ClusterID, try *prevention.Rule) (prevention.Cohort, error)
}

var _ clusterDesk = (*desk.Service)(nil)

// idRequest asks for one thing: a cluster, a plan or an event rule.
type idRequest struct {
	ID string `path:"id" maxLength:"40"`
}

type clustersRequest struct {
	Stage  string `query:"stage" enum:"candidate,confirmed,acting,watching,closed,dismissed"`
	Active bool   `query:"active" doc:"Without closed, dismissed and merged ones"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type clustersResponse struct {
	Body struct {
		Items []clusterSummary `json:"items" doc:"Latest alarm first"`
		Next  string           `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type clusterResponse struct {
	Location string `header:"Location" doc:"Address of a cluster that was made"`
	Body     clusterDetail
}

type membersRequest struct {
	ID     string `path:"id" maxLength:"40"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit  int    `query:"limit" default:"200" minimum:"1" maximum:"1000"`
}

type membersResponse struct {
	Body struct {
		Items []memberView `json:"items" doc:"Latest first"`
		Next  string       `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

func (s *Server) clusterRoutes(api huma.API) {
	const one = "/clusters/{id}"
	register(s, api, access.ClusterRead, huma.Operation{
		OperationID: "list-clusters", Method: http.MethodGet, Path: "/clusters", Summary: "Common problems of several customers",
	}, s.listClusters)
	register(s, api, access.ClusterRead, huma.Operation{
		OperationID: "get-cluster", Method: http.MethodGet, Path: one, Summary: "One cluster with what explains it",
	}, s.getCluster)
	register(s, api, access.ClusterRead, huma.Operation{
		OperationID: "list-members", Method: http.MethodGet, Path: one + "/members", Summary: "The complaints of a cluster",
	}, s.listMembers)
	register(s, api, access.ClusterRead, huma.Operation{
		OperationID: "list-cluster-trail", Method: http.MethodGet, Path: one + "/trail", Summary: "Who did what to the cluster",
	}, s.clusterTrail)
	s.cohortRoutes(api)
	s.clusterWorkRoutes(api)
	s.clusterCorrectionRoutes(api)
}

func (s *Server) listClusters(ctx context.Context, in *clustersRequest) (*clustersResponse, error) {
	f := prevention.ClusterFilter{Active: in.Active, Cursor: in.Cursor, Limit: in.Limit}
	if in.Stage != "" {
		f.Stages = []prevention.Stage{prevention.Stage(in.Stage)}
	}
	page, err := s.d.Clusters.Clusters(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &clustersResponse{}
	out.Body.Next = page.Next
	out.Body.Items = make([]clusterSummary, len(page.Clusters))
	for i := range page.Clusters {
		out.Body.Items[i] = s.clusterSummary(&page.Clusters[i])
	}
	return out, nil
}

func (s *Server) getCluster(ctx context.Context, in *idRequest) (*clusterResponse, error) {
	return s.answerCluster(ctx, in.ID, nil)
}

// answerCluster answers a cluster as it is after a change.
func (s *Server) answerCluster(ctx context.Context, id string, err error) (*clusterResponse, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.d.Clusters.View(ctx, prevention.ClusterID(id))
	if err != nil {
		return nil, err
	}
	return &clusterResponse{Body: s.clusterDetail(&v)}, nil
}

func (s *Server) listMembers(ctx context.Context, in *membersRequest) (*membersResponse, error) {
	members, err := s.d.Clusters.Members(ctx, prevention.ClusterID(in.ID))
	if err != nil {
		return nil, err
	}
	if in.Cursor != "" {
		if members, err = membersAfter(members, in.Cursor); err != nil {
			return nil, err
		}
	}
	out := &membersResponse{}
	if len(members) > in.Limit {
		members = members[:in.Limit]
		last := &members[in.Limit-1]
		out.Body.Next = strconv.FormatInt(last.At.UnixMilli(), 10) + "." + string(last.Complaint)
	}
	out.Body.Items = s.memberViews(members)
	return out, nil
}

// membersAfter drops the members up to the place of a cursor. It is a time and
// an id, so that it holds when members come or go.
func membersAfter(members []prevention.Member, cursor string) ([]prevention.Member, error) {
	millis, id, _ := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(millis, 10, 64)
	if err != nil {
		return nil, triage.FieldErrorf("cursor", "is not one of ours; leave it out to start again")
	}
	at := time.UnixMilli(n)
	for i := range members {
		m := &members[i]
		if m.At.Before(at) || m.At.Equal(at) && string(m.Complaint) < id {
			return members[i:], nil
		}
	}
	return nil, nil
}

func (s *Server) clusterTrail(ctx context.Context, in *idRequest) (*trailResponse, error) {
	c, err := s.d.Clusters.Cluster(ctx, prevention.ClusterID(in.ID))
	if err != nil {
		return nil, err
	}
	return s.answerTrail(ctx, prevention.ClusterObject(c.ID))
}
