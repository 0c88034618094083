package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// A case goes from the first answer to the call-back, through another
// department and back, in the hands of those who work on it.
func TestTheWholeLifeOfACase(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1")
	lin, wu := f.as("lin"), f.as("wu")
	contains(t, lin.page("/"), "/cases/c1", "待受理", "已等")
	lin.must("c1", "claim")
	contains(t, lin.page("/?view=mine"), "/cases/c1")
	lin.must("c1", "move", "move", "acknowledge", "answered_how", "电话13812345678答复", "answered_at", "2026-03-02T09:30")
	contains(t, lin.page("/cases/c1"), "电话138****5678答复", "2026-03-02 09:30", "已受理")
	lin.must("c1", "move", "move", "verify")

	t.Run("a hand-over asks for what is missing and loses nothing", func(t *testing.T) {
		if got := lin.send("c1", "hand-over", "department", "物流部"); got != http.StatusUnprocessableEntity {
			t.Fatalf("without facts: got status %d, want 422", got)
		}
		lin.must("c1", "hand-over", "department", "物流部", "checked", "已查账单", "promised", "客户没问", "unknown.promised", "1",
			"task", "核对 DD2026022800 是否送达", "due", "2026-03-03 18:00")
		body := wu.page("/cases/c1")
		contains(t, body, "转办待接收", "已查账单", "暂不清楚：客户没问", "畅享套餐 DD2026022800", "退款赔偿")
		wu.must("c1", "hand-over/return", "reason", "已送达，与物流无关")
		contains(t, lin.page("/cases/c1"), "已送达，与物流无关", "已查账单")
		contains(t, wu.page("/cases/c1"), "c1") // it went through their department
		lin.must("c1", "hand-over", "department", "物流部", "checked", "已查账单", "promised", "今天答复", "task", "再查", "due", "2026-03-02 12:00")
		wu.must("c1", "hand-over/accept")
		// What was said once need not be said again; the step has the limit it was given.
		contains(t, wu.page("/cases/c1"), `name="promised" value="今天答复"`, "本步 剩 2时")
		wu.must("c1", "hand-over", "department", "计费中心", "checked", "已核对", "promised", "无", "task", "继续办理", "due", "2026-03-04 18:00")
		lin.must("c1", "hand-over/accept")
	})
	for _, step := range [][]string{
		{"move", "attribute", "findings", "系统重复扣费", "cause", "product", "cause_department", "计费中心"},
		{"move", "propose", "solution", "退还 30 元"},
		{"move", "decline", "counter_demand", "另加 10 元补偿"},
		{"move", "agree", "consent_by", "客户本人", "consent_at", "2026-03-02T09:50", "consent_how", "电话"},
		{"move", "execute", "task", "退款", "executor", "财务", "execute_until", "2026-03-03T18:00"},
		{"move", "confirm", "result", "已到账"},
		{"move", "close", "resolution", "退还 30 元", "confirmation", "电话确认", "satisfaction", "90"},
		{"move", "call_back", "answer", "满意", "satisfaction", "95"},
	} {
		lin.must("c1", "move", step...)
	}
	if got := f.status("c1"); got != "called_back" {
		t.Errorf("got status %s, want called_back", got)
	}
	body := lin.page("/cases/c1")
	for _, want := range []string{"首次答复客户", "退回转办", "另加 10 元补偿", "登记回访", "产品质量", "只能追加，不能修改"} {
		contains(t, body, want)
	}
	lin.must("c1", "move", "move", "reopen", "reason", "又被扣费")
	contains(t, lin.page("/cases/c1"), "重新打开 1 次")
}

func TestMovesThatAreRefused(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1", "c2")
	lin := f.as("lin")
	body := lin.page("/cases/c1")
	contains(t, body, "现在不能做的步骤", "仅在“执行中”时可做，现在是“待受理”")
	t.Run("a missing fact is marked and nothing written is lost", func(t *testing.T) {
		w := lin.post("/cases/c1/move", url.Values{"version": {"1"}, "move": {"acknowledge"}, "answered_how": {"回了电话"}})
		if w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("got status %d, want 422", w.Code)
		}
		contains(t, w.Body.String(), "回了电话", `aria-invalid="true"`, "请按 2026-03-01 09:30 填写")
	})
	t.Run("a case is not merged into itself or into nothing", func(t *testing.T) {
		for _, into := range []string{"c1", "none"} {
			if got := lin.send("c1", "move", "move", "merge", "into", into); got != http.StatusUnprocessableEntity {
				t.Errorf("into %s: got status %d, want 422", into, got)
			}
		}
		lin.must("c2", "move", "move", "merge", "into", "c1")
		contains(t, lin.page("/cases/c2"), "已并入", `href="/cases/c1"`)
	})
	t.Run("a form without its version is not taken", func(t *testing.T) {
		if w := lin.post("/cases/c1/claim", nil); w.Code != http.StatusBadRequest {
			t.Errorf("got status %d, want 400", w.Code)
		}
	})
	t.Run("waiting stops the clocks and is offered once", func(t *testing.T) {
		if got := lin.send("c1", "wait", "what", ""); got != http.StatusUnprocessableEntity {
			t.Errorf("without saying for what: got status %d, want 422", got)
		}
		lin.must("c1", "wait", "what", "请发账单截图")
		body := lin.page("/cases/c1")
		contains(t, body, "计时暂停", "恢复计时", "等待客户补充")
		contains(t, lin.page("/?view=waiting"), "/cases/c1", "等客户")
		lin.must("c1", "resume")
		lacks(t, lin.page("/?view=waiting"), "/cases/c1")
	})
}

// Two people have the same page open; the second one sees what the first did
// and gets back what they wrote.
func TestTheSecondOfTwoSeesWhatTheFirstDid(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1")
	lin, zhou := f.as("lin"), f.as("zhou")
	zhou.must("c1", "move", "move", "acknowledge", "answered_how", "短信<b>", "answered_at", "2026-03-02T09:30", "note", "先回了短信")
	w := lin.post("/cases/c1/move", url.Values{
		"version": {"1"}, "move": {"acknowledge"}, "answered_how": {"打了电话，客户很急"}, "answered_at": {"2026-03-02T09:40"},
	})
	if w.Code != http.StatusConflict {
		t.Fatalf("got status %d, want 409", w.Code)
	}
	contains(t, w.Body.String(), "同事先一步处理了", "zhou", "短信&lt;b&gt;", "先回了短信", "打了电话，客户很急", `href="/cases/c1"`)
	if got := f.status("c1"); got != "acknowledged" {
		t.Errorf("got status %s, want acknowledged", got)
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1", "c2", "c3")
	zhou := f.as("zhou")
	back := "/?view=all"
	contains(t, zhou.follow(zhou.post("/cases/batch", url.Values{"do": {"claim"}, "case": {"c1", "c2"}, "back": {back}}), back), "已指派")
	contains(t, zhou.page("/?view=mine"), "/cases/c1", "/cases/c2")
	zhou.post("/cases/batch", url.Values{"do": {"assign"}, "case": {"c2"}, "owner": {"lin"}, "back": {back}})
	lacks(t, zhou.page("/?view=mine"), "/cases/c2")
	t.Run("one that cannot be done does not hold up the others", func(t *testing.T) {
		zhou.must("c1", "move", "move", "withdraw", "reason", "误会")
		w := zhou.post("/cases/batch", url.Values{"do": {"claim"}, "case": {"c1", "none", "c3"}, "back": {"//evil.example"}})
		contains(t, w.Body.String(), "1 条已完成", "/cases/c1", "状态已变化", "没有找到", `href="/"`)
	})
	t.Run("rights are those of the action", func(t *testing.T) {
		for name, want := range map[string]map[string]int{
			"lin": {"assign": 403, "export": 403}, "quality": {"claim": 403, "assign": 403, "export": 200}, "auditor": {"claim": 403, "export": 403},
		} {
			person := f.as(name)
			for do, status := range want {
				if w := person.post("/cases/batch", url.Values{"do": {do}, "case": {"c3"}, "owner": {"x"}}); w.Code != status {
					t.Errorf("%s by %s: got status %d, want %d", do, name, w.Code, status)
				}
			}
		}
	})
	for name, form := range map[string]url.Values{
		"nothing ticked": {"do": {"claim"}}, "no action": {"case": {"c1"}}, "nobody named": {"do": {"assign"}, "case": {"c1"}},
	} {
		if w := zhou.post("/cases/batch", form); w.Code != http.StatusBadRequest {
			t.Errorf("%s: got status %d, want 400", name, w.Code)
		}
	}
}

func TestBreaches(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1")
	contains(t, f.as("zhou").page("/breaches"), "没有超过时限的投诉", "即将超时")
	near := "/breaches?tab=near"
	lacks(t, f.as("zhou").page(near), "/cases/c1")
	f.clock.Advance(16 * time.Hour) // the day on which it has to be answered
	contains(t, f.as("zhou").page(near), "/cases/c1", "剩余", "p-soon")
	lacks(t, f.as("zhou").page(near+"&clock=resolve"), "/cases/c1")
	if rows := sheetRows(t, f.as("zhou").get("/breaches/export.xlsx?tab=near")); len(rows) != 2 || rows[0][9] != "剩余（工作时间）" {
		t.Errorf("got the rows %q, want a header and c1", rows)
	}
	f.clock.Advance(15 * 24 * time.Hour)
	zhou, wu := f.as("zhou"), f.as("wu")
	for _, clock := range []string{"step", "respond", "verify", "resolve"} {
		contains(t, zhou.page("/breaches?clock="+clock), "/cases/c1", "2026-03-0")
	}
	lacks(t, zhou.page("/breaches?owner=nobody"), "/cases/c1")
	lacks(t, wu.page("/breaches"), "/cases/c1")
	lacks(t, zhou.page(near), "/cases/c1")
	contains(t, zhou.page("/?view=late"), "/cases/c1")
	rows := sheetRows(t, zhou.get("/breaches/export.xlsx"))
	if len(rows) != 2 || rows[0][0] != "编号" || rows[1][0] != "c1" {
		t.Errorf("got the rows %q, want a header and c1", rows)
	}
}

// The page stays as it was for those who may only read.
func TestReadersHaveNoForms(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1")
	for _, name := range []string{"auditor", "quality"} {
		body := f.as(name).page("/cases/c1")
		contains(t, body, "您的角色只能查看")
		lacks(t, body, `action="/cases/c1/move"`, `action="/cases/c1/claim"`, `action="/cases/c1/hand-over"`, `action="/cases/c1/unmask"`)
	}
	lacks(t, f.as("lin").page("/cases/c1"), `action="/cases/c1/assign"`)
}

func TestHostileFactsAreShownAsText(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1")
	lin := f.as("lin")
	hostile := `<script>alert(1)</script>{{.}}=cmd|' /C calc'!A0 电话13812345678`
	lin.must("c1", "move", "move", "acknowledge", "answered_how", hostile, "answered_at", "2026-03-02T09:30", "note", hostile)
	lin.must("c1", "move", "move", "withdraw", "reason", hostile)
	lacks(t, lin.page("/cases/c1"), "<script>alert", "13812345678")
	trail, err := f.db.Trail(t.Context(), triage.CaseObject("c1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range trail {
		if strings.Contains(e.Detail, "alert") || strings.Contains(e.Detail, "13812345678") {
			t.Errorf("the trail quotes what people wrote: %s", e.Detail)
		}
	}
}

// Every move of the table has words for itself and for its facts.
func TestMovesHaveWords(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("c1")
	body := f.as("lin").page("/cases/c1")
	for _, r := range life.Rules() {
		if strings.Contains(body, ">"+string(r.Move)+"<") {
			t.Errorf("the page shows the code %s", r.Move)
		}
	}
}
