package console_test

import (
	"bytes"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sheetRows opens an answer as a spreadsheet does and returns its rows.
func sheetRows(t *testing.T, w *httptest.ResponseRecorder) [][]string {
	t.Helper()
	if got := w.Header().Get("Content-Type"); w.Code != 200 || !strings.Contains(got, "spreadsheetml") {
		t.Fatalf("got status %d with %s, want a workbook; body %.300s", w.Code, got, w.Body)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatalf("the file does not open: %v", err)
	}
	defer func() {
		if err := book.Close(); err != nil {
			t.Errorf("close the workbook: %v", err)
		}
	}()
	rows, err := book.GetRows(book.GetSheetList()[0])
	if err != nil {
		t.Fatalf("the sheet cannot be read: %v", err)
	}
	return rows
}

func TestTrackingSheet(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1", "c2")
	lin := f.as("lin")
	lin.must("c1", "move", "move", "settle", "resolution", `=HYPERLINK("http://evil.example","退款")`, "cause", "service", "satisfaction", "88", "note", "=1+1")
	demo := f.as("demo")
	w := demo.get("/tracking.xlsx?view=all")
	rows := sheetRows(t, w)
	if len(rows) != 4 || rows[0][0] != "客户投诉处理跟踪表" {
		t.Fatalf("got %d rows, the first %q, want the title, the header and two cases", len(rows), rows[0])
	}
	want := []string{
		"序号", "投诉编号", "受理时间", "受理渠道", "客户名称", "客户等级", "联系方式", "产品/订单", "投诉内容摘要", "核心诉求", "投诉类型", "紧急程度",
		"责任部门", "责任人", "首次响应时间", "核实完成时间", "事实核查", "原因归类", "处理方案", "客户是否同意", "执行情况", "完成时间", "客户确认",
		"满意度", "回访结果", "是否超时", "当前状态", "备注",
	}
	if !slices.Equal(rows[1], want) {
		t.Errorf("got the columns %q, want %q", rows[1], want)
	}
	at := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 1 && r[1] == "c1" })
	cell := func(column string) string { return rows[at][slices.Index(want, column)] }
	for column, value := range map[string]string{
		"受理时间": "2026-03-02 09:00", "受理渠道": "热线", "核心诉求": "退款赔偿", "投诉类型": "计费支付", "责任部门": "计费中心", "责任人": "lin",
		"原因归类": "服务失误", "满意度": "88", "是否超时": "否", "当前状态": "已办结", "备注": "'=1+1", "完成时间": "2026-03-02 10:00",
	} {
		if got := cell(column); got != value {
			t.Errorf("%s: got %q, want %q", column, got, value)
		}
	}
	if got := cell("处理方案"); !strings.HasPrefix(got, "'=") {
		t.Errorf("the cell %q would run as a formula", got)
	}
	if got := cell("投诉内容摘要"); strings.Contains(got, "13812345678") || !strings.Contains(got, "138****5678") {
		t.Errorf("the summary %q is not masked", got)
	}
	t.Run("the head is frozen", func(t *testing.T) {
		book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		name := book.GetSheetList()[0]
		panes, err := book.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 2 {
			t.Errorf("got the panes %+v, %v, want two frozen rows", panes, err)
		}
		if width, err := book.GetColWidth(name, "I"); err != nil || width < 40 {
			t.Errorf("got the width %v, %v of the summary, want at least 40", width, err)
		}
	})
	if !slices.Contains(f.trailOf("tracking"), "demo export") {
		t.Error("the export is not on the trail")
	}
	t.Run("it has the cases of the list", func(t *testing.T) {
		if got := len(sheetRows(t, demo.get("/tracking.xlsx?view=received"))) - 2; got != 1 {
			t.Errorf("got %d cases, want 1", got)
		}
	})
	if w := demo.get("/tracking.xlsx?q=x"); w.Code != 400 {
		t.Errorf("with words: got status %d, want 400", w.Code)
	}
	if w := lin.get("/tracking.xlsx"); w.Code != 403 {
		t.Errorf("by an agent: got status %d, want 403", w.Code)
	}
}

// trailOf returns who did what to an object.
func (f *firm) trailOf(object string) []string {
	f.t.Helper()
	entries, err := f.db.Trail(f.t.Context(), object)
	if err != nil {
		f.t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Actor+" "+e.Action)
	}
	return all
}

func TestQueueWorkbook(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	d.company.cases[0].Text = "=1+1" + strings.Repeat("😀", 40_000) + "\x00\x0b"
	d.company.cases[1].Text = "\ufffe结尾\x1f"
	rows := sheetRows(t, d.get("/export.xlsx?status=all"))
	if got, want := len(rows)-1, len(d.company.cases); got != want {
		t.Errorf("got %d rows, want %d: all pages", got, want)
	}
	text := slices.Index(rows[0], "投诉内容")
	if got := rows[1][text]; len(got) < 1000 || strings.HasPrefix(got, "=") {
		t.Errorf("got the cell %.40q of %d bytes, want a long one that is no formula", got, len(got))
	}
	if !slices.Contains(d.company.actions(), "quality export queue") {
		t.Errorf("the trail %q has no entry for the export", d.company.actions())
	}
}
