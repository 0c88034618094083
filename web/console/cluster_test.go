package console_test

import (
	"encoding/csv"
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

const clusterPage = "/clusters/K12"

func TestBoard(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	body := d.page("/clusters")
	contains(t, body, "短信误拦截", "22</b> 位客户", "23×", "2 天内 9 位客户，平时 0.4", "偶然出现的可能性 &lt; 1/100 万", "地区 <bdi>大连</bdi> 84% · 12×",
		"约 480 位受影响", "含雷同文本 2 条", "误报预算每周 1 次", "渠道 <bdi>营业厅</bdi>", `class="chart chart-spark"`)
	lacks(t, body, "春节祝福短信") // dismissed
	if d.bureau.counted != 1 {
		t.Errorf("the small charts took %d queries, want one for all", d.bureau.counted)
	}
	t.Run("the worst come first", func(t *testing.T) {
		if strings.Index(body, `href="/clusters/K12"`) > strings.Index(body, `href="/clusters/K4"`) {
			t.Error("the critical cluster comes after a lesser one")
		}
	})
	t.Run("one stage alone", func(t *testing.T) {
		lacks(t, d.page("/clusters?stage=acting"), `class="lane g-candidate"`, "短信误拦截</bdi></a></h3>")
	})
	t.Run("mine and critical", func(t *testing.T) {
		body := d.page("/clusters?view=list&mine=1&severity=critical")
		contains(t, body, "周年礼", "清除条件")
		lacks(t, body, "短信误拦截", "营业厅排队系统故障")
	})
	t.Run("the past", func(t *testing.T) {
		contains(t, d.page("/clusters?past=1"), "春节祝福短信", "路由器电源适配器缺失")
	})
	t.Run("nonsense in the address is as good as nothing", func(t *testing.T) {
		contains(t, d.page("/clusters?stage=x&severity=%3Cb%3E&cursor=zzz"), "短信误拦截")
	})
}

func TestBoardWithoutClusters(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	d.bureau.clusters = nil
	contains(t, d.page("/clusters"), "没有待判断的预警")
	contains(t, d.page("/clusters?view=list&stage=acting"), "没有问题簇", "清除条件")
	lacks(t, d.page("/"), "alarm-strip")
}

func TestClusterListPages(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	one := d.bureau.clusters[1]
	for i := range 230 {
		one.ID = prevention.ClusterID("K" + time.Unix(int64(i), 0).UTC().Format("10405"))
		one.Owner = []string{"quality", "demo"}[i%2]
		d.bureau.clusters = append(d.bureau.clusters, one)
	}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	seen := map[string]bool{}
	target := "/clusters?view=list&owner=demo"
	for range 5 {
		body := d.page(target)
		for _, m := range regexp.MustCompile(`<tr data-href="([^"]+)"`).FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Errorf("%s is listed twice", m[1])
			}
			seen[m[1]] = true
		}
		m := next.FindStringSubmatch(body)
		if m == nil {
			break
		}
		target = strings.ReplaceAll(m[1], "&amp;", "&")
	}
	if got, want := len(seen), 115+2; got != want {
		t.Errorf("got %d clusters on all pages, want %d", got, want)
	}
	rows := d.csv("/clusters/export.csv?view=list&owner=demo")
	if got, want := len(rows)-1, 115+2; got != want {
		t.Errorf("got %d rows in the export, want %d", got, want)
	}
}

// csv downloads a table and parses it.
func (d *desk) csv(target string) [][]string {
	d.t.Helper()
	body := d.page(target)
	if !strings.HasPrefix(body, "\ufeff") {
		d.t.Errorf("GET %s: the file does not begin with a BOM", target)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		d.t.Fatalf("GET %s is not CSV: %v", target, err)
	}
	return rows
}

func TestClusterPageSaysItInOneSentence(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	body := d.page(clusterPage)
	contains(t, body, "自 2月24日起，22 位客户投诉“短信误拦截”，其中 84% 在大连；预警时 2 天内 9 位，是平时的 23 倍；估计 480（380–560）位受影响，其中 458 位尚未投诉。",
		"几乎不可能是偶然", "依据：接触记录推算", "验证码短信延迟", "S-17 回退拦截规则并补发短信", "新预警", "质量群", "回退拦截规则", "指定负责人", "已通知 P7")
	lacks(t, body, "13812345678")
	t.Run("without anything usual to compare with", func(t *testing.T) {
		d.bureau.clusters[0].Alarm.Baseline = 0.001
		contains(t, d.page(clusterPage), "预警时 2 天内 9 位，平时几乎没有；")
	})
	t.Run("proposed by hand", func(t *testing.T) {
		k := &d.bureau.clusters[0]
		k.Alarm, k.Path, k.Estimate, k.Explanation = prevention.Alarm{}, prevention.PathHand, prevention.Estimate{}, prevention.Explanation{}
		body := d.page(clusterPage)
		contains(t, body, "自 2月24日起，22 位客户投诉“短信误拦截”。", "未做统计检验", "还没有估计", "没有共同用语", "没有明显集中")
		lacks(t, body, "平时的", "berg-below")
	})
}

func TestClusterPicturesAndFigures(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	for _, name := range []string{"chart.svg", "iceberg.svg"} {
		w := d.get(clusterPage + "/picture/" + name)
		if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(got, "image/svg+xml") {
			t.Errorf("%s: got status %d, type %q", name, w.Code, got)
		}
		var root struct{ XMLName xml.Name }
		if err := xml.Unmarshal(w.Body.Bytes(), &root); err != nil || root.XMLName.Local != "svg" {
			t.Errorf("%s: got root %q, error %v", name, root.XMLName.Local, err)
		}
	}
	if w := d.get(clusterPage + "/picture/other.svg"); w.Code != http.StatusNotFound {
		t.Errorf("unknown picture: got status %d, want 404", w.Code)
	}
	if rows := d.csv(clusterPage + "/days.csv"); len(rows) < 20 || rows[0][0] != "日期" {
		t.Errorf("got the rows %.200q, want the days of the chart", rows)
	}
	if rows := d.csv(clusterPage + "/members.csv"); len(rows) != 64 {
		t.Errorf("got %d rows, want 63 members and a header", len(rows))
	}
	if rows := d.csv(clusterPage + "/cohort.csv"); len(rows) != 459 || rows[1][1] != "97%" {
		t.Errorf("got %d rows, first %q, want 458 customers with their likelihood", len(rows), rows[1])
	}
	if !slices.Contains(d.company.actions(), "quality export cluster:K12") {
		t.Errorf("the trail %q has no entry for the export", d.company.actions())
	}
}

func TestClusterLife(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	k := &d.bureau.clusters[0]
	for _, step := range []struct {
		path string
		form url.Values
		want string
		ok   func() bool
	}{
		{"/stage", url.Values{"stage": {"acting"}}, "阶段已更新", func() bool { return k.Stage == prevention.StageActing }},
		{"/assign", url.Values{"owner": {"张三"}}, "负责人已更新", func() bool { return k.Owner == "张三" }},
		{"/assign", url.Values{"owner": {"张三"}, "take": {"1"}}, "负责人已更新", func() bool { return k.Owner == "quality" }},
		{"/title", url.Values{"title": {"验证码短信被拦截"}}, "名称已更新", func() bool { return k.Title == "验证码短信被拦截" }},
		{"/solution", url.Values{"solution": {"S-17"}}, "解决方案已更新", func() bool { return k.Solution == "S-17" }},
		{"/silence", url.Values{"hours": {"24"}}, "静默至 2026-03-02 12:00", func() bool { return d.bureau.silenced["K12"].Equal(noon.Add(24 * time.Hour)) }},
		{"/silence", url.Values{"hours": {"0"}}, "已恢复预警", func() bool { return d.bureau.silenced["K12"].IsZero() }},
		{"/notes", url.Values{"text": {"已联系厂商"}}, "已联系厂商", func() bool { return len(d.bureau.notes) == 2 }},
		{"/actions", url.Values{"title": {"复测"}, "department": {"网络部"}, "due": {"2026-03-02T18:00"}}, "期限 2026-03-02 18:00", func() bool { return len(d.bureau.actions) == 3 }},
		{"/actions/1/done", nil, "行动已完成", func() bool { return d.bureau.actions[0].DoneAt.Equal(noon) }},
	} {
		contains(t, d.follow(d.post(clusterPage+step.path, step.form), clusterPage), step.want)
		if !step.ok() {
			t.Errorf("%s %v: the desk does not know of it", step.path, step.form)
		}
	}
	contains(t, d.follow(d.post("/clusters/K4/dismiss", nil), "/clusters/K4"), "已判为不是共同问题", "不是共同问题")
	for path, want := range map[string]int{
		clusterPage + "/stage?": 409, "/clusters/K999/stage": 404, clusterPage + "/silence": 400, clusterPage + "/actions": 422, clusterPage + "/actions/x/done": 404,
		clusterPage + "/actions/77/done": 404, clusterPage + "/notes": 422, "/clusters/K999/notes": 404, clusterPage + "/merge": 400, clusterPage + "/members": 400,
	} {
		if w := d.post(path, url.Values{"stage": {"candidate"}, "hours": {"9999"}, "due": {"morgen"}}); w.Code != want {
			t.Errorf("POST %s: got status %d, want %d", path, w.Code, want)
		}
	}
}

func TestSmallFormsKeepWhatWasWritten(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	long := strings.Repeat("长", 201)
	for _, tt := range []struct {
		path string
		form url.Values
		has  []string
	}{
		{"/notes", url.Values{"text": {" \n "}}, []string{"请填写 1 至 2000 字。", `aria-invalid="true"> ` + "\n </textarea>"}},
		{"/actions", url.Values{"title": {"复测<b>"}, "department": {"网络部"}, "owner": {"张三"}, "due": {"morgen"}}, []string{
			"请填写期限", `<details open>`, `value="复测&lt;b&gt;"`, `value="网络部"`, `value="张三"`, `value="morgen" required aria-invalid="true"`,
		}},
		{"/actions", url.Values{"title": {""}, "department": {"网络部"}, "due": {"2026-03-02T18:00"}}, []string{"请写明要做的事", `value="网络部"`, `value="2026-03-02T18:00"`}},
		{"/assign", url.Values{"owner": {long}}, []string{"不超过 200 字。", long}},
		{"/solution", url.Values{"solution": {long}}, []string{"不超过 200 字。", long}},
		{"/title", url.Values{"title": {" "}}, []string{"请填写名称", `<details open>`, `name="title" value=" "`}},
	} {
		w := d.post(clusterPage+tt.path, tt.form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s %v: got status %d, want 422", tt.path, tt.form, w.Code)
		}
		contains(t, w.Body.String(), tt.has...)
		if got := strings.Count(w.Body.String(), `aria-invalid="true"`); got != 1 {
			t.Errorf("%s %v: %d fields are marked, want the one at fault", tt.path, tt.form, got)
		}
	}
	lacks(t, d.page(clusterPage), `aria-invalid`, `class="wrong"`, long)
	d.get("/?lang=en")
	contains(t, d.post(clusterPage+"/notes", nil).Body.String(), "Write 1 to 2,000 characters.")
}

func TestCorrectMembers(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	chosen := url.Values{"complaint": {"TS-20260301-0020", "TS-20260301-0026"}}
	with := func(more url.Values) url.Values {
		form := url.Values{"complaint": chosen["complaint"]}
		maps.Copy(form, more)
		return form
	}
	members := clusterPage + "/members"
	contains(t, d.page(members), "第 1 / 2 页", "雷同", "人工指定")
	contains(t, d.page(members+"?page=99"), "第 2 / 2 页")
	if w := d.post(members, with(url.Values{"do": {"move"}})); w.Code != http.StatusBadRequest {
		t.Errorf("moving nowhere: got status %d, want 400", w.Code)
	}
	contains(t, d.follow(d.post(members, with(url.Values{"do": {"move"}, "target": {"K4"}})), members), "已移动")
	if got := len(d.bureau.members["K4"]); got != 2 {
		t.Errorf("got %d members in K4, want 2", got)
	}
	contains(t, d.follow(d.post("/clusters/K4/members", with(url.Values{"do": {"split"}, "title": {"另一个问题"}})), "/clusters/K99"), "另一个问题", "已拆为新的问题簇")
	contains(t, d.follow(d.post("/clusters/K99/members", with(url.Values{"do": {"out"}})), "/clusters/K99/members"), "没有投诉")
	contains(t, d.follow(d.post("/clusters/K99/merge", url.Values{"target": {"K12"}}), clusterPage), "已合并到这里")
	contains(t, d.page("/clusters/K99"), "已并入", `href="/clusters/K12"`, "请到那里处理")
	lacks(t, d.page("/clusters/K99"), "/clusters/K99/stage", "准备主动关怀")
}

func TestProposeFromCase(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	contains(t, d.page("/cases/TS-20260301-0011"), "属于问题簇", `href="/clusters/K12"`)
	lacks(t, d.page("/cases/TS-20260301-0011"), `id="propose"`)
	contains(t, d.page(casePage), `form="propose"`, `name="complaint" value="TS-20260301-0007"`)
	form := url.Values{"complaint": {"TS-20260301-0007", "TS-20260112-0031"}, "title": {"多扣话费"}}
	contains(t, d.follow(d.post("/clusters/propose", form), "/clusters/K99"), "已提议为问题簇", "多扣话费")
	contains(t, d.page(casePage), "属于问题簇", `href="/clusters/K99"`)
}

func TestCohortIsTriedOutAndSaved(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	cohort := clusterPage + "/cohort"
	contains(t, d.page(cohort), "service 短信拦截，且地区 大连、沈阳", ">501<", "− 18", "− 3", "− 7", "− 15", ">458<", "41×", "18 / 20", "服务 版本", "准备主动关怀",
		`value="result=blocked; version=3.2"`, `value="2026-02-20T12:00"`, `value="大连，沈阳"`)
	query := url.Values{"kind0": {"payment"}, "attrs0": {"status=failed； reason = timeout"}, "from0": {"2026-02-01T08:30"}, "kind2": {"visit"}, "regions": {"大连, 沈阳、大连"}}
	body := d.page(cohort + "?" + query.Encode())
	contains(t, body, "试算中，尚未保存", "payment ，且visit ，且地区 大连、沈阳", "cohort.csv?attrs0=")
	lacks(t, body, "/outreach/new")
	tried := d.bureau.tried
	if tried == nil || len(tried.Conditions) != 2 || tried.Conditions[0].Attrs["reason"] != "timeout" || len(tried.Regions) != 2 ||
		!tried.Conditions[0].From.Equal(time.Date(2026, 2, 1, 0, 30, 0, 0, time.UTC)) {
		t.Errorf("got the rule %+v, want the one of the form", tried)
	}
	if k := d.bureau.clusters[0]; k.RuleBy != "" {
		t.Error("a trial changed the stored rule")
	}
	contains(t, d.follow(d.post(clusterPage+"/rule", query), cohort), "规则已保存", "由 quality 修改", "payment")
	t.Run("what is wrong stands beside what was written", func(t *testing.T) {
		for field, form := range map[string]url.Values{
			"attrs0":             {"kind0": {"payment"}, "attrs0": {"status"}},
			"to0":                {"kind0": {"payment"}, "to0": {"gestern"}},
			"conditions[0].kind": {"key0": {"银联在线"}},
			"kind0":              {},
		} {
			w := d.post(clusterPage+"/rule", form)
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: got status %d, want 422", field, w.Code)
			}
			contains(t, w.Body.String(), "规则有误", field, form.Get("attrs0"), form.Get("key0"))
		}
		if w := d.get(cohort + "?kind0=payment&attrs0=x"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a trial of nonsense: got status %d, want 422", w.Code)
		}
	})
}

func TestHostileClusters(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'>{{.}} 13812345678`
	d := signedIn(t, "demo")
	k := &d.bureau.clusters[0]
	k.Title, k.Owner, k.Solution, k.Type, k.RuleBy = evil, `"><script>alert(1)</script>`, evil, `<script>alert(3)`, `<script>alert(4)`
	k.Explanation.Terms[0].Text, k.Explanation.Attributes[0].Value, k.Explanation.Neighbours[0].Title = evil, evil, evil
	k.Rule.Regions, k.Rule.Conditions[0].Attrs = []string{`<script>alert(5)`}, map[string]string{"x": `"><script>alert(6)`}
	d.bureau.notes[0].Text, d.bureau.actions[0].Title, d.bureau.told[0].Receiver = evil, evil, evil
	d.bureau.found.Customers[0].Customer, d.bureau.found.Reasons[0].Value = "13812345678", evil
	d.agency.plans[1].Title, d.agency.plans[1].Remark, d.agency.notices[0].Reason = evil, evil, `<script>alert(7)`
	d.agency.plans[1].Template = prevention.Template{Subject: evil, Text: evil}
	d.agency.rules[0].Name, d.agency.rules[0].Template.Text = evil, evil
	for _, target := range []string{
		"/", "/clusters", "/clusters?view=list", clusterPage, clusterPage + "/members", clusterPage + "/cohort", "/outreach", "/outreach/P7", "/rules",
	} {
		lacks(t, d.page(target), "<script>alert", "<img src=x", "13812345678")
	}
	for _, target := range []string{"/clusters/export.csv", clusterPage + "/cohort.csv", "/outreach/P7/notices.csv", "/outreach/export.csv", clusterPage + "/picture/chart.svg"} {
		lacks(t, d.page(target), "13812345678")
	}
}

func TestWithoutEarlyWarning(t *testing.T) {
	t.Parallel()
	d := setup(t, func(deps *console.Deps) { deps.Alarms, deps.Outreach = nil, nil })
	d.signIn("demo", password)
	body := d.page("/")
	lacks(t, body, `href="/clusters"`, `href="/outreach"`, `href="/rules"`, "alarm-strip")
	lacks(t, d.page(casePage), "/clusters/propose")
	for _, target := range []string{"/clusters", "/outreach", "/rules"} {
		if w := d.get(target); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: got status %d, want 404", target, w.Code)
		}
	}
	t.Run("outreach needs early warning", func(t *testing.T) {
		o := console.OutreachDeps{}
		if _, err := console.New(console.Deps{Outreach: &o}); err == nil {
			t.Error("New took a console without anything")
		}
	})
}

func TestClusterPagesNeedSignIn(t *testing.T) {
	t.Parallel()
	d := setup(t)
	for _, target := range []string{"/clusters", clusterPage, "/outreach", "/outreach/P7", "/rules", clusterPage + "/cohort.csv"} {
		if w := d.get(target); w.Code != http.StatusSeeOther {
			t.Errorf("GET %s: got status %d, want 303 to the sign-in", target, w.Code)
		}
	}
	for _, target := range []string{clusterPage + "/stage", "/outreach/P7/stop", "/outreach/P8/approve", "/rules/R4/approve"} {
		if w := d.post(target, url.Values{"version": {"4"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/login" {
			t.Errorf("POST %s: got status %d, want 303 to the sign-in", target, w.Code)
		}
	}
	if d.agency.plans[1].Status != prevention.PlanRunning {
		t.Error("somebody who has not signed in stopped a plan")
	}
}

func TestClusterFailures(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	for _, target := range []string{"/clusters/K999", "/clusters/K999/members", "/clusters/K999/cohort", "/outreach/P99", "/outreach/new?cluster=K999"} {
		if w := d.get(target); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: got status %d, want 404", target, w.Code)
		}
	}
	d.bureau.fail = triage.Errorf(triage.CodeUnavailable, "the disk is full")
	for _, target := range []string{"/clusters", clusterPage, clusterPage + "/cohort", "/clusters/export.csv"} {
		if w := d.get(target); w.Code != http.StatusServiceUnavailable {
			t.Errorf("GET %s: got status %d, want 503", target, w.Code)
		}
	}
}
