package console

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// plansShown bounds the list of plans, latest first.
const plansShown = 200

var planStatuses = []prevention.PlanStatus{
	prevention.PlanDraft, prevention.PlanSubmitted, prevention.PlanApproved, prevention.PlanRunning,
	prevention.PlanStopped, prevention.PlanFinished, prevention.PlanRejected, prevention.PlanCancelled,
}

// maxClusterID bounds the id of a cluster in an address, in runes.
const maxClusterID = 40

// planState is the state of the list of plans as its address has it.
type planState struct{ Status, Cluster string }

func readPlanState(q url.Values) planState {
	return planState{Status: oneOf(q.Get("status"), planStatuses), Cluster: cut(q.Get("cluster"), maxClusterID)}
}

func (s planState) link(path string) string {
	q := url.Values{}
	if s.Status != "" {
		q.Set("status", s.Status)
	}
	if s.Cluster != "" {
		q.Set("cluster", s.Cluster)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (s planState) filter() prevention.PlanFilter {
	f := prevention.PlanFilter{Cluster: prevention.ClusterID(s.Cluster), Limit: plansShown}
	if s.Status != "" {
		f.Statuses = []prevention.PlanStatus{prevention.PlanStatus(s.Status)}
	}
	return f
}

// plansView is the list of outreach plans.
type plansView struct {
	State    planState
	Tabs     []statusTab
	Rows     []planRow
	Effect   *effectView
	Export   string
	Clear    string
	Clusters string // where a plan begins
}

// planRow is one plan in a list.
type planRow struct {
	ID, Href, Title string
	Status          prevention.PlanStatus
	Cluster         string
	ClusterHref     string
	Rule            string // the event rule it belongs to, "" for a cluster's plan
	Size, Held      int
	Done, Left      int
	Total           int
	Progress        template.HTML
	Effect          *avoided
	By, Created     string
	// begun is when customers began to be told, zero before that.
	begun time.Time
}

func (c *Console) showPlans(v *visit) error {
	ctx := v.r.Context()
	s := readPlanState(v.r.URL.Query())
	all, err := c.d.Outreach.Desk.Plans(ctx, planState{Cluster: s.Cluster}.filter())
	if err != nil {
		return err
	}
	view := plansView{State: s, Export: s.link("/outreach/export.csv"), Clusters: "/clusters"}
	view.Tabs = planTabs(s, all)
	for i := range all {
		if s.Status != "" && string(all[i].Status) != s.Status {
			continue
		}
		row, err := c.planProgress(ctx, v.lang, &all[i])
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, row)
	}
	if s.Cluster != "" {
		view.Clear = planState{Status: s.Status}.link("/outreach")
	}
	if err := c.addPooledEffect(ctx, v.lang, all, &view); err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "plans", page{Title: "nav.outreach", Nav: "/outreach", View: view})
}

// planTabs are the statuses that some plan has.
func planTabs(s planState, all []prevention.Plan) []statusTab {
	counts := map[prevention.PlanStatus]int{}
	for i := range all {
		counts[all[i].Status]++
	}
	tabs := []statusTab{{Status: anyStatus, Count: len(all), Href: planState{Cluster: s.Cluster}.link("/outreach"), Active: s.Status == ""}}
	for _, status := range planStatuses {
		if counts[status] > 0 || s.Status == string(status) {
			tabs = append(tabs, statusTab{
				Status: string(status), Count: counts[status], Active: s.Status == string(status),
				Href: planState{Status: string(status), Cluster: s.Cluster}.link("/outreach"),
			})
		}
	}
	return tabs
}

// plansOf are the plans that tell about a cluster, none without outreach.
func (c *Console) plansOf(ctx context.Context, l language, id prevention.ClusterID) ([]planRow, error) {
	if c.d.Outreach == nil {
		return nil, nil
	}
	plans, err := c.d.Outreach.Desk.Plans(ctx, prevention.PlanFilter{Cluster: id, Limit: plansShown})
	if err != nil {
		return nil, err
	}
	rows := make([]planRow, len(plans))
	for i := range plans {
		rows[i] = c.planRow(l, &plans[i])
	}
	return rows, nil
}

func (c *Console) exportPlans(v *visit) error {
	ctx := v.r.Context()
	plans, err := c.d.Outreach.Desk.Plans(ctx, readPlanState(v.r.URL.Query()).filter())
	if err != nil {
		return err
	}
	rows := make([][]string, 0, len(plans))
	for i := range plans {
		r, err := c.planProgress(ctx, v.lang, &plans[i])
		if err != nil {
			return err
		}
		effect := ""
		if r.Effect != nil {
			effect = r.Effect.Value + " (" + r.Effect.Low + ", " + r.Effect.High + ")"
		}
		rows = append(rows, []string{
			r.ID, r.Title, v.lang.label("planstate", r.Status), r.Cluster, r.Rule, count(r.Size), count(r.Held), count(r.Done), count(r.Left), effect, r.By, r.Created,
		})
	}
	return c.sendTable(v, "plans", planColumns, rows)
}

var planColumns = []string{
	"field.id", "plan.title", "field.status", "plan.cluster", "nav.rules", "plan.told", "plan.held", "plan.done", "plan.left", "strip.avoided", "plan.by", "plan.created",
}

// planID is the plan named in the path.
func (v *visit) planID() prevention.PlanID { return prevention.PlanID(v.r.PathValue("id")) }

func planPath(id prevention.PlanID) string { return "/outreach/" + url.PathEscape(string(id)) }

func newPlanPath(id prevention.ClusterID) string {
	return "/outreach/new?" + url.Values{"cluster": {string(id)}}.Encode()
}

// onWay are the statuses in which a plan may send.
var onWay = []prevention.PlanStatus{prevention.PlanApproved, prevention.PlanRunning}

func sends(p *prevention.Plan) bool { return slices.Contains(onWay, p.Status) }

// statusTab is one tab of a list by status.
type statusTab struct {
	Status string
	Href   string
	Count  int
	Active bool
}
