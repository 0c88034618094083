package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// draft returns a plan with every field of a draft set.
func draft(id prevention.ClusterID) prevention.Plan {
	return prevention.Plan{
		Cluster: id, Title: "告知受影响客户",
		Cohort: prevention.Rule{
			Conditions: []prevention.Condition{{Kind: "payment", Key: "topup", Attrs: map[string]string{"status": "failed"}, From: start}},
			Regions:    []string{"大连"},
		},
		Template: prevention.Template{Subject: "致歉", Text: "{{name}}，您好"}, Channels: []string{"sms", "email"},
		StartAt: start.Add(time.Hour), Holdout: 0.2, Seed: 1<<64 - 5, Status: prevention.PlanDraft, CreatedBy: "li", CreatedAt: start,
	}
}

// created stores a plan and reads it back.
func created(t *testing.T, s Store, p prevention.Plan) prevention.Plan {
	t.Helper()
	id, err := s.CreatePlan(t.Context(), p, entryOf("plan:"))
	check(t, err)
	return plan(t, s, id)
}

func plan(t *testing.T, s Store, id prevention.PlanID) prevention.Plan {
	t.Helper()
	p, err := s.Plan(t.Context(), id)
	check(t, err)
	return p
}

// to changes the status of a plan.
func to(t *testing.T, s Store, id prevention.PlanID, status prevention.PlanStatus) {
	t.Helper()
	p := plan(t, s, id)
	p.Status = status
	check(t, s.UpdatePlan(t.Context(), p, entryOf("plan:"+string(id))))
}

// toldOf makes a notice about a cluster for each customer, due at the start.
func toldOf(id prevention.ClusterID, customers ...triage.CustomerID) []prevention.Notice {
	list := make([]prevention.Notice, len(customers))
	for i, c := range customers {
		list[i] = prevention.Notice{
			Cause: prevention.Cause("cluster:" + id), Customer: c, Arm: prevention.ArmTold, State: prevention.NoticeQueued,
			Score: 0.5, Exposed: start, NextAt: start.Add(time.Duration(i) * time.Second), CreatedAt: start,
		}
	}
	return list
}

// fix approves a new plan that tells the customers.
func fix(t *testing.T, s Store, id prevention.ClusterID, customers ...triage.CustomerID) (told, held int) {
	t.Helper()
	told, held, err := s.FixPlan(t.Context(), created(t, s, draft(id)), toldOf(id, customers...), entryOf("plans"))
	check(t, err)
	return told, held
}

// running makes a plan that tells the customers now.
func running(t *testing.T, s Store, id prevention.ClusterID, customers ...triage.CustomerID) prevention.PlanID {
	t.Helper()
	p := created(t, s, draft(id))
	_, _, err := s.FixPlan(t.Context(), p, toldOf(id, customers...), entryOf("plans"))
	check(t, err)
	to(t, s, p.ID, prevention.PlanRunning)
	return p.ID
}

var planTests = map[string]func(*testing.T, Store){
	"a plan comes back as it went in": func(t *testing.T, s Store) {
		got := created(t, s, draft("K1"))
		want := draft("K1")
		want.ID, want.Version = "P1", 1
		equal(t, "plan", got, want)
		audited(t, s, "plan:P1", 1)
		for _, id := range []prevention.PlanID{"P2", "P01", "1", "", "R1"} {
			_, err := s.Plan(t.Context(), id)
			code(t, err, triage.CodeNotFound)
		}
	},
	"plans are filtered, the newest first": func(t *testing.T, s Store) {
		created(t, s, draft("K1"))
		running(t, s, "K1")
		of := draft("")
		of.Rule = "R1"
		created(t, s, of)
		created(t, s, draft("K2"))
		for name, tt := range map[string]struct {
			filter prevention.PlanFilter
			want   []prevention.PlanID
		}{
			"all":      {prevention.PlanFilter{}, []prevention.PlanID{"P4", "P3", "P2", "P1"}},
			"limit":    {prevention.PlanFilter{Limit: 2}, []prevention.PlanID{"P4", "P3"}},
			"page":     {prevention.PlanFilter{Before: "P4", Limit: 2}, []prevention.PlanID{"P3", "P2"}},
			"cluster":  {prevention.PlanFilter{Cluster: "K1"}, []prevention.PlanID{"P2", "P1"}},
			"rule":     {prevention.PlanFilter{Rule: "R1"}, []prevention.PlanID{"P3"}},
			"statuses": {prevention.PlanFilter{Cluster: "K1", Statuses: []prevention.PlanStatus{prevention.PlanRunning}}, []prevention.PlanID{"P2"}},
		} {
			list, err := s.Plans(t.Context(), tt.filter)
			check(t, err)
			var got []prevention.PlanID
			for _, p := range list {
				got = append(got, p.ID)
			}
			equal(t, name, got, tt.want)
		}
	},
	"an update needs the stored version and is audited with it": func(t *testing.T, s Store) {
		p := created(t, s, draft("K1"))
		p.Title, p.Status, p.SubmittedBy, p.Remark = "新标题", prevention.PlanSubmitted, "li", "尽快"
		check(t, s.UpdatePlan(t.Context(), p, entryOf("updates")))
		code(t, s.UpdatePlan(t.Context(), p, entryOf("updates")), triage.CodeConflict)
		p.Version = 2
		equal(t, "plan", plan(t, s, p.ID), p)
		audited(t, s, "updates", 1)
		p.ID = "P9"
		code(t, s.UpdatePlan(t.Context(), p, entryOf("updates")), triage.CodeNotFound)
	},
	"approval fixes told and held in one step": func(t *testing.T, s Store) {
		p := created(t, s, draft("K1"))
		notices := toldOf("K1", "A", "B", "C", "A")
		notices[1].Arm, notices[1].State = prevention.ArmHeld, prevention.NoticeHeld
		p.ApprovedBy, p.ApprovedAt = "wang", start
		told, held, err := s.FixPlan(t.Context(), p, notices, entryOf("approved"))
		check(t, err)
		equal(t, "told and held", []int{told, held}, []int{2, 1})
		p.Status, p.Size, p.Held, p.Version = prevention.PlanApproved, 3, 1, 2
		equal(t, "plan", plan(t, s, p.ID), p)
		counts, err := s.CountNotices(t.Context(), p.ID)
		check(t, err)
		equal(t, "counts", counts, map[prevention.NoticeState]int{prevention.NoticeQueued: 2, prevention.NoticeHeld: 1})
		audited(t, s, "approved", 1)
	},
	"an approval that fails fixes nothing": func(t *testing.T, s Store) {
		p := created(t, s, draft("K1"))
		to(t, s, p.ID, prevention.PlanSubmitted)
		_, _, err := s.FixPlan(t.Context(), p, toldOf("K1", "A"), entryOf("approved"))
		code(t, err, triage.CodeConflict)
		list, err := s.Notices(t.Context(), prevention.NoticeQuery{Plan: p.ID})
		check(t, err)
		equal(t, "notices", list, []prevention.Notice{})
		audited(t, s, "approved", 0)
		p.ID = "P9"
		_, _, err = s.FixPlan(t.Context(), p, toldOf("K1", "A"), entryOf("approved"))
		code(t, err, triage.CodeNotFound)
	},
	"who has a notice of the cause is left out": func(t *testing.T, s Store) {
		fix(t, s, "K1", "A", "B")
		told, held := fix(t, s, "K1", "B", "C")
		equal(t, "told and held", []int{told, held}, []int{1, 0})
		told, _ = fix(t, s, "K2", "A", "B")
		equal(t, "told about another cause", told, 2)
	},
	"what was cancelled unsent may be told by another plan": func(t *testing.T, s Store) {
		first := running(t, s, "K1", "A", "B")
		settleAs(t, s, first, "A", prevention.NoticeSkipped, "cancelled")
		settleAs(t, s, first, "B", prevention.NoticeSkipped, "complained")
		second := running(t, s, "K1", "A", "B")
		list, err := s.Notices(t.Context(), prevention.NoticeQuery{Plan: second})
		check(t, err)
		equal(t, "notices", len(list), 1)
		equal(t, "customer", list[0].Customer, triage.CustomerID("A"))
		equal(t, "state", list[0].State, prevention.NoticeQueued)
	},
	"a plan of a merged cluster is refused": func(t *testing.T, s Store) {
		raised(t, s, "K1")
		raised(t, s, "K2")
		p := created(t, s, draft("K1"))
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMerge, Cluster: "K1", Target: "K2"})
		_, _, err := s.FixPlan(t.Context(), p, toldOf("K1", "A"), entryOf("plans"))
		code(t, err, triage.CodeConflict)
	},
}
