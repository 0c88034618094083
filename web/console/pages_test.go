package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
)

const casePage = "/cases/TS-20260301-0007"

var han = regexp.MustCompile(`\p{Han}`)

func TestEveryPageInBothLanguages(t *testing.T) {
	t.Parallel()
	pages := map[string][2]string{
		"/":            {"工作台", "Workbench"},
		"/?status=all": {"已办结", "Closed"},
		"/?status=closed&channel=app&urgency=low&from=2026-01-01&to=2026-03-01&review=1&product=x&sort=newest": {"清除条件", "Clear filters"},
		"/?q=盗刷":                    {"关键词", "Words"},
		"/?q=不存在的词":                 {"这里没有投诉", "No cases here"},
		casePage:                    {"判断依据", "Evidence for the type"},
		"/cases/TS-20260112-0031":   {"处理结果", "Outcome"},
		"/new":                      {"登记投诉", "New complaint"},
		"/jobs":                     {"立即运行", "Run now"},
		"/model":                    {"校准误差", "ECE"},
		"/keys":                     {"快捷键", "Keys"},
		"/clusters":                 {"待判断", "Candidate"},
		"/clusters?view=list":       {"偶然可能性", "By chance"},
		"/clusters?past=1":          {"春节祝福短信", "Not a cluster"},
		"/clusters/K12":             {"为什么是现在", "Why now"},
		"/clusters/K4":              {"为什么是现在", "Why now"},
		"/clusters/K12/members":     {"拆为新簇", "Split off"},
		"/clusters/K12/cohort":      {"规则解释了 18 / 20", "explains 18 of the 20"},
		"/clusters/K4/cohort":       {"还没有规则", "No rule yet"},
		"/outreach":                 {"主动关怀的效果", "What outreach has prevented"},
		"/outreach/P7":              {"立即停止发送", "Stop sending now"},
		"/outreach/P8":              {"批准并发送", "Approve and send"},
		"/outreach/P5/edit":         {"可用变量", "Variables"},
		"/outreach/new?cluster=K12": {"保存草稿", "Save the draft"},
		"/outreach/new?cluster=K4":  {"还没有受影响客户的规则", "no rule of who is affected"},
		"/rules":                    {"今日已用", "Today / cap"},
		"/rules?new=1":              {"等待（分钟）", "Wait (minutes)"},
	}
	d := signedIn(t, "demo")
	for target, want := range pages {
		d.cookies["qianyi_lang"] = "zh"
		contains(t, d.page(target), want[0], `<html lang="zh-CN"`)
		d.cookies["qianyi_lang"] = "en"
		contains(t, d.page(target), want[1], `<html lang="en"`)
	}
}

func TestEnglishHasNoChineseOfItsOwn(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	d.company.cases, d.bureau.clusters, d.agency.plans, d.agency.rules = nil, nil, nil, nil
	for _, target := range []string{"/?lang=en", "/new", "/jobs", "/keys", "/clusters", "/clusters?view=list", "/outreach?status=draft", "/rules"} {
		body := strings.ReplaceAll(d.page(target), ">中文<", "><") // the name of the other language
		for _, typ := range (pack{}).Types() {
			body = strings.ReplaceAll(body, typ.Department, "") // departments have the name the company gives them
		}
		if at := han.FindStringIndex(body); at != nil {
			t.Errorf("GET %s in English has Chinese: %.60s", target, body[at[0]:])
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	for _, target := range []string{"/", casePage, "/login", "/no-such-page"} {
		h := d.get(target).Header()
		if got, want := h.Get("Content-Security-Policy"), "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"; got != want {
			t.Errorf("GET %s: got policy %q, want %q", target, got, want)
		}
		if got := h.Get("Cache-Control"); got != "no-store" {
			t.Errorf("GET %s: got Cache-Control %q, want no-store", target, got)
		}
	}
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|<script>|\son[a-z]+=|javascript:`)
	for _, target := range []string{
		"/", casePage, "/new", "/jobs", "/model", "/clusters", "/clusters?view=list", clusterPage, clusterPage + "/members", clusterPage + "/cohort",
		"/outreach", "/outreach/P7", "/outreach/P8", "/outreach/new?cluster=K12", "/rules?edit=R4",
	} {
		if bad := inline.FindString(d.page(target)); bad != "" {
			t.Errorf("GET %s has %q, which the policy forbids", target, bad)
		}
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	for target, want := range map[string]int{
		"/no-such-page": 404, "/cases/none": 404, "/jobs": 403, "/static/0000000000000000/app.css": 404,
	} {
		w := d.get(target)
		if w.Code != want {
			t.Errorf("GET %s: got status %d, want %d", target, w.Code, want)
		}
		contains(t, w.Body.String(), "错误编号")
	}
	d.company.panics = true
	w := d.get("/")
	if w.Code != http.StatusInternalServerError {
		t.Errorf("after a panic: got status %d, want 500", w.Code)
	}
	contains(t, w.Body.String(), "出错了", "错误编号")
	lacks(t, w.Body.String(), "a mistake of ours", "goroutine")
}

func TestAssetsAreImmutable(t *testing.T) {
	t.Parallel()
	d := setup(t)
	files := regexp.MustCompile(`/static/[0-9a-f]+/[a-z.]+`).FindAllString(d.page("/login"), -1)
	if len(files) < 3 {
		t.Fatalf("got the assets %q, want style, script and mark", files)
	}
	for _, f := range files {
		w := d.get(f)
		if got := w.Header().Get("Cache-Control"); w.Code != http.StatusOK || !strings.Contains(got, "immutable") {
			t.Errorf("GET %s: got %d, Cache-Control %q, want 200 and immutable", f, w.Code, got)
		}
	}
}

func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	lacks(t, d.page("/"), "data-theme=\"")
	contains(t, d.page("/?theme=dark"), `data-theme="dark"`)
	contains(t, d.page(casePage), `data-theme="dark"`, `?theme=light`)
	contains(t, d.page("/?theme=%22%3E"), `data-theme="dark"`)
}

func TestHostileText(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"script":  `<script>alert(1)</script><img src=x onerror=alert(2)>"'>{{.}}`,
		"formula": "=cmd|' /C calc'!A0",
		"rtl":     "\u202e反着写的\u2066字",
		"long":    strings.Repeat("退钱！", 3334),
		"phones":  "电话１３８１２３４５６７８或138-1234-5678，身份证11010519491231002X，邮箱 zhangsan@example.com",
		"nothing": "\x00\ufffd🙃",
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := signedIn(t, "demo")
			k := &d.company.cases[0]
			k.Title, k.Text, k.Resolution, k.Product, k.CustomerID = "", text, text, text, "13812345678"
			k.Assessment.Suggestions[0].Text = text
			k.Assessment.Reasons[0].Text = text
			k.Assessment.Urgency.Reasons = []string{text}
			if name == "phones" {
				k.Assessment.Reasons, k.Assessment.Urgency.Reasons = nil, nil
			}
			for _, target := range []string{"/", casePage, casePage + "?use=0"} {
				body := d.page(target)
				lacks(t, body, "<script>alert", "<img src=x", "１３８１２３４５６７８", "138-1234-5678", "13812345678", "11010519491231002X", "zhangsan@")
			}
		})
	}
}

func TestCaseIDsOfAnyKind(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"a/b", "工单 1", "100%", "x?y#z", `"><b>`} {
		d := signedIn(t, "demo")
		d.company.cases[0].ID = "x"
		k := d.company.find("x")
		k.ID = triage.ComplaintID(id)
		path := "/cases/" + url.PathEscape(id)
		contains(t, d.page("/"), "/cases/")
		body := d.page(path)
		lacks(t, body, `"><b>`)
		d.follow(d.post(path+"/confirm", url.Values{"choice": {"service"}}), path)
	}
}

func TestTimesAreThoseOfTheZone(t *testing.T) {
	t.Parallel()
	contains(t, signedIn(t, "demo").page("/"), "2026-03-01 09:30", "响应 超时 30分", "响应 剩 9分")
}
