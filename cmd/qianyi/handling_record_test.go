package main

import (
	"bytes"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// happening is one line of the timeline: what, and who did it.
type happening struct{ What, Who string }

// isLookedAt: quality sees the score, no breach, and the whole way on the
// timeline, which nobody can edit.
func (w *way) isLookedAt(qin *seat) {
	w.t.Helper()
	qin.open("/satisfaction?low=1")
	qin.has(`main`, w.code, "处理", "态度", "拖了四天才有人来")
	qin.shot("25-satisfaction")
	qin.open("/breaches")
	qin.see(`main .card, main .table-box`)
	qin.shot("26-breaches")
	qin.open(w.page)
	qin.shot("27-record")
	type line struct{ What, Who, At string }
	lines := inPage[[]line](qin, `Array.from(document.querySelectorAll(".timeline > li")).map(e => ({
		what: e.querySelector("b").innerText, who: e.querySelector(":scope > .meta > bdi").innerText, at: e.querySelector(":scope > .meta > .num").innerText}))`)
	slices.Reverse(lines) // the page has the latest first
	var got []happening
	last := ""
	for _, l := range lines {
		if _, err := time.Parse("2006-01-02 15:04", l.At); err != nil || l.At < last {
			w.t.Errorf("%s happened at %q, after %q", l.What, l.At, last)
		}
		last = l.At
		got = append(got, happening{l.What, l.Who})
	}
	if diff := cmp.Diff(wholeWay, got); diff != "" {
		w.t.Errorf("the timeline (-want +got):\n%s", diff)
	}
	if n := qin.count(`.timeline :is(input, button, textarea, select, form, [contenteditable])`); n != 0 {
		w.t.Errorf("the timeline has %d fields or buttons", n)
	}
	w.lin.open(w.page)
	if n := w.lin.count(`.timeline :is(input, button, textarea, select, form, [contenteditable])`); n != 0 {
		w.t.Errorf("the timeline of an agent has %d fields or buttons", n)
	}
}

// wholeWay is the timeline, oldest first.
var wholeWay = []happening{
	{"受理并分诊", "系统"}, {"登记", "系统"}, {"指派", "lin"},
	{"回复客户", "lin"}, {"首次答复客户", "lin"}, {"开始核实", "lin"},
	{"回复客户", "lin"}, {"等待客户补充", "lin"}, {"客户补充", "客户"}, {"客户已答复", "客户"},
	{"转办", "lin"}, {"接收转办", "zhao"}, {"转办", "zhao"}, {"接收转办", "lin"},
	{"核实完成，归因", "lin"}, {"提出方案", "lin"}, {"回复客户", "lin"}, {"采用方案", "lin"}, {"客户同意", "lin"},
	{"开始执行", "lin"}, {"执行完毕，请客户确认", "lin"}, {"办结", "lin"},
	{"已发满意度调查", "按计划"}, {"满意度", "客户"},
	{"新建待办", "系统"}, {"提交方案", "wang"}, {"登记回访", "wang"}, {"完成待办", "wang"},
}

// tracked are the columns of the tracking sheet that the way fills, and what
// must be in them.
var tracked = map[string]string{
	"受理渠道": "邮件", "客户等级": "高价值", "责任部门": frontDepartment, "责任人": "lin", "事实核查": "三号端口故障",
	"原因归类": "服务", "处理方案": standardSolution, "客户是否同意": "电话确认", "执行情况": "测速正常", "客户确认": "网速恢复",
	"满意度": "40", "回访结果": "接受道歉", "当前状态": "已回访",
}

// isTracked: the tracking sheet opens in a spreadsheet and has the case in full.
func (w *way) isTracked(qin *seat) {
	w.t.Helper()
	qin.open("/?view=all")
	qin.unfold(`details.menu-button`)
	qin.shot("28-export")
	address := inPage[string](qin, `document.querySelector('a[href^="/tracking.xlsx"]').href`)
	content := inPage[string](qin, `fetch(%s).then(r => r.blob()).then(b => new Promise(done => {
		const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(b) }))`, address)
	_, data, _ := strings.Cut(content, ";base64,")
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		w.t.Fatal(err)
	}
	sheet := readSheet(w.t, b)
	for column, want := range tracked {
		if !strings.Contains(sheet[column], want) {
			w.t.Errorf("the column %s is %q, want %q in it", column, sheet[column], want)
		}
	}
	for _, column := range []string{"受理时间", "首次响应时间", "核实完成时间", "完成时间"} {
		if _, err := time.Parse("2006-01-02 15:04", sheet[column]); err != nil {
			w.t.Errorf("the column %s is %q, want a time", column, sheet[column])
		}
	}
	if strings.Contains(strings.Join(slices.Collect(maps.Values(sheet)), " "), customerAddress) {
		w.t.Error("the sheet has the customer's address unmasked")
	}
}

// readSheet reads the only row of a tracking sheet by the names of its columns.
func readSheet(t *testing.T, b []byte) map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 2 {
		t.Fatalf("the sheet has %d rows: %q", len(rows), rows)
	}
	head, row := rows[len(rows)-2], rows[len(rows)-1]
	sheet := map[string]string{}
	for i, name := range head {
		if i < len(row) {
			sheet[name] = row[i]
		}
	}
	return sheet
}
