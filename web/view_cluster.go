package web

import (
	"maps"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/triage"
)

// clusterSummary is a cluster as one row of a list.
type clusterSummary struct {
	ID         prevention.ClusterID `json:"id"`
	Title      string               `json:"title"`
	Stage      prevention.Stage     `json:"stage" enum:"candidate,confirmed,acting,watching,closed,dismissed"`
	Path       prevention.Path      `json:"path" enum:"text,facts,hand" doc:"How it was found: common wording, a combination of attributes, or by a person"`
	Type       string               `json:"type" doc:"Type of most members"`
	Alarm      *alarmView           `json:"alarm,omitempty" doc:"Missing when a person made the cluster"`
	Complaints int                  `json:"complaints"`
	Customers  int                  `json:"distinct_customers"`
	Copies     int                  `json:"copies" doc:"Complaints that repeat the text of another customer"`
	Estimate   prevention.Estimate  `json:"estimate"`
	FirstAt    *time.Time           `json:"first_at"`
	LastAt     *time.Time           `json:"last_at"`
	Owner      string               `json:"owner"`
	MergedInto prevention.ClusterID `json:"merged_into,omitempty"`
	Historic   bool                 `json:"historic" doc:"Found in records that came in long after their time; nobody was alarmed"`
	Version    int64                `json:"version"`
}

type alarmView struct {
	At         *time.Time          `json:"at"`
	Severity   prevention.Severity `json:"severity" enum:"alert,critical"`
	Score      float64             `json:"score" doc:"-log10 of p_value"`
	PValue     float64             `json:"p_value"`
	Days       int                 `json:"days" doc:"Length of the window that alarmed"`
	Baseline   float64             `json:"baseline" doc:"Distinct customers expected in the window"`
	Low        float64             `json:"low"`
	High       float64             `json:"high"`
	Complaints int                 `json:"count"`
	Customers  int                 `json:"distinct_customers"`
	Copies     int                 `json:"copies"`
}

// clusterDetail is a cluster with what explains it.
type clusterDetail struct {
	clusterSummary
	Terms           []prevention.Term      `json:"terms"`
	Attributes      []prevention.Attribute `json:"attributes"`
	Representatives []triage.ComplaintID   `json:"representatives"`
	Neighbours      []prevention.Neighbour `json:"neighbours"`
	Solution        string                 `json:"solution" doc:"Id of the linked solution"`
	Rule            *prevention.Rule       `json:"rule,omitempty" doc:"Who is affected; missing while nothing significant is known"`
	RuleBy          string                 `json:"rule_by" doc:"Who edited the rule; empty for the machine"`
	Series          []seriesPoint          `json:"series"`
	Actions         []actionView           `json:"actions" doc:"The first due first"`
	Notes           []noteView             `json:"notes"`
	Silenced        *time.Time             `json:"silenced_until"`
	Moves           []prevention.Stage     `json:"moves" doc:"Stages that may follow"`
}

// TransformSchema adds the fields of the summary, because huma leaves out what
// is embedded by a name of lower case.
func (*clusterDetail) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	summary := huma.SchemaFromType(r, reflect.TypeFor[clusterSummary]())
	maps.Copy(s.Properties, summary.Properties)
	s.Required = append(s.Required, summary.Required...)
	return s
}

type seriesPoint struct {
	Day        string  `json:"day" example:"2026-05-06"`
	Customers  int     `json:"distinct_customers"`
	Complaints int     `json:"complaints" doc:"All complaints of the service on that day"`
	Expected   float64 `json:"expected"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
}

type actionView struct {
	ID         int64      `json:"id"`
	Title      string     `json:"title"`
	Department string     `json:"department"`
	Owner      string     `json:"owner"`
	DueAt      *time.Time `json:"due_at"`
	DoneAt     *time.Time `json:"done_at"`
}

type noteView struct {
	By   string     `json:"by"`
	At   *time.Time `json:"at"`
	Text string     `json:"text"`
}

type memberView struct {
	Complaint triage.ComplaintID `json:"complaint"`
	Customer  triage.CustomerID  `json:"customer_id"`
	At        *time.Time         `json:"at"`
	Copy      bool               `json:"copy"`
	Pinned    bool               `json:"pinned" doc:"A person put it here"`
}

func (s *Server) clusterSummary(c *prevention.Cluster) clusterSummary {
	v := clusterSummary{
		ID: c.ID, Title: s.d.Mask(c.Title), Stage: c.Stage, Path: c.Path, Type: c.Type,
		Complaints: c.Complaints, Customers: c.Customers, Copies: c.Copies, Estimate: c.Estimate,
		FirstAt: s.local(c.FirstAt), LastAt: s.local(c.LastAt), Owner: c.Owner,
		MergedInto: c.MergedInto, Historic: c.Historic, Version: c.Version,
	}
	if a := &c.Alarm; a.Customers > 0 { // else only a time to sort by
		v.Alarm = &alarmView{
			At: s.local(a.At), Severity: a.Severity, Score: a.Score, PValue: a.PValue, Days: a.Days,
			Baseline: a.Baseline, Low: a.Low, High: a.High, Complaints: a.Complaints, Customers: a.Customers, Copies: a.Copies,
		}
	}
	return v
}

func (s *Server) clusterDetail(v *desk.View) clusterDetail {
	c := &v.Cluster
	d := clusterDetail{
		clusterSummary: s.clusterSummary(c),
		Terms:          masked(c.Explanation.Terms, func(t *prevention.Term) { t.Text = s.d.Mask(t.Text) }),
		Attributes:     masked(c.Explanation.Attributes, func(a *prevention.Attribute) { a.Value = s.d.Mask(a.Value) }),
		Neighbours:     masked(c.Explanation.Neighbours, func(n *prevention.Neighbour) { n.Title = s.d.Mask(n.Title) }),
		Solution:       c.Solution, RuleBy: c.RuleBy, Silenced: s.local(v.Silenced), Moves: list(c.Stage.Moves()),
		Representatives: list(c.Explanation.Representatives),
		Series:          make([]seriesPoint, len(v.Series)), Actions: make([]actionView, len(v.Actions)), Notes: make([]noteView, len(v.Notes)),
	}
	if c.Rule != nil {
		rule := s.shownRule(*c.Rule)
		d.Rule = &rule
	}
	for i, p := range v.Series {
		d.Series[i] = seriesPoint{
			Day: p.Day.Format(time.DateOnly), Customers: p.Customers, Complaints: p.Complaints, Expected: p.Expected, Low: p.Low, High: p.High,
		}
	}
	for i, a := range v.Actions {
		d.Actions[i] = actionView{
			ID: a.ID, Title: s.d.Mask(a.Title), Department: a.Department, Owner: a.Owner, DueAt: s.local(a.DueAt), DoneAt: s.local(a.DoneAt),
		}
	}
	for i, n := range v.Notes {
		d.Notes[i] = noteView{By: n.By, At: s.local(n.At), Text: s.d.Mask(n.Text)}
	}
	return d
}

// masked copies a list, never nil, and hides personal data in the copy.
func masked[T any](items []T, hide func(*T)) []T {
	items = list(items)
	for i := range items {
		hide(&items[i])
	}
	return items
}

func (s *Server) memberViews(members []prevention.Member) []memberView {
	views := make([]memberView, len(members))
	for i, m := range members {
		views[i] = memberView{Complaint: m.Complaint, Customer: m.Customer, At: s.local(m.At), Copy: m.Copy, Pinned: m.Pinned}
	}
	return views
}
