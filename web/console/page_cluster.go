package console

import (
	"context"
	"html/template"
	"io"
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// clusterTab is one of the pages of a cluster.
type clusterTab struct {
	Name, Href string
	Count      int // -1 for none
	Active     bool
}

// clusterHead is what all pages of a cluster begin with.
type clusterHead struct {
	Card     clusterCard
	Path     string
	Headline string
	Steps    []clusterStep
	Tabs     []clusterTab
	// MergedInto is the address of the cluster that took this one in.
	MergedInto, MergedName string
	// MayWork says whether the visitor may do more than look.
	MayWork bool
}

// clusterStep is one station in the life of a cluster: done, now or ahead.
type clusterStep struct {
	Stage prevention.Stage
	State string
}

// clusterView is the first page of a cluster.
type clusterView struct {
	clusterHead
	Verdict    string // key of how sure we are
	ShortTerms []prevention.Term
	Running    string
	Chart      template.HTML
	Days       []dayRow
	Berg       template.HTML
	Silent     int
	Terms      []termRow
	Attributes []attributeRow
	Examples   []memberRow
	Neighbours []neighbourRow
	Alarm      *alarmRow
	Rule       string

	Moves     []prevention.Stage
	Actions   []actionRow
	Notes     []noteRow
	Solution  string
	Silenced  string
	Announced []announcedRow
	Trail     []trailRow
	Plans     []planRow
	Others    []option // clusters that this one can go into

	Departments []string
	User        string
	Tomorrow    string // a proposal for a due time
	NewPlan     string // "" without outreach
	Improve     string // address of a new improvement, "" for none
	Ended       bool
	Refused     refusedForm
}

func (c *Console) showCluster(v *visit) error {
	return c.renderCluster(v, http.StatusOK, refusedForm{})
}

func (c *Console) renderCluster(v *visit, status int, refused refusedForm) error {
	ctx := v.r.Context()
	view, err := c.d.Alarms.Desk.View(ctx, v.clusterID())
	if err != nil {
		return err
	}
	head, err := c.clusterHead(v, &view.Cluster, "overview")
	if err != nil {
		return err
	}
	p := clusterView{clusterHead: head, User: v.user.Name, Refused: refused}
	c.explain(v.lang, &view, &p)
	c.lifeOf(v.lang, &view, &p)
	if v.may(access.OutreachRead) {
		if p.Plans, err = c.plansOf(ctx, v.lang, view.Cluster.ID); err != nil {
			return err
		}
	}
	if !v.may(access.OutreachWrite) {
		p.NewPlan = ""
	}
	if c.d.Staff != nil && v.may(access.ImproveWork) {
		p.Improve = address("/improvements/new", "cluster", string(view.Cluster.ID))
	}
	if err := c.drawings(v.lang, &view, &p); err != nil {
		return err
	}
	if p.Examples, err = c.exampleRows(v, &view); err != nil {
		return err
	}
	if p.Others, err = c.otherClusters(ctx, v.lang, view.Cluster.ID); err != nil {
		return err
	}
	return c.render(v, status, "cluster", page{Title: "nav.clusters", Nav: "/clusters", Name: p.Card.ID + " " + p.Card.Title, View: p})
}

func (c *Console) clusterHead(v *visit, k *prevention.Cluster, tab string) (clusterHead, error) {
	h := clusterHead{Card: c.clusterCard(v.lang, k), MayWork: v.may(access.ClusterWork), Path: clusterPath(k.ID), Steps: clusterSteps(k.Stage)}
	h.Tabs = []clusterTab{
		{Name: "overview", Href: h.Path, Count: -1},
		{Name: "members", Href: h.Path + "/members", Count: k.Complaints},
		{Name: "cohort", Href: h.Path + "/cohort", Count: -1},
	}
	for i := range h.Tabs {
		h.Tabs[i].Active = h.Tabs[i].Name == tab
	}
	if k.MergedInto != "" {
		h.MergedInto, h.MergedName = clusterPath(k.MergedInto), string(k.MergedInto)
	}
	var err error
	h.Headline, err = c.headline(v.lang, k)
	return h, err
}

func clusterSteps(now prevention.Stage) []clusterStep {
	at := slices.Index(prevention.Stages, now)
	steps := make([]clusterStep, len(prevention.Stages))
	for i, s := range prevention.Stages {
		steps[i] = clusterStep{Stage: s, State: "ahead"}
		switch {
		case i < at:
			steps[i].State = "done"
		case i == at:
			steps[i].State = "now"
		}
	}
	return steps
}

// otherClusters are the active clusters that another one can go into.
func (c *Console) otherClusters(ctx context.Context, l language, but prevention.ClusterID) ([]option, error) {
	p, err := c.d.Alarms.Desk.Clusters(ctx, prevention.ClusterFilter{Active: true, Limit: boardLimit})
	if err != nil {
		return nil, err
	}
	var all []option
	for i := range p.Clusters {
		if k := &p.Clusters[i]; k.ID != but && k.MergedInto == "" {
			all = append(all, option{Value: string(k.ID), Label: string(k.ID) + " " + c.clusterTitle(l, k)})
		}
	}
	return all, nil
}

// saveDrawing sends one of the pictures of a cluster as a file.
func (c *Console) saveDrawing(v *visit) error {
	view, err := c.d.Alarms.Desk.View(v.r.Context(), v.clusterID())
	if err != nil {
		return err
	}
	p := clusterView{}
	if p.Plans, err = c.plansOf(v.r.Context(), v.lang, view.Cluster.ID); err != nil {
		return err
	}
	if err := c.drawings(v.lang, &view, &p); err != nil {
		return err
	}
	picture := map[string]template.HTML{"chart.svg": p.Chart, "iceberg.svg": p.Berg}[v.r.PathValue("picture")]
	if picture == "" {
		return c.notFound(v)
	}
	v.w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="qianyi-`+v.r.PathValue("picture")+`"`)
	_, _ = io.WriteString(v.w, string(picture)) // the reader may have gone
	return nil
}
