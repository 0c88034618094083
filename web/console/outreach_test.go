package console_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/web/console"
)

func TestPlanList(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	body := d.page("/outreach")
	contains(t, body, "短信误拦截说明与致歉", "235/360", "投诉确实减少", ">35<", "5 至 64", "−2.8 个百分点（−5.1 至 −0.4）", "合计")
	contains(t, d.page("/outreach?status=draft"), "账单重复寄送说明")
	lacks(t, d.page("/outreach?status=draft"), "短信误拦截说明与致歉")
	contains(t, d.page("/outreach?cluster=K12"), "短信误拦截说明与致歉", "清除条件")
	rows := d.csv("/outreach/export.csv?status=running")
	if want := []string{"P7", "短信误拦截说明与致歉", "发送中", "K12", "", "450", "90", "235", "125", "35 (5, 64)", "quality", "2026-02-26 12:00"}; len(rows) != 2 || !slices.Equal(rows[1], want) {
		t.Errorf("got the rows %q, want one %q", rows, want)
	}
	d.agency.plans = nil
	d.agency.report.Verdict = effect.VerdictNone
	d.clock.Advance(5 * time.Minute)
	contains(t, d.page("/outreach"), "还没有主动关怀计划")
	lacks(t, d.page("/outreach"), "主动关怀的效果")
}

// The effect of all plans is read from every customer who was told; the first
// page must not do that each time somebody looks.
func TestEffectOfAllPlansIsMeasuredEveryFiveMinutes(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	for range 3 {
		contains(t, d.page("/"), "已减少投诉", ">35<")
	}
	if d.agency.measured != 1 {
		t.Errorf("measured %d times, want once", d.agency.measured)
	}
	d.clock.Advance(5 * time.Minute)
	d.page("/")
	if d.agency.measured != 2 {
		t.Errorf("after five minutes: measured %d times, want twice", d.agency.measured)
	}
}

// planForm is a form as the editor sends it.
func planForm(more url.Values) url.Values {
	form := url.Values{
		"cluster": {"K12"}, "title": {"短信说明"}, "subject": {"关于短信"}, "text": {"尊敬的{{name}}，\r\n您好。"}, "channel0": {"邮件"}, "channel2": {"短信"},
		"start": {"2026-03-02T10:00"}, "holdout": {"12.5"}, "action": {"save"},
	}
	maps.Copy(form, more)
	return form
}

func TestNewPlan(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	contains(t, d.page("/outreach/new?cluster=K12"), "我们发现部分客户近期遇到“短信误拦截”的问题", "服务类通知", "21:00–09:00 不打扰客户", "每 7 天最多 1 条", "自动加“退订回T”", "{{name}}", "service 短信拦截")
	t.Run("a preview shows real recipients and keeps nothing", func(t *testing.T) {
		w := d.post("/outreach/new", planForm(url.Values{"action": {"preview"}}))
		if w.Code != http.StatusOK {
			t.Fatalf("got status %d, want 200", w.Code)
		}
		contains(t, w.Body.String(), "尊敬的张**，", "138****5670", "没有可用地址", "缺少变量 product", ">450<", "短信 431", "共 862 条短信", "最早 2026-03-02 08:00 发出", `value="短信说明"`, `value="12.5"`)
		if len(d.agency.plans) != 5 {
			t.Error("a preview made a plan")
		}
	})
	t.Run("what is wrong stands beside what was written", func(t *testing.T) {
		for field, form := range map[string]url.Values{
			"text": {"text": {"全场优惠"}}, "holdout": {"holdout": {"60"}}, "channels": {"channel0": {""}, "channel2": {""}}, "start": {"start": {"morgen"}},
		} {
			w := d.post("/outreach/new", planForm(form))
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: got status %d, want 422", field, w.Code)
			}
			contains(t, w.Body.String(), `role="alert"`, `aria-invalid="true"`, `value="短信说明"`)
		}
	})
	t.Run("a plan is kept as a draft with the cluster's rule", func(t *testing.T) {
		contains(t, d.follow(d.post("/outreach/new", planForm(nil)), "/outreach/P9"), "计划已保存", "提交审批", "邮件 → 短信", "2026-03-02 10:00")
		want := prevention.Plan{
			ID: "P9", Cluster: "K12", Title: "短信说明", Cohort: *sampleRule(), Template: prevention.Template{Subject: "关于短信", Text: "尊敬的{{name}}，\n您好。"},
			Channels: []string{"邮件", "短信"}, StartAt: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), Holdout: 0.125,
			Status: prevention.PlanDraft, CreatedBy: "quality", CreatedAt: noon, Version: 1,
		}
		if diff := cmp.Diff(want, d.agency.plans[0]); diff != "" {
			t.Errorf("the plan differs (-want +got)\n%s", diff)
		}
	})
}

func TestEditPlan(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	d.bureau.clusters[6].Rule = &prevention.Rule{Conditions: []prevention.Condition{{Kind: "visit"}}}
	d.agency.plans[3].Cluster = d.bureau.clusters[6].ID
	contains(t, d.page("/outreach/P5/edit"), "账单重复寄送说明", `name="version" value="4"`, "问题簇的规则已更新")
	d.follow(d.post("/outreach/P5/edit", planForm(url.Values{"version": {"4"}})), "/outreach/P5")
	if p := d.agency.plans[3]; p.Title != "短信说明" || p.Cohort.Conditions[0].Kind != "service" {
		t.Errorf("got the plan %+v, want the new text and the old rule", p)
	}
	d.follow(d.post("/outreach/P5/edit", planForm(url.Values{"version": {"5"}, "refresh": {"1"}})), "/outreach/P5")
	if p := d.agency.plans[3]; p.Cohort.Conditions[0].Kind != "visit" {
		t.Errorf("got the rule %+v, want that of the cluster", p.Cohort)
	}
	if w := d.post("/outreach/P5/edit", planForm(url.Values{"version": {"4"}})); w.Code != http.StatusConflict {
		t.Errorf("with an old version: got status %d, want 409", w.Code)
	}
}

func TestPlanNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	contains(t, d.page("/outreach/P8"), "须由创建人和提交人以外的人批准", "disabled>批准并发送")
	w := d.post("/outreach/P8/approve", url.Values{"version": {"4"}})
	if w.Code != http.StatusForbidden {
		t.Errorf("the author approves: got status %d, want 403", w.Code)
	}
	contains(t, w.Body.String(), "将通知 450 位客户", "充值余额延迟说明")
	d.signIn("demo", password)
	lacks(t, d.page("/outreach/P8"), "disabled>批准并发送")
	w = d.post("/outreach/P8/approve", url.Values{"version": {"3"}})
	if w.Code != http.StatusConflict {
		t.Errorf("an old version: got status %d, want 409", w.Code)
	}
	contains(t, w.Body.String(), "刚被别人修改过")
	contains(t, d.follow(d.post("/outreach/P8/approve", url.Values{"version": {"4"}}), "/outreach/P8"), "已批准，名单已固定", "立即停止发送")
}

func TestPlanLife(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	version := url.Values{"version": {"4"}, "remark": {"文字有误"}}
	contains(t, d.follow(d.post("/outreach/P8/reject", version), "/outreach/P8"), "已退回", "文字有误", "提交审批")
	contains(t, d.follow(d.post("/outreach/P8/submit", url.Values{"version": {"5"}}), "/outreach/P8"), "已提交审批")
	contains(t, d.follow(d.post("/outreach/P7/stop", version), "/outreach/P7"), "已停止发送", "继续发送", "文字有误")
	contains(t, d.follow(d.post("/outreach/P7/resume", version), "/outreach/P7"), "已继续发送", "立即停止发送")
	contains(t, d.follow(d.post("/outreach/P4/cancel", version), "/outreach/P4"), "计划已取消", "没有可做的操作")
	if w := d.post("/outreach/P7/stop", nil); w.Code != http.StatusBadRequest {
		t.Errorf("without a version: got status %d, want 400", w.Code)
	}
}

func TestPlanProgressAndEffect(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	body := d.page("/outreach/P7")
	contains(t, body, "65%", "已处理 235，待发送 125", "已送达 <b", "结果不明", "不知是否送达", "还不能断定有效", "通知后 6 天内又有 9 位客户投诉；不通知预计 31（22–41）位", `class="chart chart-forest"`)
	d.follow(d.post("/outreach/P7/decide", url.Values{"version": {"4"}, "notice": {"1"}, "told": {"1"}}), "/outreach/P7")
	if diff := cmp.Diff([]string{"P7 1 true quality"}, d.agency.decided); diff != "" {
		t.Errorf("decisions differ (-want +got)\n%s", diff)
	}
	if rows := d.csv("/outreach/P7/notices.csv"); len(rows) != 4 || rows[1][2] != "结果不明" {
		t.Errorf("got the rows %q, want three notices", rows)
	}
	d.agency.plans[1].Held = 0
	contains(t, d.page("/outreach/P7"), "没有对照组，无法测量效果")
}

func TestRefusalsSpeakTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	desk, err := outreach.New(outreach.Deps{Policy: outreach.DefaultPolicy(), Now: d.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, d.agency.refuse = desk.Create(t.Context(), prevention.Plan{Cluster: "K1"}, "quality") // without a title
	contains(t, d.post("/outreach/new", planForm(nil)).Body.String(), "请填写标题", `name="title" value="短信说明" maxlength="100" required aria-invalid="true"`)
	d.get("/?lang=en")
	body := d.post("/outreach/new", planForm(nil)).Body.String()
	contains(t, body, "give it a title")
	lacks(t, body, "请填写标题")
	contains(t, d.post("/outreach/new", planForm(url.Values{"holdout": {"viel"}})).Body.String(), "A percentage from 0 to 50.")
}

func TestPlanIsDrafted(t *testing.T) {
	t.Parallel()
	drafted := prevention.Template{Subject: "短信说明", Text: "{{name}}您好，<b>短信</b>正在修复。"}
	t.Run("by the model, from facts alone", func(t *testing.T) {
		t.Parallel()
		d := signedIn(t, "quality")
		d.agency.draft = outreach.Draft{Template: drafted, ByModel: true}
		w := d.post("/outreach/new", planForm(url.Values{"action": {"draft"}, "holdout": {"viel"}}))
		if w.Code != http.StatusOK {
			t.Fatalf("got status %d, want 200", w.Code)
		}
		contains(t, w.Body.String(), "由语言模型起草", `value="短信说明"`, "&lt;b&gt;短信", `value="viel"`, `value="邮件" selected`)
		lacks(t, w.Body.String(), "<b>短信")
		want := outreach.Brief{
			Title: "短信误拦截", Type: d.agency.brief.Type, Affected: "service 短信拦截，且地区 大连、沈阳", Since: noon.AddDate(0, 0, -5), Actions: []string{"回退拦截规则", "补发验证码"},
		}
		if diff := cmp.Diff(want, d.agency.brief); diff != "" {
			t.Errorf("the brief differs (-want +got)\n%s", diff)
		}
		if len(d.agency.plans) != 5 {
			t.Errorf("got %d plans, want the 5 there were: a draft is not stored", len(d.agency.plans))
		}
	})
	t.Run("by the template when the model's is refused", func(t *testing.T) {
		t.Parallel()
		d := signedIn(t, "quality")
		d.agency.draft = outreach.Draft{Template: drafted, Refused: errors.New("down")}
		w := d.post("/outreach/P5/edit", planForm(url.Values{"action": {"draft"}, "version": {"4"}}))
		contains(t, w.Body.String(), "由内置模板生成", `action="/outreach/P5/edit"`, `name="version" value="4"`)
		lacks(t, w.Body.String(), "down", `role="alert"`)
		if p := d.agency.plans[3]; p.Version != 4 {
			t.Errorf("plan %s became version %d: a draft is not stored", p.ID, p.Version)
		}
	})
}

func TestOutreachWithoutEffectsAndRules(t *testing.T) {
	t.Parallel()
	d := setup(t, func(deps *console.Deps) {
		deps.Outreach.Effects, deps.Outreach.Rules, deps.Outreach.Enqueued = nil, nil, nil
	})
	d.signIn("demo", password)
	lacks(t, d.page("/outreach"), "主动关怀的效果", `href="/rules"`)
	contains(t, d.page("/outreach/P7"), "还没有足够的数据")
	lacks(t, d.page("/clusters"), "已减少投诉")
	if w := d.get("/rules"); w.Code != http.StatusNotFound {
		t.Errorf("rules without a desk: got status %d, want 404", w.Code)
	}
}

func TestEventRules(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	contains(t, d.page("/rules"), "付款失败致歉", "128 / 500", "等待 15分", "除非已 <bdi>payment", "生效中")
	form := url.Values{
		"name": {"退款超时说明"}, "kind0": {"refund"}, "attrs0": {"state=late"}, "kind1": {"refund"}, "attrs1": {"state=done"}, "wait": {"30"}, "cap": {"200"}, "holdout": {"10"},
		"text": {"尊敬的{{name}}，退款正在处理。"}, "channel0": {"短信"},
	}
	contains(t, d.follow(d.post("/rules", form), "/rules"), "规则已保存", "退款超时说明", "须由编写人以外的人批准")
	want := prevention.EventRule{
		ID: "R9", Name: "退款超时说明", Status: prevention.EventRuleDraft, When: prevention.Condition{Kind: "refund", Attrs: map[string]string{"state": "late"}},
		Unless: prevention.Condition{Kind: "refund", Attrs: map[string]string{"state": "done"}}, Wait: 30 * time.Minute, DailyCap: 200, Holdout: 0.1,
		Template: prevention.Template{Text: "尊敬的{{name}}，退款正在处理。"}, Channels: []string{"短信"}, CreatedBy: "quality", Version: 1,
	}
	if diff := cmp.Diff(want, d.agency.rules[2]); diff != "" {
		t.Errorf("the rule differs (-want +got)\n%s", diff)
	}
	t.Run("the author may not approve it", func(t *testing.T) {
		w := d.post("/rules/R9/approve", url.Values{"version": {"1"}})
		if w.Code != http.StatusForbidden {
			t.Errorf("got status %d, want 403", w.Code)
		}
		contains(t, w.Body.String(), "规则须由编写人以外的人批准", "退款超时说明")
	})
	t.Run("what is wrong stands beside what was written", func(t *testing.T) {
		for field, value := range map[string]string{"wait": "soon", "cap": "many", "holdout": "-1", "kind0": "", "attrs1": "x"} {
			bad := maps.Clone(form)
			bad.Set(field, value)
			w := d.post("/rules", bad)
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: got status %d, want 422", field, w.Code)
			}
			contains(t, w.Body.String(), `value="退款超时说明"`, `role="alert"`)
		}
	})
	contains(t, d.follow(d.post("/rules/R4/approve", url.Values{"version": {"1"}}), "/rules"), "规则已生效")
	contains(t, d.follow(d.post("/rules/R3/pause", nil), "/rules"), "规则已暂停", "已暂停")
	body := d.page("/rules?edit=R3")
	contains(t, body, `value="status=failed"`, `name="id" value="R3"`)
	form.Set("id", "R3")
	form.Set("version", "2")
	d.follow(d.post("/rules", form), "/rules")
	if r := d.agency.rules[0]; r.Name != "退款超时说明" || r.Status != prevention.EventRuleDraft {
		t.Errorf("got the rule %+v, want the edited one as a draft", r)
	}
	if body := d.page("/rules?edit=R4"); strings.Contains(body, `name="id" value="R4"`) {
		t.Error("a rule in force is offered for editing")
	}
	d.agency.rules = nil
	contains(t, d.page("/rules"), "还没有事件规则")
}
