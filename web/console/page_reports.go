package console

import (
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage/access"
)

const (
	// reportWeeks are listed, reportLines looked through for what was sent of them.
	reportWeeks = 53
	reportLines = 500
)

// reportsView is the list of weekly reports.
type reportsView struct {
	Department  string
	Departments []string // to choose from, none for somebody of a department
	Rows        []reportRow
	Schedules   string // address of their page, "" for those who may not
}

type reportRow struct {
	Week, Href, Span string
	Cases            figureCell
	// Change is against the week before, "" for the first.
	Change string
	Sent   []keptLink
}

// figureCell is a figure that leads to its cases.
type figureCell struct{ Text, Href string }

// keptLink leads to a report as it was sent.
type keptLink struct {
	Href, At string
	State    dispatch.State
}

func (c *Console) showReports(v *visit) error {
	department := v.reportDepartment()
	view := reportsView{Department: department}
	if v.department() == "" {
		view.Departments = c.departmentNames()
	}
	sent, err := c.sentReports(v, department)
	if err != nil {
		return err
	}
	bars := c.d.Reports.Maker.Past(department, reportWeeks+1)
	for i, b := range bars[:min(len(bars), reportWeeks)] {
		row := reportRow{
			Week: b.Week.String(), Href: reportPath(b.Week, department), Span: dispatch.Span(b.Week),
			Cases: cellOf(v.lang, b.Cases), Sent: sent[b.Week],
		}
		if i+1 < len(bars) && bars[i+1].Cases.Value > 0 {
			row.Change = weekChange(b.Cases.Value/bars[i+1].Cases.Value - 1)
		}
		view.Rows = append(view.Rows, row)
	}
	if c.d.Reports.Dispatch != nil && v.may(access.ReportManage) {
		view.Schedules = "/reports/schedules"
	}
	return c.render(v, http.StatusOK, "reports", page{Title: "nav.reports", Nav: "/reports", View: view})
}

func reportPath(w report.Week, department string) string {
	return address("/reports/"+w.String(), "department", department)
}

func cellOf(l language, f *report.Figure) figureCell {
	if f == nil {
		return figureCell{}
	}
	return figureCell{f.Text(l.report()), f.Href()}
}

// weekChange writes a change as whole percents with its sign.
func weekChange(change float64) string {
	switch text := percentOf(change); {
	case change > 0 && text != "0%":
		return "+" + text
	default:
		return text
	}
}

// departmentNames are those that the types of complaints belong to.
func (c *Console) departmentNames() []string {
	var list []string
	for _, t := range c.d.Cases.Catalogue().Types() {
		if t.Department != "" {
			list = append(list, t.Department)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// sentReports are the kept reports of a department by week.
func (c *Console) sentReports(v *visit, department string) (map[report.Week][]keptLink, error) {
	if c.d.Reports.Dispatch == nil {
		return nil, nil //nolint:nilnil // nothing is sent
	}
	lines, err := c.d.Reports.Dispatch.Lines(v.r.Context(), reportLines)
	if err != nil {
		return nil, err
	}
	sent := map[report.Week][]keptLink{}
	seen := map[int64]bool{}
	for _, l := range lines {
		if l.Department == department && !seen[l.Report] {
			seen[l.Report] = true
			sent[l.Week] = append(sent[l.Week], keptLink{address("/reports/"+l.Week.String(), "kept", count(int(l.Report))), c.when(l.At), l.State})
		}
	}
	return sent, nil
}
