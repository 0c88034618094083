package console

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// breachesView is the list of missed time limits by one clock, or of those that
// are nearly missed.
type breachesView struct {
	Clock       life.Clock
	Near        bool
	Tabs        []orderTab
	Department  string
	Owner       string
	Clocks      []orderTab
	Departments []string
	Rows        []breachRow
	Next, First string
	Export      string
}

type breachRow struct {
	queueRow
	Due, Late string
}

// The tabs of the page, as in the addresses and the catalogue.
const (
	tabLate = "late"
	tabNear = "near"
)

func breachTab(near bool) string {
	if near {
		return tabNear
	}
	return tabLate
}

func (c *Console) readBreachFilter(v *visit) life.BreachFilter {
	q := v.r.URL.Query()
	f := life.BreachFilter{
		Clock: life.Clock(q.Get("clock")), Department: q.Get("department"), Owner: q.Get("owner"),
		Near: q.Get("tab") == tabNear, Scope: triage.ScopeOf(v.user), Cursor: q.Get("cursor"), Limit: pageRows,
	}
	if !slices.Contains(life.Clocks, f.Clock) {
		f.Clock = life.ClockStep
	}
	return f
}

// breachLink is the address of the list of a filter.
func breachLink(path string, f life.BreachFilter) string {
	q := url.Values{}
	if f.Near {
		q.Set("tab", tabNear)
	}
	for _, p := range []struct{ name, value string }{
		{"clock", string(f.Clock)}, {"department", f.Department}, {"owner", f.Owner}, {"cursor", f.Cursor},
	} {
		if p.value != "" {
			q.Set(p.name, p.value)
		}
	}
	return path + "?" + q.Encode()
}

func (c *Console) showBreaches(v *visit) error {
	f := c.readBreachFilter(v)
	found, err := c.d.Life.Record.Breaches(v.r.Context(), f)
	if err != nil {
		return err
	}
	first := f
	first.Cursor = ""
	view := breachesView{Clock: f.Clock, Near: f.Near, Department: f.Department, Owner: f.Owner, Departments: c.departments()}
	for _, clock := range slices.Backward(life.Clocks) {
		to := first
		to.Clock = clock
		view.Clocks = append(view.Clocks, orderTab{Name: string(clock), Href: breachLink("/breaches", to), Active: clock == f.Clock})
	}
	for _, near := range []bool{false, true} {
		to := first
		to.Near = near
		view.Tabs = append(view.Tabs, orderTab{Name: breachTab(near), Href: breachLink("/breaches", to), Active: near == f.Near})
	}
	for i := range found.Breaches {
		view.Rows = append(view.Rows, c.breachRow(v.lang, &found.Breaches[i]))
	}
	if f.Cursor != "" {
		view.First = breachLink("/breaches", first)
	}
	if found.Next != "" {
		next := f
		next.Cursor = found.Next
		view.Next = breachLink("/breaches", next)
	}
	if v.may(access.CaseExport) {
		view.Export = breachLink("/breaches/export.xlsx", first)
	}
	return c.render(v, http.StatusOK, "breaches", page{Title: "breaches.title", Nav: "/breaches", View: view})
}

func (c *Console) breachRow(l language, b *life.Breach) breachRow {
	return breachRow{queueRow: c.queueRow(l, &b.Case), Due: c.when(b.Due), Late: l.span(b.Late.Abs())}
}

// breachColumns are keys of the catalogue, in the order of breachCells.
func breachColumns(near bool) []string {
	return []string{
		"field.id", "field.at", "field.type", "field.urgency", "field.status", "field.department", "field.owner", "field.sla",
		"breaches.due", map[bool]string{false: "breaches.late", true: "breaches.left"}[near],
	}
}

// exportBreaches sends the list as a workbook, all pages of it.
func (c *Console) exportBreaches(v *visit) error {
	f, ctx := c.readBreachFilter(v), v.r.Context()
	f.Cursor, f.Limit = "", exportPage
	columns, err := sheetColumns(v.lang, breachColumns(f.Near), 18)
	if err != nil {
		return err
	}
	name, err := v.lang.text("breaches.title")
	if err != nil {
		return err
	}
	book, err := newSheet(name, "", columns)
	if err != nil {
		return err
	}
	defer book.close()
	if err := c.audit(ctx, v.user.Name, "export", "breaches", ""); err != nil {
		return err
	}
	v.patient()
	for book.row < maxExportRows {
		found, err := c.d.Life.Record.Breaches(ctx, f)
		if err != nil {
			return err
		}
		for i := range found.Breaches {
			if err := book.add(c.breachCells(v.lang, &found.Breaches[i])); err != nil {
				return err
			}
		}
		if f.Cursor = found.Next; f.Cursor == "" {
			break
		}
	}
	return book.send(v, c.exportName("qianyi-breaches", "xlsx"))
}

func (c *Console) breachCells(l language, b *life.Breach) []string {
	r := c.breachRow(l, b)
	return []string{
		c.masked(string(b.Case.ID), nil), r.At, r.Type, l.label("urgency", r.Urgency.Level), l.label("status", r.Status), r.Department, r.Owner,
		l.label("clock", b.Clock), r.Due, r.Late,
	}
}
