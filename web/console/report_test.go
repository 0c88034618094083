package console_test

import (
	"bytes"
	"context"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// newsroom is reports, their dispatch and the cost of silence in memory.
type newsroom struct {
	schedules []dispatch.Schedule
	lines     []dispatch.Line
	kept      dispatch.Kept
	versions  []silence.Version
	prevented []silence.Prevented
	trail     []triage.AuditEntry
}

func (n *newsroom) Schedules(context.Context) ([]dispatch.Schedule, error) {
	return slices.Clone(n.schedules), nil
}

func (n *newsroom) Save(_ context.Context, s dispatch.Schedule, by string) (int64, error) {
	if s.Name == "" || len(s.Receivers) == 0 {
		return 0, triage.FieldErrorf("receivers", "are missing")
	}
	s.By = by
	n.schedules = append(n.schedules, s)
	return int64(len(n.schedules)), nil
}

func (n *newsroom) Lines(context.Context, int) ([]dispatch.Line, error) { return n.lines, nil }

func (n *newsroom) Kept(_ context.Context, id int64) (dispatch.Kept, error) {
	if id != n.kept.ID {
		return dispatch.Kept{}, triage.Errorf(triage.CodeNotFound, "none")
	}
	return n.kept, nil
}

func (n *newsroom) Repeat(_ context.Context, line int64, _ string) error {
	n.lines[line-1].State = dispatch.Waiting
	return nil
}

func (n *newsroom) Assumptions(context.Context) (silence.Version, error) {
	if len(n.versions) == 0 {
		return silence.Version{}, nil
	}
	return n.versions[len(n.versions)-1], nil
}

func (n *newsroom) AssumptionHistory(context.Context, int) ([]silence.Version, error) {
	list := slices.Clone(n.versions)
	slices.Reverse(list)
	return list, nil
}

func (n *newsroom) PutAssumptions(_ context.Context, v silence.Version, e triage.AuditEntry) error {
	if v.Number != int64(len(n.versions)) {
		return triage.Errorf(triage.CodeConflict, "somebody was faster")
	}
	v.Number++
	n.versions, n.trail = append(n.versions, v), append(n.trail, e)
	return nil
}

// week10 has a rise of one type with a hostile product.
func week10() *fact.Book {
	b := fact.NewBook()
	_, to := report.Week{Year: 2026, Number: 9}.Days()
	for d := to - 84; d < to; d++ {
		n := 6
		if d >= to-7 {
			n = 18
		}
		rows := make([]fact.Row, n)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(d)*100 + int64(i), Day: d, Respond: 30, Resolve: 900, Satisfaction: 70}
			rows[i].Values[fact.Type], rows[i].Values[fact.Channel] = "billing", "app"
			if i >= 6 {
				rows[i].Values[fact.Product] = "<b>套餐</b>13812345678"
			}
			rows[i].Values[fact.Department] = []string{"计费部", "网络部"}[i%2]
		}
		b.Put(d, rows)
	}
	return b.Filled()
}

// reporting is a signed-in desk with reports; the last week that is over is W09
// of 2026, its clock being at Sunday noon.
func reporting(t *testing.T, name string, change ...func(*console.Deps)) (*desk, *newsroom) {
	t.Helper()
	n := &newsroom{
		lines: []dispatch.Line{
			{ID: 1, Report: 7, Week: report.Week{Year: 2026, Number: 8}, Receiver: "boss@example.com", State: dispatch.Unclear, Attempts: 1, At: noon, Reason: "the service stopped"},
		},
		prevented: []silence.Prevented{{Name: "主动关怀", Link: "/outreach", Value: 120, Low: 60, High: 180}, {Name: "措施", Link: "https://evil.example", Value: 20, Low: -5, High: 45}},
	}
	later := func() time.Time { return noon.AddDate(0, 0, 1) }
	maker := &report.Maker{Book: week10(), Zone: shanghai, Now: later}
	desk := &silence.Desk{Store: n, Now: later, Source: func(context.Context) ([]silence.Prevented, error) { return n.prevented, nil }}
	n.kept = dispatch.Kept{ID: 7, Report: mustMake(t, maker, report.Scope{Week: report.Week{Year: 2026, Number: 8}})}
	d := setup(t, append([]func(*console.Deps){func(c *console.Deps) {
		c.Reports = &console.ReportsDeps{Maker: maker, Dispatch: n, Silence: desk}
	}}, change...)...)
	if r := d.signIn(name, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d", r.Code)
	}
	return d, n
}

func mustMake(t *testing.T, m *report.Maker, s report.Scope) report.Report {
	t.Helper()
	r, err := m.Make(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var addresses = regexp.MustCompile(`href="/figures/cases[^"]*"`)

func TestReportPages(t *testing.T) {
	t.Parallel()
	d, _ := reporting(t, "demo")
	for target, want := range map[string][2]string{
		"/reports":                    {"每周一份", "One for each week"},
		"/reports/2026-W09":           {"本周共收到投诉", "complaints came in this week"},
		"/reports/2026-W08?kept=7":    {"这是发送时的版本", "as it was sent"},
		"/reports/2026-W01":           {"投诉周报", "Weekly complaint report"},
		"/reports/schedules":          {"最近的发送", "Sent lately"},
		"/reports/schedules?edit=new": {"每行一个邮箱", "One address a line"},
		"/silence":                    {"哪个假设影响最大", "Which assumption matters most"},
	} {
		for i, l := range []string{"zh", "en"} {
			d.cookies["qianyi_lang"] = l
			body := addresses.ReplaceAllString(d.page(target), "") // which hold what a filter asks for
			contains(t, body, want[i])
			lacks(t, body, "<b>套餐", "13812345678", "boss@example.com", "evil.example", "∞", "NaN", "%!")
			if bad := regexp.MustCompile(`(?i)<style|\sstyle=|<script>|\son[a-z]+=|javascript:`).FindString(body); bad != "" {
				t.Errorf("GET %s has %q, which the policy forbids", target, bad)
			}
		}
	}
	for _, target := range []string{"/reports/2026-W99", "/reports/x", "/reports/2026-W09?kept=7", "/reports/2026-W08?kept=9", "/reports/2026-W09/picture/x.svg"} {
		if got := d.get(target).Code; got != http.StatusNotFound {
			t.Errorf("GET %s: got %d, want 404", target, got)
		}
	}
}

// Every number of the report leads to its cases.
func TestReportFiguresLeadToCases(t *testing.T) {
	t.Parallel()
	d, _ := reporting(t, "demo")
	body := d.page("/reports/2026-W09")
	contains(t, body, "上升：类型", "126件", "此前没有出现过")
	if n := strings.Count(body, "/figures/cases?"); n < 20 {
		t.Errorf("the report has %d links to cases, want one for each figure", n)
	}
	if strings.Contains(body, `<b class="figure">`) {
		t.Error("a figure that was counted leads nowhere")
	}
	w := d.get("/reports/2026-W09/picture/trend.svg")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "<svg") {
		t.Errorf("the picture: got %d", w.Code)
	}
}

func TestReportWorkbook(t *testing.T) {
	t.Parallel()
	d, _ := reporting(t, "demo")
	w := d.get("/reports/2026-W09.xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := book.GetSheetList(); len(got) != 4 {
		t.Fatalf("got the sheets %q", got)
	}
	rows, err := book.GetRows("近几周投诉量")
	if err != nil || len(rows) < 12 || rows[len(rows)-1][1] != "126" {
		t.Errorf("got the trend %v, %v", rows, err)
	}
	if last := d.company.trail[len(d.company.trail)-1]; last.Action != "export" || last.Object != "report:2026-W09" {
		t.Errorf("the export is not in the trail: %+v", last)
	}
}

func TestSomebodyOfADepartmentSeesOnlyIts(t *testing.T) {
	t.Parallel()
	d, n := reporting(t, "lead")
	n.prevented = append(n.prevented, silence.Prevented{Name: "计费部改账单", Link: "/improvements/3", Value: 9, Low: 1, High: 20})
	u := d.company.users["lead"]
	u.Department = "网络部"
	d.company.users["lead"] = u
	for _, target := range []string{"/reports/2026-W09", "/reports/2026-W09?department=%E8%AE%A1%E8%B4%B9%E9%83%A8"} {
		body := d.page(target)
		contains(t, body, "网络部", "63件")
		lacks(t, body, "126件", "计费部")
	}
	if got := d.get("/reports/2026-W08?kept=7").Code; got != http.StatusNotFound {
		t.Errorf("the report of the whole house: got %d, want 404", got)
	}
	if got := d.get("/reports/schedules").Code; got != http.StatusForbidden {
		t.Errorf("schedules: got %d, want 403", got)
	}
	lacks(t, d.page("/silence"), "计费部改账单", "/improvements/3")
	u.Department = ""
	d.company.users["lead"] = u
	contains(t, d.page("/silence"), "计费部改账单", "/improvements/3")
}

func TestSchedulesAreSaved(t *testing.T) {
	t.Parallel()
	d, n := reporting(t, "quality")
	form := url.Values{
		"name": {"周报"}, "weekday": {"1"}, "hour": {"8"}, "language": {"zh"}, "receivers": {"a@example.com；b@example.com\r\nc@example.com"}, "active": {"1"},
	}
	contains(t, d.follow(d.post("/reports/schedules", form), "/reports/schedules"), "周报", "星期一", "8:00")
	if got := n.schedules[0]; len(got.Receivers) != 3 || !got.Active || got.By != "quality" || got.Weekday != time.Monday {
		t.Errorf("got %+v", got)
	}
	form.Set("receivers", "")
	w := d.post("/reports/schedules", form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without receivers: got %d", w.Code)
	}
	contains(t, w.Body.String(), "请填写 1 到 50 个正确的邮箱", `aria-invalid="true"`)
	d.follow(d.post("/reports/lines/1/repeat", nil), "/reports/schedules")
	if n.lines[0].State != dispatch.Waiting {
		t.Errorf("the line is %s", n.lines[0].State)
	}
}

// assumptionForm is the form of the page, unchanged.
func assumptionForm() url.Values {
	f := url.Values{"version": {"0"}, "why": {"按财务口径"}}
	for _, a := range silence.Defaults() {
		for name, v := range map[string]float64{"low_": a.Low, "likely_": a.Likely, "high_": a.High} {
			if a.Unit == silence.Part {
				v *= 100
			}
			f.Set(name+string(a.Key), strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64))
		}
	}
	return f
}

func TestAssumptionsAreChangedAndReset(t *testing.T) {
	t.Parallel()
	d, n := reporting(t, "quality")
	contains(t, d.page("/silence"), "一件投诉背后的沉默客户", "注意重复计算", "《客户投诉生命周期与全程预防》", "合计 =", "维系成本 40 元 × 6 = 240 元")
	form := assumptionForm()
	form.Set("likely_margin", "30")
	contains(t, d.follow(d.post("/silence", form), "/silence"), "第 1 版", "按财务口径", "本公司填写")
	got := n.versions[0].Assumptions
	if i := slices.IndexFunc(got, func(a silence.Assumption) bool { return a.Key == silence.Margin }); got[i].Likely != 0.3 || got[i].Source != silence.SourceEdited {
		t.Errorf("got %+v", got[i])
	}
	edited := 0
	for _, a := range got {
		if a.Source == silence.SourceEdited {
			edited++
		}
	}
	if edited != 1 {
		t.Errorf("%d assumptions are marked as edited, want the one that was", edited)
	}
	if w := d.post("/silence", form); w.Code != http.StatusConflict {
		t.Errorf("an old version: got %d, want 409", w.Code)
	}
	d.follow(d.post("/silence/reset", url.Values{"version": {"1"}}), "/silence")
	if len(n.versions) != 2 || len(n.trail) != 2 || n.trail[0].Actor != "quality" {
		t.Errorf("got %d versions, %d entries", len(n.versions), len(n.trail))
	}
}

func TestWrongAssumptionsAreShownAgain(t *testing.T) {
	t.Parallel()
	d, n := reporting(t, "quality")
	for field, change := range map[string]func(url.Values){
		"told":   func(f url.Values) { f.Set("likely_told", "viele<b>") },
		"margin": func(f url.Values) { f.Set("high_margin", "140") },
		"silent": func(f url.Values) { f.Set("low_silent", "30") },
	} {
		form := assumptionForm()
		change(form)
		w := d.post("/silence", form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got %d", field, w.Code)
		}
		contains(t, w.Body.String(), `class="faulty"`, "按财务口径")
		lacks(t, w.Body.String(), "viele<b>")
	}
	if len(n.versions) != 0 {
		t.Error("something wrong was stored")
	}
	reader, _ := reporting(t, "auditor")
	lacks(t, reader.page("/silence"), "low_told")
	if got := reader.post("/silence", assumptionForm()).Code; got != http.StatusForbidden {
		t.Errorf("somebody who may only read: got %d", got)
	}
}
