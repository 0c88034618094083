package console

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// weeklyView is one weekly report, on the screen and on paper.
type weeklyView struct {
	Heading, Week, Span, Made string
	// Kept is set for a report as it was sent.
	Kept       bool
	Department string
	Headline   []reportPiece
	Sections   []reportSection
	Trend      template.HTML
	Bars       []reportBar
	Changes    []changeRow
	Service    []serviceRow

	Workbook, Picture, Earlier, Later, List string
}

// reportPiece is a part of a sentence.
type reportPiece struct {
	Text, Href   string
	Figure, Name bool
}

type reportSection struct {
	Key, Title string
	Sentences  [][]reportPiece
}

type reportBar struct {
	Week, Span string
	Cases      figureCell
}

type changeRow struct {
	Dim, Name, Verdict, Word      string
	Count, Usual, Ratio, LastYear figureCell
}

type serviceRow struct {
	Line, Word, Verdict         string
	Now, Long, Usual, UsualLong figureCell
	Ended                       figureCell
}

// showReport shows the report of a week, or sends it as a workbook.
func (c *Console) showReport(v *visit) error {
	name, workbook := strings.CutSuffix(v.r.PathValue("week"), ".xlsx")
	r, kept, err := c.findReport(v, name)
	if err != nil {
		return err
	}
	if workbook {
		return c.exportReport(v, &r)
	}
	view := c.weeklyView(v.lang, &r)
	view.Kept = kept
	return c.render(v, http.StatusOK, "report", page{Title: "nav.reports", Nav: "/reports", Name: r.Week.String(), View: view})
}

// findReport makes the report of a week, or finds the one that was kept. Somebody
// of a department finds only what is about it.
func (c *Console) findReport(v *visit, name string) (r report.Report, kept bool, err error) {
	week, err := report.ParseWeek(name)
	if err != nil {
		return r, false, triage.Errorf(triage.CodeNotFound, "there is no week %.20q", name)
	}
	asked := v.r.URL.Query().Get("kept")
	if asked == "" || c.d.Reports.Dispatch == nil {
		r, err = c.d.Reports.Maker.Make(v.r.Context(), report.Scope{Week: week, Department: v.reportDepartment()})
		return r, false, err
	}
	id, err := strconv.ParseInt(asked, 10, 64)
	if err != nil {
		return r, false, triage.Errorf(triage.CodeNotFound, "there is no kept report %.20q", asked)
	}
	k, err := c.d.Reports.Dispatch.Kept(v.r.Context(), id)
	if err != nil {
		return r, false, err
	}
	if k.Report.Week != week || v.department() != "" && k.Report.Department != v.department() {
		return r, false, triage.Errorf(triage.CodeNotFound, "there is no kept report %d of that week", id)
	}
	return k.Report, true, nil
}

func (c *Console) weeklyView(l language, r *report.Report) weeklyView {
	view := weeklyView{
		Heading: dispatch.Title(l.report(), r), Week: r.Week.String(), Span: dispatch.Span(r.Week), Made: c.when(r.MadeAt), Department: r.Department,
		Headline: c.pieces(l, r.Headline), Trend: c.reportTrend(l, r), Changes: c.changeRows(l, r), Service: c.serviceRows(l, r),
		Workbook: address("/reports/"+r.Week.String()+".xlsx", "department", r.Department),
		Picture:  address("/reports/"+r.Week.String()+"/picture/trend.svg", "department", r.Department),
		Earlier:  reportPath(r.Week.Add(-1), r.Department), List: address("/reports", "department", r.Department),
	}
	if next := r.Week.Add(1); next != report.LastWeek(c.d.Now(), c.d.Zone).Add(1) {
		view.Later = reportPath(next, r.Department)
	}
	for _, s := range r.Sections {
		section := reportSection{Key: s.Key, Title: report.Word(l.report(), s.Key)}
		for _, sentence := range s.Sentences {
			section.Sentences = append(section.Sentences, c.pieces(l, sentence))
		}
		view.Sections = append(view.Sections, section)
	}
	for _, b := range r.Trend {
		view.Bars = append(view.Bars, reportBar{b.Week.String(), dispatch.Span(b.Week), cellOf(l, b.Cases)})
	}
	return view
}

func (c *Console) pieces(l language, s report.Sentence) []reportPiece {
	written := s.Write(l.report(), c.reportNames())
	list := make([]reportPiece, len(written))
	for i, p := range written {
		list[i] = reportPiece{p.Text, p.Href(), p.Figure != nil, p.Name != nil}
	}
	return list
}

// reportTrend draws the cases of the last weeks, that of the report marked.
func (c *Console) reportTrend(l language, r *report.Report) template.HTML {
	b := chart.Bars{Title: report.Word(l.report(), "trend"), Desc: r.Headline.Text(l.report(), c.reportNames()), Height: 190}
	for _, w := range r.Trend {
		label := w.Week.String()
		b.Days = append(b.Days, chart.Day{
			Label: label[len(label)-3:], Hint: label + " " + w.Cases.Text(l.report()), Count: int(w.Cases.Value), Raised: w.Week == r.Week,
		})
	}
	return b.SVG()
}

// saveReportDrawing sends the picture of a report as a file.
func (c *Console) saveReportDrawing(v *visit) error {
	if v.r.PathValue("picture") != "trend.svg" {
		return c.notFound(v)
	}
	r, _, err := c.findReport(v, v.r.PathValue("week"))
	if err != nil {
		return err
	}
	sendPicture(v, "qianyi-report-"+r.Week.String()+".svg", c.reportTrend(v.lang, &r))
	return nil
}
