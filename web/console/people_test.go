package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// secrets is what no page of customers may show before it is unmasked.
var secrets = []string{"13812345678", "13912340001", "zhangwm@", "张伟民", "李秀英", "<script>alert", "<img src=x", "<i>联系"}

func TestPeoplePagesHideAndEscape(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	for _, target := range []string{
		"/customers", "/customers?tier=high&region=%E5%B9%BF%E4%B8%9C%E6%B7%B1%E5%9C%B3", "/customers/C10086", "/customers/WX-7781", "/customers/C20001",
		"/customers/%3Cb%3E13912340009%3C%2Fb%3E", "/contacts", "/contacts?view=all&log=C20002", "/contacts?view=opted_out",
		"/tasks?view=all&task=1", "/tasks?view=all&task=2", "/tasks?view=all&task=3", "/tasks?view=done&task=4", "/tasks?view=overdue",
		"/satisfaction", "/satisfaction?low=1&days=365", "/customers?lang=en", "/customers/C10086?lang=en", "/satisfaction?lang=en", "/tasks?view=all&task=1&lang=en",
	} {
		lacks(t, d.page(target), secrets...)
	}
	for _, target := range []string{"/customers/export.csv", "/contacts/export.csv?view=all", "/tasks/export.csv?view=done", "/satisfaction/export.csv"} {
		lacks(t, d.page(target), secrets[:5]...)
	}
}

// leads checks where a form leads when it was taken.
func leads(t *testing.T, w *httptest.ResponseRecorder, target string) {
	t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != target {
		t.Errorf("got status %d to %q, want 303 to %q", w.Code, got, target)
	}
}

func TestCustomerList(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	body := d.page("/customers?tier=vip&region=%E8%BE%BD%E5%AE%81%E6%B2%88%E9%98%B3")
	contains(t, body, "李*", "VIP", "清除条件", `href="/customers/C20001"`)
	lacks(t, body, "C10086", "/customers/export.csv")
	if got, want := d.parlour.asked.lists[0], (customer.Filter{Tier: triage.TierVIP, Region: "辽宁沈阳"}); got != want {
		t.Errorf("asked for %+v, want %+v", got, want)
	}
	contains(t, d.page("/customers?tier=gold"), "C10086")
	d.parlour.records = nil
	contains(t, d.page("/customers"), "还没有客户资料")
}

func TestCustomersAreFoundByTheWholeOnly(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	for _, who := range []string{"13812345678", " C10086 "} {
		w := d.post("/customers/find", url.Values{"who": {who}})
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/customers/C10086" {
			t.Errorf("%s: got status %d to %q, want 303 to the customer", who, w.Code, got)
		}
	}
	w := d.post("/customers/find", url.Values{"who": {"张伟民"}})
	contains(t, w.Body.String(), "找到 2 位客户", "WX-7781")
	lacks(t, w.Body.String(), "张伟民")
	for _, who := range []string{"1381234", "张", "", strings.Repeat("9", 5000)} {
		w := d.post("/customers/find", url.Values{"who": {who}})
		if w.Code != http.StatusOK {
			t.Errorf("%.10s: got status %d, want 200", who, w.Code)
		}
		contains(t, w.Body.String(), "没有找到这位客户")
	}
}

func TestCustomerPage(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	body := d.page("/customers/C10086")
	contains(t, body, "张*", "高价值", "138****5678", ">4</a>", "78.5", "每月一次", "年消费超过 5 万元", "2026-02-28", "WX-7781", "主资料", "可能是同一人", "电话相同",
		"TS-20260112-0031", ">62<", "处理慢", "态度不好", "说明退费进度", "同意再等两天", "付款", "春季充值返话费", `href="/clusters/K12"`, "事件规则 R4", "已送达", "T1 低分跟进", "chart-scores")
	want := triage.AuditEntry{At: noon, Actor: "demo", Action: "view", Object: "customer:C10086"}
	if got := d.company.trail[len(d.company.trail)-1]; got != want {
		t.Errorf("the trail ends with %+v, want %+v", got, want)
	}
	contains(t, d.page("/customers/WX-7781"), "这份资料已并入", `href="/customers/C10086"`)
	contains(t, d.page("/customers/C20001"), "已退订", "没有投诉。", "还没有评价。", "还没有联系记录。", "没有主动告知过。")
	if w := d.get("/customers/C404"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown customer: got status %d, want 404", w.Code)
	}
}

// Many complaints come with customers whom no file describes.
func TestCustomerOfComplaintsAlone(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	d.parlour.records = []customer.Record{{Customer: triage.Customer{ID: "C10086"}, Person: "C10086"}}
	body := d.page("/customers/C10086")
	contains(t, body, "客户资料中没有这位客户", "TS-20260301-0007")
	lacks(t, body, `action="/customers/C10086/tier"`, "显示个人信息")
}

func TestCustomerUnmask(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	w := d.post("/customers/C10086/unmask", nil)
	target := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(target, "/customers/C10086?reveal=") {
		t.Fatalf("got status %d to %q, want 303 to the customer", w.Code, target)
	}
	want := triage.AuditEntry{At: noon, Actor: "agent", Action: "unmask", Object: "customer:C10086"}
	if got := d.company.trail[len(d.company.trail)-1]; got != want {
		t.Errorf("the trail ends with %+v, want %+v", got, want)
	}
	contains(t, d.page(target), "张伟民", "13812345678", "zhangwm@example.com", "已显示原文")
	_, token, _ := strings.Cut(target, "reveal=")
	t.Run("it opens this customer alone", func(t *testing.T) {
		lacks(t, d.page("/customers/C20001?reveal="+token), "李秀英", "13912340001")
		lacks(t, d.page("/cases/TS-20260301-0007?reveal="+token), "13812345678")
	})
	t.Run("for five minutes", func(t *testing.T) {
		d.clock.Advance(5 * time.Minute)
		lacks(t, d.page(target), "张伟民", "13812345678")
	})
}

func TestCustomerForms(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	const path = "/customers/C20002"
	contains(t, d.follow(d.post(path+"/tier", url.Values{"tier": {"vip"}, "reason": {"续约三年"}}), path), "客户等级已调整", "续约三年")
	contains(t, d.follow(d.post(path+"/manager", url.Values{"take": {"1"}}), path), "客户经理已更新", "<b><bdi>demo</bdi></b>")
	contains(t, d.follow(d.post(path+"/merge", url.Values{"record": {"C20001"}, "reason": {"本人确认"}}), path), "已合并为同一客户", "C20001")
	if diff := cmp.Diff([]customer.Merge{{From: "C20001", Into: "C20002", Reason: "本人确认", By: "demo"}}, d.parlour.merges); diff != "" {
		t.Errorf("the merge differs (-want +got)\n%s", diff)
	}
	contains(t, d.follow(d.post(path+"/unmerge", url.Values{"record": {"C20001"}, "reason": {"弄错了"}}), path), "已拆开", "只有这一份资料")
	leads(t, d.post(path+"/tasks", url.Values{"title": {"邀请体验"}, "owner": {"agent"}, "due": {"2026-03-05T18:00"}}), path+"#tasks")
	task := d.parlour.tasks[len(d.parlour.tasks)-1]
	if want := time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC); task.Kind != customer.TaskContact || task.Owner != "agent" || task.CreatedBy != "demo" || !task.DueAt.Equal(want) {
		t.Errorf("got the task %+v, want one of agent's until %s", task, want)
	}
	leads(t, d.post(path+"/contacts", url.Values{"at": {"2026-03-01T11:30"}, "channel": {"wechat"}, "people": {"demo"}, "content": {"问候"}, "feedback": {"好"}}), path+"#contacts")
	want := customer.Contact{Customer: "C20002", At: time.Date(2026, 3, 1, 3, 30, 0, 0, time.UTC), People: "demo", Channel: triage.ChannelWeChat, Content: "问候", Feedback: "好", By: "demo"}
	if diff := cmp.Diff(want, d.parlour.contacts[1], cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("the contact differs (-want +got)\n%s", diff)
	}
}

func TestCustomerFormsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"tier":     {url.Values{"tier": {"high"}}, "请填写调整原因。"},
		"merge":    {url.Values{"record": {"C404"}, "reason": {"同一人"}}, "没有这份资料，请核对客户号。"},
		"unmerge":  {url.Values{"record": {"WX-7781"}}, "请填写拆开原因。"},
		"tasks":    {url.Values{"due": {"morgen"}, "title": {"邀请体验"}}, "请填写有效的时间。"},
		"contacts": {url.Values{"at": {"2026-03-01T12:30"}, "content": {"问候"}, "people": {"某某"}}, "请填写已经发生的时间。"},
	} {
		w := d.post("/customers/C10086/"+name, c.form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", name, w.Code)
		}
		contains(t, w.Body.String(), c.want)
		for _, written := range []string{"邀请体验", "某某"} {
			if slices.Contains(slices.Concat(c.form["title"], c.form["people"]), written) {
				contains(t, w.Body.String(), `value="`+written+`"`)
			}
		}
	}
}

func TestContactPlan(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	body := d.page("/contacts?view=week&tier=high&owner=agent")
	contains(t, body, "C10086", "late", "记录联系", "高价值 每月一次")
	want := customer.DueFilter{Until: noon.AddDate(0, 0, 7), Tier: triage.TierHigh, Manager: "agent"}
	if diff := cmp.Diff(want, d.parlour.asked.due[0]); diff != "" {
		t.Errorf("asked for another plan (-want +got)\n%s", diff)
	}
	lacks(t, d.page("/contacts?view=opted_out"), "记录联系")
	contains(t, d.page("/contacts?view=no_address"), "这里没有要联系的客户")
	const here = "/contacts?view=week"
	contains(t, d.page(here+"&log=C20002"), `action="/customers/C20002/contacts"`, `name="back" value="/contacts?view=week"`)
	d.follow(d.post("/customers/C20002/contacts", url.Values{"at": {"2026-03-01T11:30"}, "channel": {"hotline"}, "content": {"问候"}, "back": {here}}), here)
	w := d.post("/customers/C20002/contacts", url.Values{"at": {"2026-03-01T11:30"}, "channel": {"hotline"}, "content": {"问候"}, "back": {"//evil.example"}})
	if got := w.Header().Get("Location"); got != "/" {
		t.Errorf("a form led to %q", got)
	}
}

func TestTaskList(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	body := d.page("/tasks")
	contains(t, body, "T2", "回访", `<b class="count">1</b>`)
	lacks(t, body, "低分跟进：62 分")
	contains(t, d.page("/tasks?view=overdue"), "低分跟进：62 分", "超时 6时")
	contains(t, d.page("/tasks?view=done"), "138****5678")
	lacks(t, d.page("/tasks?view=all&kind=match"), "回访：满意度")
	contains(t, d.page("/tasks?view=department"), "回访：满意度") // without a department one's own
	d.parlour.tasks = nil
	contains(t, d.page("/tasks"), "这里没有待办")
}

func TestTaskForms(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	const here = "/tasks?task=1&view=all"
	version := url.Values{"version": {"3"}, "back": {here}, "plan": {"重新核对账单，周三前退款"}}
	contains(t, d.page(here), "低分跟进：62 分", "初步方案", `name="version" value="3"`)
	contains(t, d.follow(d.post("/tasks/1/plan", version), here), "方案已提交", "重新核对账单，周三前退款")
	t.Run("what somebody else has changed is not overwritten", func(t *testing.T) {
		w := d.post("/tasks/1/done", url.Values{"version": {"3"}, "outcome": {"好了"}})
		if w.Code != http.StatusConflict {
			t.Errorf("got status %d, want 409", w.Code)
		}
	})
	t.Run("an empty plan stays open with what is wrong", func(t *testing.T) {
		w := d.post("/tasks/1/plan", url.Values{"version": {"4"}, "back": {here}})
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("got status %d, want 422", w.Code)
		}
		contains(t, w.Body.String(), "请填写方案", "低分跟进：62 分")
	})
	d.follow(d.post("/tasks/1/reassign", url.Values{"version": {"4"}, "back": {here}, "owner": {"agent"}, "department": {"计费中心"}}), here)
	contains(t, d.follow(d.post("/tasks/1/done", url.Values{"version": {"5"}, "back": {here}, "outcome": {"已退款并致歉"}}), here), "待办已完成", "已退款并致歉")
	contains(t, d.page("/tasks?view=all&task=3"), "可能的客户", "C20001")
	d.follow(d.post("/tasks/3/identify", url.Values{"version": {"1"}, "back": {"/tasks?view=all"}, "customer": {"C20001"}}), "/tasks?view=all")
	if got := d.parlour.tasks[2]; got.Open() || got.Customer != "C20001" {
		t.Errorf("got the task %+v, want it done for C20001", got)
	}
	for _, target := range []string{"/tasks/99/plan", "/tasks/x/plan"} {
		if w := d.post(target, url.Values{"version": {"1"}, "plan": {"x"}}); w.Code != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", target, w.Code)
		}
	}
}

func TestSatisfaction(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	body := d.page("/satisfaction?days=30&low=1")
	contains(t, body, "50%", "81.3", "75%", "低分评价", "80–100", "15 · 75%", "处理慢", "4 · 20%", `href="/tasks?task=1&amp;view=all"`, "等了两周，打138****5678没人接")
	lacks(t, body, ">95<")
	want := survey.Filter{
		From: time.Date(2026, 1, 31, 0, 0, 0, 0, shanghai), To: time.Date(2026, 3, 2, 0, 0, 0, 0, shanghai),
		State: survey.StateAnswered, Below: 80, Limit: 50,
	}
	if diff := cmp.Diff(want, d.parlour.asked.surveys[0]); diff != "" {
		t.Errorf("asked for other answers (-want +got)\n%s", diff)
	}
	lacks(t, d.page("/satisfaction?reason=attitude"), ">95<")
	rows := d.csv("/satisfaction/export.csv")
	if want := []string{"2025-12-11 12:00", "TS-20251101-0002", "C10086", "95", "", "'=1+1", "电话", "agent", ""}; len(rows) != 3 || !slices.Equal(rows[2], want) {
		t.Errorf("got the rows %q, want the last one %q", rows, want)
	}
	d.parlour.surveys, d.parlour.figures = nil, survey.Figures{}
	contains(t, d.page("/satisfaction"), "这段时间没有评价。", "没有填写原因。")
}

func TestCallBack(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	const here = "/tasks?task=2&view=mine"
	contains(t, d.page(here), `name="case" value="TS-20260203-0102"`)
	form := url.Values{"case": {"TS-20260203-0102"}, "score": {"72.5"}, "reason": {"slow", "other"}, "text": {"太慢"}, "back": {here}}
	d.follow(d.post("/satisfaction/call-back", form), here)
	want := survey.CallBack{Case: "TS-20260203-0102", By: "agent", Answer: survey.Answer{Score: 72.5, Reasons: []survey.Reason{"slow", "other"}, Text: "太慢"}}
	if got := d.parlour.surveys[0]; got.Case != want.Case || got.By != want.By || !cmp.Equal(got.Answer, want.Answer) {
		t.Errorf("recorded %+v, want %+v", got, want)
	}
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"no number":       {url.Values{"case": {"TS-20260203-0102"}, "score": {"很好"}, "reason": {"slow"}, "back": {"/satisfaction?days=30"}}, "请填写 0 到 100 的分数。"},
		"too high":        {url.Values{"case": {"TS-20260203-0102"}, "score": {"101"}, "reason": {"slow"}}, "请填写 0 到 100 的分数。"},
		"an open case":    {url.Values{"case": {"TS-20260301-0007"}, "score": {"80"}, "reason": {"slow"}}, "案件还没有办结，或者已经有评价。"},
		"an unknown case": {url.Values{"case": {"TS-nowhere"}, "score": {"80"}, "reason": {"slow"}}, "没有这件案件，请核对编号。"},
	} {
		w := d.post("/satisfaction/call-back", c.form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", name, w.Code)
		}
		contains(t, w.Body.String(), c.want, `value="slow" checked`)
	}
}

func TestTakeUp(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	contains(t, d.page("/satisfaction"), `action="/satisfaction/7/take-up"`)
	contains(t, d.follow(d.post("/satisfaction/7/take-up", nil), "/cases/TS-20260301-0007"), "已转为新投诉")
	body := d.page("/satisfaction")
	lacks(t, body, `action="/satisfaction/7/take-up"`)
	contains(t, body, `href="/cases/TS-20260301-0007"`)
	if w := d.post("/satisfaction/x/take-up", nil); w.Code != http.StatusNotFound {
		t.Errorf("got status %d, want 404", w.Code)
	}
}

// What a role may not do is neither offered nor done.
func TestPeoplePermissions(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality") // may work, but neither merge nor unmask
	body := d.page("/customers/C10086")
	contains(t, body, `action="/customers/C10086/tier"`)
	lacks(t, body, "/merge", "/unmask")
	for _, target := range []string{"/customers/C10086/merge", "/customers/C10086/unmerge", "/customers/C10086/unmask", "/satisfaction/7/take-up"} {
		if w := d.post(target, url.Values{"record": {"WX-7781"}, "reason": {"x"}}); w.Code != http.StatusForbidden {
			t.Errorf("quality at %s: got status %d, want 403", target, w.Code)
		}
	}
	d.company.users["auditor"] = triage.User{Name: "auditor", PasswordHash: d.company.users["demo"].PasswordHash, Role: triage.RoleAuditor}
	d.signIn("auditor", password)
	for _, target := range []string{"/customers/C10086", "/tasks?view=all&task=1", "/contacts?view=all&log=C20002", "/satisfaction"} {
		lacks(t, d.page(target), `<form method="post" action="/customers/C`, `<form method="post" action="/tasks`, `<form method="post" action="/satisfaction`)
	}
	for _, target := range []string{"/customers/C10086/contacts", "/tasks/1/plan", "/satisfaction/call-back", "/customers/C10086/tasks"} {
		if w := d.post(target, nil); w.Code != http.StatusForbidden {
			t.Errorf("auditor at %s: got status %d, want 403", target, w.Code)
		}
	}
	for _, target := range []string{"/customers/export.csv", "/contacts/export.csv", "/tasks/export.csv", "/satisfaction/export.csv"} {
		if w := d.get(target); w.Code != http.StatusForbidden {
			t.Errorf("auditor at %s: got status %d, want 403", target, w.Code)
		}
	}
}

// Who belongs to a department sees every customer, but neither the words nor
// the tasks of cases of other departments.
func TestPeopleOfADepartment(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.company.users["agent"] = triage.User{Name: "agent", PasswordHash: d.company.users["agent"].PasswordHash, Role: triage.RoleAgent, Department: "计费中心"}
	file := d.parlour.files["C10086"]
	file.Cases[0].Work.Department = "计费中心"
	d.company.find("TS-20260112-0031").Work.Department = "网络部"
	d.parlour.tasks[0].Department = "网络部"
	d.signIn("agent", password)

	body := d.page("/customers/C10086")
	contains(t, body, "TS-20260301-0007", "另有 1 件由其他部门处理。", ">62<")
	lacks(t, body, "月租多扣", "等了两周", "T1 低分跟进")
	if len(d.parlour.files["C10086"].Cases) != 2 {
		t.Error("the file itself was narrowed")
	}
	lacks(t, d.page("/satisfaction"), "等了两周")
	lacks(t, d.page("/tasks?view=all&task=1"), "低分跟进：62 分")
	contains(t, d.page("/tasks?view=department"), "本部门")
	if got := d.parlour.asked.tasks[len(d.parlour.asked.tasks)-1]; got.Department != "计费中心" {
		t.Errorf("asked for the tasks of %q", got.Department)
	}
	if w := d.post("/tasks/1/plan", url.Values{"version": {"3"}, "plan": {"x"}}); w.Code != http.StatusNotFound {
		t.Errorf("a task of another department: got status %d, want 404", w.Code)
	}
	w := d.post("/satisfaction/call-back", url.Values{"case": {"TS-20260112-0031"}, "score": {"80"}})
	contains(t, w.Body.String(), "没有这件案件，请核对编号。")
	contains(t, d.page("/tasks?view=mine&task=2"), "回访：满意度")
}
