package outreach_test

import (
	"context"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

func (m *memory) EventRules(context.Context) ([]prevention.EventRule, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []prevention.EventRule
	for i := range len(m.rules) {
		list = append(list, m.rules[ruleID(i+1)])
	}
	return list, nil
}

func ruleID(n int) prevention.EventRuleID { return prevention.EventRuleID("R" + strconv.Itoa(n)) }

func (m *memory) EventRule(_ context.Context, id prevention.EventRuleID) (prevention.EventRule, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.rules[id]
	if !ok {
		return r, triage.Errorf(triage.CodeNotFound, "no rule %s", id)
	}
	return r, nil
}

func (m *memory) PutEventRule(_ context.Context, r prevention.EventRule, e triage.AuditEntry) (prevention.EventRuleID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.ID == "" {
		r.ID = ruleID(len(m.rules) + 1)
	} else if m.rules[r.ID].Version != r.Version {
		return r.ID, triage.Errorf(triage.CodeConflict, "rule %s was changed", r.ID)
	}
	r.Version++
	m.rules[r.ID] = r
	m.audit = append(m.audit, e)
	return r.ID, nil
}

func (m *memory) Enqueue(_ context.Context, rule prevention.EventRuleID, through time.Time, notices []prevention.Notice) (added int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range notices {
		if m.plans[n.Plan].Rule != rule {
			return 0, triage.Errorf(triage.CodeConflict, "the notice is not of the rule's plan")
		}
		if m.add(n) {
			added++
		}
	}
	r := m.rules[rule]
	if through.After(r.Through) {
		r.Through = through
	}
	m.rules[rule] = r
	return added, nil
}

func (m *memory) EnqueuedSince(_ context.Context, rule prevention.EventRuleID, since time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := 0
	for _, n := range m.notices {
		if m.plans[n.Plan].Rule == rule && n.Arm == prevention.ArmTold && !n.CreatedAt.Before(since) {
			count++
		}
	}
	return count, nil
}
