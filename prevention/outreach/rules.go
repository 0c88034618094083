package outreach

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// Rules keeps event rules and applies them: customers are told of a mishap
// before they complain. A rule is approved once, by a second person, instead of
// each of its batches; its notices belong to one plan that runs as long as the
// rule is approved.
type Rules struct {
	desk      *Service
	store     prevention.EventRuleStore
	exposures prevention.ExposureReader
}

// NewRules shares plans, channels, policy and clock with the desk.
func NewRules(desk *Service, store prevention.EventRuleStore, exposures prevention.ExposureReader) *Rules {
	return &Rules{desk: desk, store: store, exposures: exposures}
}

const (
	maxWait     = 7 * dayLength
	maxDailyCap = 1_000_000
)

// List returns all rules.
func (r *Rules) List(ctx context.Context) ([]prevention.EventRule, error) {
	return r.store.EventRules(ctx)
}

// Rule returns one rule.
func (r *Rules) Rule(ctx context.Context, id prevention.EventRuleID) (prevention.EventRule, error) {
	return r.store.EventRule(ctx, id)
}

// Create makes a draft of the rule's content: name, conditions, wait, template,
// channels, hold-out and daily cap.
func (r *Rules) Create(ctx context.Context, content prevention.EventRule, by string) (prevention.EventRule, error) {
	now := r.desk.d.Now()
	rule := withRuleContent(prevention.EventRule{Status: prevention.EventRuleDraft, CreatedBy: by, CreatedAt: now}, &content)
	if err := r.check(&rule); err != nil {
		return rule, err
	}
	return r.put(ctx, rule, by, "rule.create")
}

// Edit replaces the content of a rule that is not approved; it becomes a draft.
// An approved rule must be paused first. Content carries the Version that the
// person saw.
func (r *Rules) Edit(ctx context.Context, content prevention.EventRule, by string) (prevention.EventRule, error) {
	rule, err := r.open(ctx, content.ID, content.Version)
	if err != nil {
		return rule, err
	}
	rule = withRuleContent(rule, &content)
	// Who wrote the text last is who may not approve it.
	rule.Status, rule.CreatedBy, rule.ApprovedBy = prevention.EventRuleDraft, by, ""
	if err := r.check(&rule); err != nil {
		return rule, err
	}
	return r.put(ctx, rule, by, "rule.edit")
}

func withRuleContent(rule prevention.EventRule, content *prevention.EventRule) prevention.EventRule {
	rule.Name, rule.When, rule.Unless = strings.TrimSpace(content.Name), content.When, content.Unless
	rule.Wait, rule.Template, rule.Channels = content.Wait, content.Template, content.Channels
	rule.Holdout, rule.DailyCap = content.Holdout, content.DailyCap
	return rule
}

// Approve lets a rule act on exposures from now on. It takes a person other
// than the author (CodeForbidden).
func (r *Rules) Approve(ctx context.Context, id prevention.EventRuleID, version int64, by string) (prevention.EventRule, error) {
	rule, err := r.open(ctx, id, version)
	if err != nil {
		return rule, err
	}
	if err := r.check(&rule); err != nil {
		return rule, err
	}
	if !secondPerson(by, rule.CreatedBy) {
		return rule, refuseAs(triage.CodeForbidden, "规则须由编写人以外的人批准", "somebody other than the author must approve the rule")
	}
	now := r.desk.d.Now()
	rule.Status, rule.ApprovedBy, rule.ApprovedAt = prevention.EventRuleApproved, by, now
	// The plan first: a running plan without an approved rule sends nothing.
	if err := r.runPlan(ctx, &rule, by); err != nil {
		return rule, err
	}
	return r.put(ctx, rule, by, "rule.approve")
}

// Pause stops a rule and its notices at once; stopping a paused one again
// changes nothing.
func (r *Rules) Pause(ctx context.Context, id prevention.EventRuleID, by string) (prevention.EventRule, error) {
	plan, found, err := r.plan(ctx, id)
	if err != nil {
		return prevention.EventRule{}, err
	}
	if found && plan.Status == prevention.PlanRunning {
		if _, err := r.desk.Stop(ctx, plan.ID, by, ""); err != nil {
			return prevention.EventRule{}, err
		}
	}
	for range retries {
		var rule prevention.EventRule
		if rule, err = r.store.EventRule(ctx, id); err != nil || rule.Status != prevention.EventRuleApproved {
			return rule, err
		}
		rule.Status = prevention.EventRulePaused
		if rule, err = r.put(ctx, rule, by, "rule.pause"); !isConflict(err) {
			return rule, err
		}
	}
	return prevention.EventRule{}, err
}

func (r *Rules) check(rule *prevention.EventRule) error {
	switch {
	case rule.Name == "":
		return refuse("name", "请填写名称", "give it a name")
	case len([]rune(rule.Name)) > maxTitleRunes:
		return refuse("name", "超过 %d 字", "is longer than %d characters", maxTitleRunes)
	case rule.Wait < 0 || rule.Wait > maxWait:
		return refuse("wait", "等待时间应在 0 到 7 天之间", "the wait must be between 0 and 7 days")
	case rule.DailyCap < 1 || rule.DailyCap > maxDailyCap:
		return refuse("daily_cap", "每日上限应在 1 到 %d 之间", "the daily cap must be between 1 and %d", maxDailyCap)
	case !(rule.Holdout >= 0 && rule.Holdout <= maxHoldout):
		return refuse("holdout", "对照组比例应在 0 到 %v 之间", "the share held out must be between 0 and %v", maxHoldout)
	}
	if err := checkCondition("when", rule.When); err != nil {
		return err
	}
	if unless := rule.Unless; unless.Kind != "" || unless.Key != "" || len(unless.Attrs) > 0 {
		if err := checkCondition("unless", unless); err != nil {
			return err
		}
	}
	return r.desk.checkMessage(rule.Template, rule.Channels)
}

// checkCondition names the field at fault as one of the condition's.
func checkCondition(field string, c prevention.Condition) error {
	err := cohort.Validate(prevention.Rule{Conditions: []prevention.Condition{c}})
	if e, ok := errors.AsType[*triage.Error](err); ok {
		e.Field = strings.Replace(e.Field, "conditions[0]", field, 1)
	}
	return err
}

func (r *Rules) open(ctx context.Context, id prevention.EventRuleID, version int64) (prevention.EventRule, error) {
	rule, err := r.store.EventRule(ctx, id)
	switch {
	case err != nil:
		return rule, err
	case rule.Version != version:
		return rule, refuseAs(triage.CodeConflict, "规则 %s 刚被别人修改过，请刷新后再试", "somebody else has just changed rule %s: load it again", id)
	case rule.Status == prevention.EventRuleApproved:
		return rule, refuseAs(triage.CodeConflict, "规则 %s 正在生效，请先暂停", "rule %s is in force: pause it first", id)
	}
	return rule, nil
}

func (r *Rules) put(ctx context.Context, rule prevention.EventRule, by, action string) (prevention.EventRule, error) {
	e := triage.AuditEntry{At: r.desk.d.Now(), Actor: by, Action: action, Object: "rule:" + string(rule.ID)}
	id, err := r.store.PutEventRule(ctx, rule, e)
	if err != nil {
		return rule, err
	}
	return r.store.EventRule(ctx, id)
}

// plan returns the plan that the rule's notices belong to.
func (r *Rules) plan(ctx context.Context, id prevention.EventRuleID) (prevention.Plan, bool, error) {
	plans, err := r.desk.d.Plans.Plans(ctx, prevention.PlanFilter{Rule: id, Limit: 1})
	if err != nil || len(plans) == 0 {
		return prevention.Plan{}, false, err
	}
	return plans[0], true, nil
}

// runPlan makes the rule's plan, or brings it up to date, and lets it run.
func (r *Rules) runPlan(ctx context.Context, rule *prevention.EventRule, by string) error {
	p, found, err := r.plan(ctx, rule.ID)
	if err != nil {
		return err
	}
	now := r.desk.d.Now()
	p.Rule, p.Title, p.Template, p.Channels, p.Holdout = rule.ID, rule.Name, rule.Template, rule.Channels, rule.Holdout
	p.Cohort = prevention.Rule{Conditions: []prevention.Condition{rule.When}}
	p.Status, p.StoppedBy, p.Remark, p.FinishedAt = prevention.PlanRunning, "", "", time.Time{}
	p.SubmittedBy, p.ApprovedBy, p.ApprovedAt = rule.CreatedBy, by, now
	if found {
		return r.desk.d.Plans.UpdatePlan(ctx, p, entry(now, by, "plan.approve", p.ID))
	}
	p.CreatedBy, p.CreatedAt = rule.CreatedBy, now
	if p.Seed, err = seed(); err != nil {
		return err
	}
	_, err = r.desk.d.Plans.CreatePlan(ctx, p, entry(now, by, "plan.create", ""))
	return err
}
