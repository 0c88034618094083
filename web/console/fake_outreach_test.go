package console_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

// agency is an outreach desk and its stores in memory, as small as the console
// needs them. Its methods are safe for concurrent use.
type agency struct {
	mu       sync.Mutex
	now      func() time.Time
	plans    []prevention.Plan
	notices  []prevention.Notice
	rules    []prevention.EventRule
	report   effect.Report
	measured int // how often somebody asked for the sum
	content  prevention.Plan
	decided  []string
	// draft answers whoever wants one; brief is what it was asked with.
	draft outreach.Draft
	brief outreach.Brief
	// refuse is why a new plan is not taken, nil when it may be.
	refuse error
}

func (a *agency) find(id prevention.PlanID) (*prevention.Plan, error) {
	for i := range a.plans {
		if a.plans[i].ID == id {
			return &a.plans[i], nil
		}
	}
	return nil, triage.Errorf(triage.CodeNotFound, "no plan %s", id)
}

func (a *agency) Plans(_ context.Context, f prevention.PlanFilter) ([]prevention.Plan, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(a.plans), func(p prevention.Plan) bool {
		return f.Cluster != "" && p.Cluster != f.Cluster || len(f.Statuses) > 0 && !slices.Contains(f.Statuses, p.Status)
	}), nil
}

func (a *agency) Plan(_ context.Context, id prevention.PlanID) (prevention.Plan, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, err := a.find(id)
	if err != nil {
		return prevention.Plan{}, err
	}
	return *p, nil
}

func check(p *prevention.Plan) error {
	switch {
	case len(p.Channels) == 0:
		return triage.FieldErrorf("channels", "请至少选择一个渠道")
	case strings.Contains(p.Template.Text, "优惠"):
		return triage.FieldErrorf("text", "只能发服务类通知，不能有营销内容：优惠")
	case p.Holdout > 0.5:
		return triage.FieldErrorf("holdout", "对照组比例应在 0 到 0.5 之间")
	}
	return nil
}

func (a *agency) Preview(_ context.Context, p prevention.Plan, limit int) (outreach.Preview, error) {
	if err := check(&p); err != nil {
		return outreach.Preview{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.content = p
	v := outreach.Preview{
		Cohort:  prevention.Cohort{Words: ruleWords(p.Cohort), Matched: 501, Excluded: prevention.Excluded{Complained: 18, Told: 3, OptedOut: 7, Contacted: 15}},
		Reached: 450, Unreached: map[string]int{outreach.ReasonNoAddress: 6, outreach.ReasonNoValue + "product": 2}, ByChannel: map[string]int{"短信": 431, "邮件": 19},
		Segments: 862, FirstAt: a.now().Add(20 * time.Hour),
	}
	for i := range min(limit, 3) {
		v.Recipients = append(v.Recipients, outreach.Recipient{
			Customer: triage.CustomerID(fmt.Sprintf("C7000%d", i)), Name: "张**", Channel: "短信", Address: "138****567" + fmt.Sprint(i),
			Text: strings.ReplaceAll(p.Template.Text, "{{name}}", "张**"), Segments: 2,
		})
	}
	v.Recipients = append(v.Recipients, outreach.Recipient{Customer: "C70009", Name: "李*", Reason: outreach.ReasonNoAddress})
	return v, nil
}

func (a *agency) Letter(b outreach.Brief) prevention.Template {
	return prevention.Template{Subject: "说明", Text: "尊敬的{{name}}，您好。我们发现部分客户近期遇到“" + b.Title + "”的问题，正在处理。"}
}

func (a *agency) Draft(_ context.Context, b outreach.Brief) outreach.Draft {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.brief = b
	return a.draft
}

func (a *agency) Policy() outreach.Policy { return outreach.DefaultPolicy() }

func (a *agency) Create(_ context.Context, p prevention.Plan, by string) (prevention.Plan, error) {
	if a.refuse != nil {
		return p, a.refuse
	}
	if err := check(&p); err != nil {
		return p, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p.ID, p.Status, p.CreatedBy, p.CreatedAt, p.Version = "P9", prevention.PlanDraft, by, a.now(), 1
	a.plans = append([]prevention.Plan{p}, a.plans...)
	return p, nil
}

// change does something to a plan that somebody saw in a version, 0 for any.
func (a *agency) change(id prevention.PlanID, version int64, do func(*prevention.Plan) error) (prevention.Plan, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, err := a.find(id)
	if err != nil {
		return prevention.Plan{}, err
	}
	if version != 0 && p.Version != version {
		return *p, triage.Errorf(triage.CodeConflict, "计划 %s 刚被别人修改过，请刷新后再试", id)
	}
	if err := do(p); err != nil {
		return *p, err
	}
	p.Version++
	return *p, nil
}

func (a *agency) Edit(_ context.Context, content prevention.Plan, _ string) (prevention.Plan, error) {
	return a.change(content.ID, content.Version, func(p *prevention.Plan) error {
		p.Title, p.Template, p.Channels, p.Holdout, p.StartAt, p.Cohort = content.Title, content.Template, content.Channels, content.Holdout, content.StartAt, content.Cohort
		p.Status = prevention.PlanDraft
		return check(&content)
	})
}

func (a *agency) Submit(_ context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error) {
	return a.change(id, version, func(p *prevention.Plan) error { p.Status, p.SubmittedBy = prevention.PlanSubmitted, by; return nil })
}

func (a *agency) Approve(_ context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error) {
	return a.change(id, version, func(p *prevention.Plan) error {
		if by == p.CreatedBy || by == p.SubmittedBy {
			return triage.Errorf(triage.CodeForbidden, "将通知 450 位客户，须由创建人和提交人以外的人批准")
		}
		p.Status, p.ApprovedBy, p.ApprovedAt, p.Size, p.Held = prevention.PlanApproved, by, a.now(), 450, 90
		return nil
	})
}

func (a *agency) Reject(_ context.Context, id prevention.PlanID, version int64, _, remark string) (prevention.Plan, error) {
	return a.change(id, version, func(p *prevention.Plan) error { p.Status, p.Remark = prevention.PlanRejected, remark; return nil })
}

func (a *agency) Stop(_ context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error) {
	return a.change(id, 0, func(p *prevention.Plan) error {
		p.Status, p.StoppedBy, p.Remark = prevention.PlanStopped, by, remark
		return nil
	})
}

func (a *agency) Resume(_ context.Context, id prevention.PlanID, _ string) (prevention.Plan, error) {
	return a.change(id, 0, func(p *prevention.Plan) error { p.Status = prevention.PlanRunning; return nil })
}

func (a *agency) Cancel(_ context.Context, id prevention.PlanID, _, remark string) (prevention.Plan, error) {
	return a.change(id, 0, func(p *prevention.Plan) error { p.Status, p.Remark = prevention.PlanCancelled, remark; return nil })
}

func (a *agency) Decide(_ context.Context, plan prevention.PlanID, notice int64, told bool, by string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.decided = append(a.decided, fmt.Sprint(plan, " ", notice, " ", told, " ", by))
	return nil
}

func (a *agency) Notices(_ context.Context, q prevention.NoticeQuery) ([]prevention.Notice, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []prevention.Notice
	for _, n := range a.notices {
		if n.Plan == q.Plan && n.ID > q.After && (len(q.States) == 0 || slices.Contains(q.States, n.State)) {
			found = append(found, n)
		}
	}
	return found[:min(q.Limit, len(found))], nil
}

func (a *agency) CountNotices(_ context.Context, plan prevention.PlanID) (map[prevention.NoticeState]int, error) {
	if plan != "P7" {
		return map[prevention.NoticeState]int{prevention.NoticeDelivered: 310, prevention.NoticeAnswered: 12, prevention.NoticeFailed: 4, prevention.NoticeHeld: 80}, nil
	}
	return map[prevention.NoticeState]int{
		prevention.NoticeHeld: 90, prevention.NoticeDelivered: 180, prevention.NoticeSent: 40, prevention.NoticeAnswered: 6, prevention.NoticeQueued: 120,
		prevention.NoticeSending: 5, prevention.NoticeFailed: 3, prevention.NoticeUnclear: 2, prevention.NoticeSkipped: 4,
	}, nil
}

func (a *agency) Effect(_ context.Context, id prevention.PlanID) (effect.Report, error) {
	r := a.report
	if id == "P7" {
		r.Difference, r.Low, r.High, r.Verdict = -0.01, -0.05, 0.03, effect.VerdictOpen
	}
	return r, nil
}

func (a *agency) Sum(context.Context) (live.Sum, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.measured++
	r := a.report
	return live.Sum{
		Pooled: effect.Pooled{Plans: 2, Ratio: 0.44, Low: 0.3, High: 0.7, Verdict: r.Verdict, Words: "2 个计划合计：可以断定主动告知减少了投诉。"},
		Told:   r.Told, Held: r.Held, Avoided: r.Avoided, AvoidedLow: r.AvoidedLow, AvoidedHigh: r.AvoidedHigh,
	}, nil
}

func (a *agency) Forecast(_ context.Context, id prevention.PlanID) (effect.Forecast, bool, error) {
	return effect.Forecast{PastDays: 14, Days: 6, Seen: 9, Expected: 31.2, Low: 22, High: 41, Verdict: effect.VerdictFewer}, id != "P5", nil
}

// ruleBook is the agency's desk of event rules.
type ruleBook struct{ *agency }

func (b ruleBook) List(context.Context) ([]prevention.EventRule, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.rules), nil
}

func (b ruleBook) put(r prevention.EventRule) (prevention.EventRule, error) {
	if r.When.Kind == "" {
		return r, triage.FieldErrorf("when", "请指明哪一类接触记录触发规则")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.IndexFunc(b.rules, func(old prevention.EventRule) bool { return old.ID == r.ID }); i >= 0 {
		b.rules[i] = r
	} else {
		r.ID = "R9"
		b.rules = append(b.rules, r)
	}
	return r, nil
}

func (b ruleBook) Create(_ context.Context, r prevention.EventRule, by string) (prevention.EventRule, error) {
	r.Status, r.CreatedBy, r.Version = prevention.EventRuleDraft, by, 1
	return b.put(r)
}

func (b ruleBook) Edit(_ context.Context, r prevention.EventRule, by string) (prevention.EventRule, error) {
	r.Status, r.CreatedBy = prevention.EventRuleDraft, by
	return b.put(r)
}

func (b ruleBook) status(id prevention.EventRuleID, s prevention.EventRuleStatus, by string) (prevention.EventRule, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.rules {
		if r := &b.rules[i]; r.ID == id {
			if s == prevention.EventRuleApproved && r.CreatedBy == by {
				return *r, triage.Errorf(triage.CodeForbidden, "规则须由编写人以外的人批准")
			}
			r.Status = s
			return *r, nil
		}
	}
	return prevention.EventRule{}, triage.Errorf(triage.CodeNotFound, "no rule %s", id)
}

func (b ruleBook) Approve(_ context.Context, id prevention.EventRuleID, _ int64, by string) (prevention.EventRule, error) {
	return b.status(id, prevention.EventRuleApproved, by)
}

func (b ruleBook) Pause(_ context.Context, id prevention.EventRuleID, by string) (prevention.EventRule, error) {
	return b.status(id, prevention.EventRulePaused, by)
}

func (b ruleBook) EnqueuedSince(context.Context, prevention.EventRuleID, time.Time) (int, error) {
	return 128, nil
}

func newAgency(now func() time.Time) *agency {
	letter := prevention.Template{Subject: "关于短信接收的说明", Text: "尊敬的{{name}}，您好。我们发现部分客户近期收不到验证码短信，正在修复。给您带来不便，深表歉意。"}
	a := &agency{now: now, report: effect.Report{
		Told: effect.Side{Customers: 1260, Complained: 21}, Held: effect.Side{Customers: 315, Complained: 14},
		Difference: -0.028, Low: -0.051, High: -0.004, Avoided: 35, AvoidedLow: 5, AvoidedHigh: 64, Verdict: effect.VerdictFewer,
	}}
	for _, p := range []struct {
		id      prevention.PlanID
		cluster prevention.ClusterID
		title   string
		status  prevention.PlanStatus
		size    int
		held    int
	}{
		{"P8", "K5", "充值余额延迟说明", prevention.PlanSubmitted, 0, 0}, {"P7", "K12", "短信误拦截说明与致歉", prevention.PlanRunning, 450, 90},
		{"P6", "K7", "周年礼优惠券补发通知", prevention.PlanFinished, 406, 80}, {"P5", "K9", "账单重复寄送说明", prevention.PlanDraft, 0, 0},
		{"P4", "K6", "装机改期说明", prevention.PlanStopped, 330, 66},
	} {
		plan := prevention.Plan{
			ID: p.id, Cluster: p.cluster, Title: p.title, Cohort: *sampleRule(), Template: letter, Channels: []string{"短信", "邮件"}, Holdout: 0.2,
			Status: p.status, Size: p.size, Held: p.held, CreatedBy: "quality", CreatedAt: noon.AddDate(0, 0, -3), Version: 4,
		}
		if p.size > 0 {
			plan.SubmittedBy, plan.ApprovedBy, plan.ApprovedAt = "quality", "demo", noon.AddDate(0, 0, -1)
		}
		a.plans = append(a.plans, plan)
	}
	for i, s := range []prevention.NoticeState{prevention.NoticeUnclear, prevention.NoticeFailed, prevention.NoticeDelivered} {
		a.notices = append(a.notices, prevention.Notice{
			ID: int64(i + 1), Plan: "P7", Customer: "C70003", Arm: prevention.ArmTold, State: s, Channel: "短信", Attempts: 2, Reason: outreach.ReasonUnknown, BegunAt: noon.Add(-time.Hour),
		})
	}
	a.rules = []prevention.EventRule{
		{
			ID: "R3", Name: "付款失败致歉", Status: prevention.EventRuleApproved, When: prevention.Condition{Kind: "payment", Attrs: map[string]string{"status": "failed"}},
			Unless: prevention.Condition{Kind: "payment", Attrs: map[string]string{"status": "ok"}}, Wait: 15 * time.Minute, Template: letter, Channels: []string{"短信"},
			Holdout: 0.1, DailyCap: 500, CreatedBy: "quality", ApprovedBy: "demo", Version: 2,
		},
		{ID: "R4", Name: "航班取消说明", Status: prevention.EventRuleDraft, When: prevention.Condition{Kind: "flight", Key: "cancelled"}, Template: letter, Channels: []string{"短信"}, DailyCap: 100, CreatedBy: "demo", Version: 1},
	}
	return a
}
