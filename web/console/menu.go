package console

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// navItem is an entry of the menu as it is shown.
type navItem struct {
	Href, Key, Icon string
	Active          bool
	Count           int // of what waits for the user there, 0 is not shown
}

// navGroup is what stands together in the menu; Key says in a word what it is.
type navGroup struct {
	Key   string
	Items []navItem
}

// menuEntry is an entry of the menu for those who may open it.
type menuEntry struct {
	href, key, icon string
	needs           access.Permission
	there           bool
}

type menuGroup struct {
	key     string
	entries []menuEntry
}

// The groups of the menu.
const (
	menuCases     = "menu.cases"
	menuPeople    = "menu.people"
	menuPrevent   = "menu.prevent"
	menuMarketing = "menu.marketing"
	menuQuality   = "menu.quality"
	menuSystem    = "menu.system"
)

// menuFirst is the group that a role works with most, for those who do not work
// on cases.
var menuFirst = map[triage.Role]string{
	triage.RoleMarketing: menuMarketing, triage.RoleQuality: menuQuality, triage.RoleAuditor: menuQuality,
}

// menu is the whole menu: what a user may not open, and what this service does
// not have, is left out.
func (c *Console) menu() []menuGroup {
	d := &c.d
	return []menuGroup{
		{menuCases, []menuEntry{
			{"/", "nav.queue", "inbox", access.CaseRead, true},
			{"/breaches", "nav.breaches", "clock", access.CaseRead, d.Life != nil},
			{"/new", "nav.new", "plus", access.IntakeAdd, true},
			{"/solutions", "nav.solutions", "spark", access.SolutionRead, d.Library != nil},
			{"/staff/me", "nav.own_card", "user", access.CaseWork, d.Staff != nil},
		}},
		{menuPeople, []menuEntry{
			{"/customers", "nav.customers", "people", access.CustomerRead, d.People != nil},
			{"/contacts", "nav.contacts", "phone", access.CustomerRead, d.People != nil},
			{"/tasks", "nav.tasks", "tasks", access.CustomerRead, d.People != nil},
			{"/satisfaction", "nav.satisfaction", "smile", access.CustomerRead, d.People != nil},
		}},
		{menuPrevent, []menuEntry{
			{"/clusters", "nav.clusters", "alarm", access.ClusterRead, d.Alarms != nil},
			{"/outreach", "nav.outreach", "reach", access.OutreachRead, d.Outreach != nil},
			{"/rules", "nav.rules", "bolt", access.OutreachRead, d.Outreach != nil && d.Outreach.Rules != nil},
		}},
		{menuMarketing, []menuEntry{
			{"/campaigns", "nav.campaigns", "play", access.CampaignRead, d.Marketing != nil},
			{"/campaigns/check", "nav.launch", "check", access.CampaignRead, d.Launch != nil},
			{"/counter", "nav.counter", "user", access.CounterUse, d.Counter != nil},
		}},
		{menuQuality, []menuEntry{
			{"/quality", "nav.quality", "model", access.QualityRead, d.Quality != nil},
			{"/staff", "nav.staff", "people", access.QualityRead, d.Staff != nil},
			{"/improvements", "nav.improvements", "check", access.QualityRead, d.Staff != nil},
			{"/reports", "nav.reports", "tasks", access.ReportRead, d.Reports != nil},
			{"/silence", "nav.silence", "reach", access.ReportRead, d.Reports != nil},
		}},
		{menuSystem, []menuEntry{
			{"/model", "nav.model", "model", access.ModelRead, true},
			{"/jobs", "nav.jobs", "clock", access.JobRead, d.Jobs != nil},
			{"/users", "nav.users", "people", access.UserManage, d.Rights != nil},
			{"/apikeys", "nav.apikeys", "bolt", access.UserManage, d.Rights != nil},
			{"/audit", "nav.audit", "eye", access.AuditRead, d.Rights != nil},
		}},
	}
}

// navigation is the menu of the user of the visit, the group of their work
// first.
func (c *Console) navigation(v *visit, active string) []navGroup {
	var groups []navGroup
	for _, g := range c.menu() {
		group := navGroup{Key: g.key}
		for _, m := range g.entries {
			if !m.there || !v.may(m.needs) {
				continue
			}
			item := navItem{Href: m.href, Key: m.key, Icon: m.icon, Active: m.href == active}
			if m.href == "/tasks" {
				item.Count = c.waitingTasks(v)
			}
			group.Items = append(group.Items, item)
		}
		switch {
		case group.Items == nil:
		case menuFirst[v.user.Role] == g.key:
			groups = slices.Insert(groups, 0, group)
		default:
			groups = append(groups, group)
		}
	}
	return groups
}

// activeItem is the entry that the page belongs to, empty for none.
func activeItem(groups []navGroup) navItem {
	for _, g := range groups {
		for _, item := range g.Items {
			if item.Active {
				return item
			}
		}
	}
	return navItem{}
}
