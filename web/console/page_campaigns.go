package console

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// campaignsView is the page that says which campaign to stop and why.
type campaignsView struct {
	State       campaign.State
	Department  string
	States      []clusterTab
	Departments []string
	Rows        []campaignRow
	Stops       int
	Adjusts     int
	Forest      block
	Table       block
	Calendar    calendarView
	MayWrite    bool
}

// campaignsQuery is the filter that an address names: running campaigns of all
// departments unless it says otherwise.
func (c *Console) campaignsQuery(v *visit) campaign.Filter {
	q := v.r.URL.Query()
	state := campaign.State(cmp.Or(oneOf(q.Get("state"), campaign.States), string(campaign.Running)))
	if q.Get("state") == "all" {
		state = ""
	}
	return campaign.Filter{State: state, Department: cut(q.Get("department"), maxWho), Now: c.d.Now()}
}

func (c *Console) campaignsPage(v *visit) (campaignsView, error) {
	f := c.campaignsQuery(v)
	view := campaignsView{State: f.State, Department: f.Department, MayWrite: v.may(access.CampaignWrite)}
	list, err := c.d.Marketing.Desk.Standings(v.r.Context(), f)
	if err != nil {
		return view, err
	}
	all, err := c.d.Marketing.Register.List(v.r.Context(), campaign.Filter{})
	if err != nil {
		return view, err
	}
	view.Departments = departmentsOf(all)
	for _, s := range append(slices.Clone(campaign.States), "") {
		name := cmp.Or(string(s), "all")
		tab := clusterTab{Name: name, Href: address("/campaigns", "state", name, "department", f.Department), Count: -1, Active: s == f.State}
		view.States = append(view.States, tab)
	}
	for i := range list {
		row, err := c.campaignRow(v.lang, &list[i])
		if err != nil {
			return view, err
		}
		view.Rows = append(view.Rows, row)
		switch row.Signal {
		case "stop":
			view.Stops++
		case "adjust":
			view.Adjusts++
		}
	}
	path := address("/campaigns/export", "state", cmp.Or(string(f.State), "all"), "department", f.Department)
	if view.Table, err = campaignTable(v.lang, path, view.Rows); err != nil {
		return view, err
	}
	if view.Forest, err = campaignForest(v.lang, path, list); err != nil {
		return view, err
	}
	view.Calendar = calendarOf(list)
	return view, nil
}

func departmentsOf(all []triage.Campaign) []string {
	var names []string
	for i := range all {
		if all[i].Department != "" {
			names = append(names, all[i].Department)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *Console) showCampaigns(v *visit) error {
	view, err := c.campaignsPage(v)
	if err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "campaigns", page{Title: "nav.campaigns", Nav: "/campaigns", View: view})
}

// exportCampaigns sends a table of the page, or of the ranking.
func (c *Console) exportCampaigns(v *visit) error {
	if v.r.URL.Query().Get("table") == "ranking" {
		view, err := c.rankingPage(v)
		if err != nil {
			return err
		}
		return c.sendCampaignBlock(v, "campaigns", []block{view.Table})
	}
	view, err := c.campaignsPage(v)
	if err != nil {
		return err
	}
	return c.sendCampaignBlock(v, "campaigns", []block{view.Table, view.Forest})
}
