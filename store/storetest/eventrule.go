package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// mishap returns an event rule with every field set.
func mishap() prevention.EventRule {
	return prevention.EventRule{
		Name: "充值失败致歉", Status: prevention.EventRuleDraft,
		When:   prevention.Condition{Kind: "payment", Attrs: map[string]string{"status": "failed"}},
		Unless: prevention.Condition{Kind: "payment", Attrs: map[string]string{"status": "ok"}},
		Wait:   10 * time.Minute, Template: prevention.Template{Text: "抱歉"}, Channels: []string{"sms"}, Holdout: 0.1, DailyCap: 500,
		CreatedBy: "li", CreatedAt: start, Through: start,
	}
}

func stored(t *testing.T, s Store, r prevention.EventRule) prevention.EventRule {
	t.Helper()
	id, err := s.PutEventRule(t.Context(), r, entryOf("rule:"))
	check(t, err)
	got, err := s.EventRule(t.Context(), id)
	check(t, err)
	return got
}

// mishaps makes a told notice of the rule for each customer.
func mishaps(at time.Time, customers ...triage.CustomerID) []prevention.Notice {
	list := toldOf("", customers...)
	for i := range list {
		list[i].Cause, list[i].CreatedAt = "rule:R1:"+prevention.Cause(customers[i]), at
	}
	return list
}

var eventRuleTests = map[string]func(*testing.T, Store){
	"a rule comes back as it went in": func(t *testing.T, s Store) {
		got := stored(t, s, mishap())
		want := mishap()
		want.ID, want.Version = "R1", 1
		equal(t, "rule", got, want)
		stored(t, s, mishap())
		list, err := s.EventRules(t.Context())
		check(t, err)
		equal(t, "rules", []prevention.EventRuleID{list[0].ID, list[1].ID}, []prevention.EventRuleID{"R1", "R2"})
		_, err = s.EventRule(t.Context(), "R9")
		code(t, err, triage.CodeNotFound)
		audited(t, s, "rule:R1", 1)
	},
	"a change needs the stored version; through only goes forward": func(t *testing.T, s Store) {
		r := stored(t, s, mishap())
		_, err := s.Enqueue(t.Context(), r.ID, start.Add(time.Hour), nil)
		check(t, err)
		r.Status, r.ApprovedBy = prevention.EventRuleApproved, "wang"
		got := stored(t, s, r)
		r.Version, r.Through = 2, start.Add(time.Hour)
		equal(t, "rule", got, r)
		r.Version = 1
		_, err = s.PutEventRule(t.Context(), r, entryOf("rules"))
		code(t, err, triage.CodeConflict)
		r.ID = "R9"
		_, err = s.PutEventRule(t.Context(), r, entryOf("rules"))
		code(t, err, triage.CodeNotFound)
		audited(t, s, "rules", 0)
	},
	"the same notices are queued once": func(t *testing.T, s Store) {
		r := stored(t, s, mishap())
		of := draft("")
		of.Rule, of.Status = r.ID, prevention.PlanRunning
		p := created(t, s, of)
		notices := mishaps(start, "A", "B")
		notices[1].Arm = prevention.ArmHeld
		for _, want := range []int{2, 0} {
			added, err := s.Enqueue(t.Context(), r.ID, start.Add(time.Minute), notices)
			check(t, err)
			equal(t, "added", added, want)
		}
		added, err := s.Enqueue(t.Context(), r.ID, start, mishaps(start.Add(time.Hour), "B", "C"))
		check(t, err)
		equal(t, "added later", added, 1)
		got := plan(t, s, p.ID)
		equal(t, "size and held", []int{got.Size, got.Held}, []int{3, 1})
		r, err = s.EventRule(t.Context(), r.ID)
		check(t, err)
		equal(t, "through", r.Through, start.Add(time.Minute))
		for since, want := range map[time.Time]int{start: 2, start.Add(time.Minute): 1, start.Add(2 * time.Hour): 0} {
			n, err := s.EnqueuedSince(t.Context(), r.ID, since)
			check(t, err)
			equal(t, "told since "+since.String(), n, want)
		}
	},
	"without a running plan nothing is queued and through stays": func(t *testing.T, s Store) {
		r := stored(t, s, mishap())
		of := draft("")
		of.Rule, of.Status = r.ID, prevention.PlanStopped
		created(t, s, of)
		_, err := s.Enqueue(t.Context(), r.ID, start.Add(time.Hour), mishaps(start, "A"))
		code(t, err, triage.CodeConflict)
		got, err := s.EventRule(t.Context(), r.ID)
		check(t, err)
		equal(t, "through", got.Through, start)
		_, err = s.Enqueue(t.Context(), "R9", start, nil)
		code(t, err, triage.CodeNotFound)
	},
}
