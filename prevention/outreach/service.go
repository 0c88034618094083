package outreach

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// Deps is what a Service needs. Every field but Drafter is required.
type Deps struct {
	Plans     prevention.PlanStore
	Outbox    Outbox
	Notices   prevention.NoticeReader
	Guards    Guards
	Customers Customers
	Exposures Exposures
	Cohorts   Cohorts
	Draw      Draw
	Channels  []prevention.Channel
	Policy    Policy
	Zone      *time.Location
	Now       func() time.Time
	// Drafter proposes messages; nil is the template alone.
	Drafter Drafter
}

// Service is the desk at which people plan, approve, watch and stop outreach.
// Errors carry CodeInvalid, CodeNotFound, CodeConflict (somebody else changed
// the plan, or its status does not allow it), CodeForbidden or CodeUnavailable.
type Service struct {
	d       Deps
	content *contentRules
	write   *composer
}

// New checks the policy.
func New(d Deps) (*Service, error) {
	if err := d.Policy.Validate(); err != nil {
		return nil, fmt.Errorf("outreach policy: %w", err)
	}
	rules, err := newContentRules()
	if err != nil {
		return nil, fmt.Errorf("outreach: the list of advertising words: %w", err)
	}
	s := &Service{d: d, content: rules}
	s.write = newComposer(&s.d.Policy, d.Zone, d.Channels)
	return s, nil
}

// Policy returns the policy in force.
func (s *Service) Policy() Policy { return s.d.Policy }

// Plans lists plans, latest first.
func (s *Service) Plans(ctx context.Context, f prevention.PlanFilter) ([]prevention.Plan, error) {
	return s.d.Plans.Plans(ctx, f)
}

// Plan returns one plan.
func (s *Service) Plan(ctx context.Context, id prevention.PlanID) (prevention.Plan, error) {
	return s.d.Plans.Plan(ctx, id)
}

// maxHoldout is the largest part of a cohort that may be left untold.
const maxHoldout = 0.5

const maxTitleRunes = 100

// Create makes a draft of the plan's content: cluster, title, cohort, template,
// channels, start and hold-out. All other fields are the service's.
func (s *Service) Create(ctx context.Context, content prevention.Plan, by string) (prevention.Plan, error) {
	now := s.d.Now()
	p := withContent(prevention.Plan{Cluster: content.Cluster, Status: prevention.PlanDraft, CreatedBy: by, CreatedAt: now}, &content)
	if p.Cluster == "" {
		return p, refuse("cluster", "请指明针对哪个问题簇", "say which cluster it is about")
	}
	if err := s.check(&p); err != nil {
		return p, err
	}
	id, err := s.d.Plans.CreatePlan(ctx, p, entry(now, by, "plan.create", ""))
	if err != nil {
		return p, err
	}
	return s.d.Plans.Plan(ctx, id)
}

// Edit replaces the content of a plan that is not approved yet; it becomes a
// draft again, because nobody has read the new text. Content carries the
// Version that the person saw.
func (s *Service) Edit(ctx context.Context, content prevention.Plan, by string) (prevention.Plan, error) {
	p, err := s.open(ctx, content.ID, content.Version, prevention.PlanDraft, prevention.PlanSubmitted, prevention.PlanRejected)
	if err != nil {
		return p, err
	}
	p = withContent(p, &content)
	p.Status, p.SubmittedBy, p.Remark = prevention.PlanDraft, "", ""
	if err := s.check(&p); err != nil {
		return p, err
	}
	return s.store(ctx, p, by, "plan.edit")
}

func withContent(p prevention.Plan, content *prevention.Plan) prevention.Plan {
	p.Title, p.Cohort, p.Template = strings.TrimSpace(content.Title), content.Cohort, content.Template
	p.Channels, p.StartAt, p.Holdout = content.Channels, content.StartAt, content.Holdout
	return p
}

// Submit asks for approval.
func (s *Service) Submit(ctx context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error) {
	p, err := s.open(ctx, id, version, prevention.PlanDraft, prevention.PlanRejected)
	if err != nil {
		return p, err
	}
	if err := s.check(&p); err != nil {
		return p, err
	}
	p.Status, p.SubmittedBy, p.Remark = prevention.PlanSubmitted, by, ""
	return s.store(ctx, p, by, "plan.submit")
}

// Reject sends a submitted plan back with a remark.
func (s *Service) Reject(ctx context.Context, id prevention.PlanID, version int64, by, remark string) (prevention.Plan, error) {
	p, err := s.open(ctx, id, version, prevention.PlanSubmitted)
	if err != nil {
		return p, err
	}
	if strings.TrimSpace(remark) == "" {
		return p, refuse("remark", "请说明退回的原因", "say why it is sent back")
	}
	p.Status, p.Remark = prevention.PlanRejected, remark
	return s.store(ctx, p, by, "plan.reject")
}

// check is what every stored content must pass.
func (s *Service) check(p *prevention.Plan) error {
	switch {
	case p.Title == "":
		return refuse("title", "请填写标题", "give it a title")
	case len([]rune(p.Title)) > maxTitleRunes:
		return refuse("title", "超过 %d 字", "is longer than %d characters", maxTitleRunes)
	case !(p.Holdout >= 0 && p.Holdout <= maxHoldout):
		return refuse("holdout", "对照组比例应在 0 到 %v 之间", "the share held out must be between 0 and %v", maxHoldout)
	}
	if err := cohort.Validate(p.Cohort); err != nil {
		return err
	}
	return s.checkMessage(p.Template, p.Channels)
}

// checkMessage checks a template and the channels it goes by.
func (s *Service) checkMessage(t prevention.Template, channels []string) error {
	if len(channels) == 0 {
		return refuse("channels", "请至少选择一个渠道", "choose at least one channel")
	}
	seen := make(map[string]bool, len(channels))
	for _, name := range channels {
		if _, ok := s.write.channels[name]; !ok {
			return refuse("channels", "没有名为 %q 的渠道，请在配置中添加", "there is no channel %q: add it to the configuration", name)
		}
		if seen[name] {
			return refuse("channels", "渠道 %q 重复", "channel %q is chosen twice", name)
		}
		seen[name] = true
	}
	if err := checkTemplate(t); err != nil {
		return err
	}
	return s.content.check(t, &s.d.Policy)
}

// open reads a plan for a change that the person decided on seeing a version.
func (s *Service) open(ctx context.Context, id prevention.PlanID, version int64, allowed ...prevention.PlanStatus) (prevention.Plan, error) {
	p, err := s.d.Plans.Plan(ctx, id)
	if err != nil {
		return p, err
	}
	if p.Version != version {
		return p, refuseAs(triage.CodeConflict, "计划 %s 刚被别人修改过，请刷新后再试", "somebody else has just changed plan %s: load it again", id)
	}
	return p, mayChange(&p, allowed...)
}

// mayChange refuses a change that the status does not allow.
func mayChange(p *prevention.Plan, allowed ...prevention.PlanStatus) error {
	if slices.Contains(allowed, p.Status) {
		return nil
	}
	return refuseAs(triage.CodeConflict, "计划 %[1]s 的状态是 %[3]s，不能这样操作", "plan %[1]s is %[2]s: that cannot be done now",
		p.ID, p.Status, statusWords[p.Status])
}

var statusWords = map[prevention.PlanStatus]string{
	prevention.PlanDraft: "草稿", prevention.PlanSubmitted: "待审批", prevention.PlanApproved: "已批准",
	prevention.PlanRunning: "发送中", prevention.PlanStopped: "已停止", prevention.PlanFinished: "已完成",
	prevention.PlanRejected: "已退回", prevention.PlanCancelled: "已取消",
}

func (s *Service) store(ctx context.Context, p prevention.Plan, by, action string) (prevention.Plan, error) {
	if err := s.d.Plans.UpdatePlan(ctx, p, entry(s.d.Now(), by, action, p.ID)); err != nil {
		return p, err
	}
	return s.d.Plans.Plan(ctx, p.ID)
}
