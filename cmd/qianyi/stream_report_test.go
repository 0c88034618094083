package main

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// improves: from the figure of a type to an improvement that was done weeks ago,
// and what it has brought.
func (w *streamWay) improves() {
	w.t.Helper()
	day := func(back int) string { return w.now().AddDate(0, 0, -back).Format(time.DateOnly) }
	w.qin.open("/quality/types?from=" + day(streamWeeks*7) + "&to=" + day(1))
	w.qin.reveal(`.quality-block details`)
	w.qin.press(w.qin.mark(`.quality-block table.figures tr`, "费用问题") + ` a[href^="/figures/cases"]`)
	w.qin.press(`.head-side a[href^="/improvements/new"]`)
	w.qin.has(`.scope-list`, "费用问题")
	for _, f := range []said{{"title", "账单核对规则上线"}, {"cause", "流量结转规则没有同步到出账"}, {"department", "计费财务部"}, {"due", day(-14)}} {
		w.qin.fill(`form[action="/improvements"] [name=`+f.field+`]`, f.value)
	}
	w.qin.sound()
	w.qin.shot("11-improvement-form")
	w.qin.press(`form[action="/improvements"] button.primary`)
	w.qin.has(`h2`, "账单核对规则上线")
	for _, step := range []struct {
		to  string
		ago int
	}{{"doing", billsFixed + 7}, {"done", billsFixed}} {
		w.qin.fill(`form[action$="/move"] [name=day]`, day(step.ago))
		w.qin.press(`form[action$="/move"] button[value=` + step.to + `]`)
		w.qin.see(`.toast`)
	}
	w.runAll()
	w.qin.do("reload", reload)
	w.qin.see(`.effect-line`)
	w.qin.see(`.chart-card svg`)
	w.qin.sound()
	w.qin.whole("12-effect")
	w.qin.reveal(`.chart-card details`)
	w.qin.follow(`.chart-card tbody tr:last-child td a[href^="/figures/cases"]`)
}

// readsTheReport: it tells of what rose, with the cases behind every figure, on
// the screen, on paper and in a workbook.
func (w *streamWay) readsTheReport() {
	w.t.Helper()
	w.qin.open("/reports")
	w.qin.shot("13-reports")
	w.qin.press(`tr[data-href] a`)
	w.qin.has(`.about-changes`, "业务使用问题")
	w.qin.has(`.about-changes`, "沈阳")
	w.qin.sound()
	w.qin.whole("14-report")
	report := inPage[string](w.qin, `location.pathname`)
	paper := w.qin.print("report")
	if n := paper.pages(); n > 4 {
		w.t.Errorf("the weekly report has %d pages, want 4 at most", n)
	}
	w.qin.uncut()
	w.checkWorkbook(report)
	w.qin.follow(`.report-lead a.figure[href^="/figures/cases"]`)
	w.qin.open(report)
	w.qin.follow(`.about-changes li a.figure[href^="/figures/cases"]`)
	w.qin.open(report)
	w.qin.follow(`.paged td a[href^="/figures/cases"]`)
	w.qin.open(report)
}

// checkWorkbook downloads the workbook of a report and compares its figures with
// those of the page.
func (w *streamWay) checkWorkbook(page string) {
	w.t.Helper()
	encoded := inPage[string](w.qin, `fetch(document.querySelector(".report-tools a[href*='.xlsx']").href).then(r => r.arrayBuffer()).then(b => btoa(Array.from(new Uint8Array(b), c => String.fromCharCode(c)).join("")))`)
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		w.t.Fatal(err)
	}
	w.qin.keep("report.xlsx", b)
	book, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		w.t.Fatalf("the workbook of %s: %v", page, err)
	}
	defer book.Close()
	numbers := map[string]bool{}
	var text strings.Builder
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				numbers[cell] = true
				text.WriteString(cell + "\n")
			}
		}
	}
	lead := w.qin.text(`.report-lead`)
	if !strings.Contains(text.String(), lead) {
		w.t.Errorf("the workbook does not begin with %q", lead)
	}
	for _, figure := range wholeNumber.FindAllString(w.qin.text(`.paged td:nth-child(4)`), -1) {
		if !numbers[strings.ReplaceAll(figure, ",", "")] {
			w.t.Errorf("the workbook lacks the figure %s of the page", figure)
		}
	}
}

// sendsTheReport: a schedule sends the report of a week once, with its pictures
// in the mail.
func (w *streamWay) sendsTheReport() {
	w.t.Helper()
	w.qin.open("/reports/schedules?edit=new")
	yesterday := w.now().AddDate(0, 0, -1)
	for _, f := range []said{
		{"name", "质量例会"}, {"weekday", strconv.Itoa(int(yesterday.Weekday()))}, {"hour", "8"}, {"receivers", "quality@example.com"},
	} {
		w.qin.fill(`#edit [name=`+f.field+`]`, f.value)
	}
	w.qin.press(`#edit button.primary`)
	w.qin.has(`table`, "质量例会")
	w.run(w.t, "reports")
	if n := len(w.outgoing.All()); n != 0 {
		w.t.Fatalf("%d mails went out for a time before the schedule was made", n)
	}
	w.letAWeekPass()
	for range 2 {
		w.run(w.t, "reports")
	}
	all := w.outgoing.All()
	if len(all) != 1 || all[0].To != "quality@example.com" || !strings.HasPrefix(all[0].Subject, "投诉周报") {
		w.t.Fatalf("%d mails went out, want one: %+.300v", len(all), all)
	}
	parts := mailParts(w.t, w.outgoing.Headers()[0], all[0].Text)
	if n := len(parts["image/png"]); n == 0 {
		w.t.Error("the mail has no picture")
	}
	for _, png := range parts["image/png"] {
		if !strings.HasPrefix(png, "\x89PNG") {
			w.t.Errorf("a picture of the mail begins with %.8q", png)
		}
	}
	if html := strings.Join(parts["text/html"], ""); !strings.Contains(html, "cid:") || !strings.Contains(html, "http://"+surveyHost+"/figures/cases?") {
		w.t.Errorf("the mail does not show its pictures or does not lead to the cases: %.300s", html)
	}
	w.qin.do("reload", reload)
	w.qin.has(`.l-sent`, "已发送")
	w.qin.sound()
	w.qin.whole("15-schedules")
	w.qin.press(`table a[href*="kept="]`)
	w.qin.has(`.report`, "业务使用问题")
}

// letAWeekPass makes the schedules older by a week, so that their time has come.
func (w *streamWay) letAWeekPass() {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.data, "qianyi.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), `UPDATE report_schedules SET since = since - ?`, (7 * 24 * time.Hour).Milliseconds()); err != nil {
		w.t.Fatal(err)
	}
}

// mailParts are the contents of a mail by their kind, however deep they lie.
func mailParts(t *testing.T, h mail.Header, body string) map[string][]string {
	t.Helper()
	parts := map[string][]string{}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		t.Fatalf("the mail: %v", err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return map[string][]string{kind: {body}}
	}
	r := multipart.NewReader(strings.NewReader(body), params["boundary"])
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatalf("the mail: %v", err)
		}
		var content io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "base64" {
			content = base64.NewDecoder(base64.StdEncoding, p)
		}
		b, err := io.ReadAll(content)
		if err != nil {
			t.Fatalf("the mail: %v", err)
		}
		for kind, inner := range mailParts(t, mail.Header(p.Header), string(b)) {
			parts[kind] = append(parts[kind], inner...)
		}
	}
}

// changesAnAssumption: the sum is another one, and the page says who changed it.
func (w *streamWay) changesAnAssumption() {
	w.t.Helper()
	w.qin.open("/silence")
	w.qin.sound()
	w.qin.whole("16-silence")
	sum := w.qin.text(`.silence-top .big`)
	field := inPage[string](w.qin, `document.querySelector(".assumptions input[name^=likely_]").name`)
	key := strings.TrimPrefix(field, "likely_")
	for i, bound := range []string{"low_", "likely_", "high_"} {
		w.qin.fill(`.assumptions input[name=`+bound+key+`]`, strconv.Itoa(60+i))
	}
	w.qin.fill(`#assumptions input[name=why]`, "按今年的挽留成本重新估算")
	w.qin.press(`#assumptions form[action="/silence"] button.primary`)
	if got := w.qin.text(`.silence-top .big`); got == sum {
		w.t.Errorf("another assumption (%s) leaves the sum at %s", key, got)
	}
	w.qin.has(`main`, "按今年的挽留成本重新估算", "qin")
	w.qin.sound()
	w.qin.whole("17-silence-changed")
}

// isOnlyAnAgent: an agent sees the own card, and neither everybody's figures nor
// the reports.
func (w *streamWay) isOnlyAnAgent() {
	w.t.Helper()
	refused := []string{"/quality", "/reports", "/silence", "/staff", "/improvements", alteredPage + "/edit", "/campaigns/new"}
	for _, path := range refused {
		w.lin.refused = append(w.lin.refused, path)
		w.lin.open(path)
		if status := inPage[int](w.lin, `performance.getEntriesByType("navigation")[0].responseStatus`); status != 403 {
			w.t.Errorf("an agent opens %s: status %d, want 403", path, status)
		}
	}
	w.lin.press(`nav a[href="/staff/me"]`)
	w.lin.has(`main`, "lin")
	w.lin.sound()
	w.lin.whole("18-own-card")
	links := inPage[[]string](w.lin, `Array.from(document.querySelectorAll("nav a"), a => a.getAttribute("href"))`)
	for _, path := range refused {
		if slices.Contains(links, path) {
			w.t.Errorf("the menu of an agent leads to %s", path)
		}
	}
}
