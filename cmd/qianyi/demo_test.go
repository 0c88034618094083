package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/triage"
)

var demoNow = time.Date(2026, 3, 18, 15, 30, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

// filledDemo is a store in which the demo company has lived up to demoNow.
type filledDemo struct {
	*demoPast
	sum demo.Summary
}

func fillForTest(t *testing.T) filledDemo {
	t.Helper()
	ctx := t.Context()
	c := defaultConfig()
	c.Data = t.TempDir()
	db, err := createStore(ctx, &c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	a, err := loadOnce(c.packOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := putStaff(ctx, db, demoNow.AddDate(-1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	past, err := newDemoPast(&c, db, a, nil, quietLogger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := past.close(); err != nil {
			t.Error(err)
		}
	})
	sum, err := past.fill(ctx, demoNow, quietLogger(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return filledDemo{past, sum}
}

// TestDemoLivesThroughItsIncidents checks what the services say of the planted
// incidents against what was planted.
func TestDemoLivesThroughItsIncidents(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	d := fillForTest(t)
	plans, err := d.plans.Plans(t.Context(), prevention.PlanFilter{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	byStatus := map[prevention.PlanStatus]prevention.Plan{}
	for _, p := range plans {
		byStatus[p.Status] = p
	}
	if len(plans) != 3 || len(byStatus) != 3 {
		t.Fatalf("got %d plans in %d statuses, want one finished, one submitted and that of the event rule", len(plans), len(byStatus))
	}
	t.Run("the past incident", func(t *testing.T) { d.checkPast(t, byStatus[prevention.PlanFinished]) })
	t.Run("its effect", func(t *testing.T) { d.checkEffect(t, byStatus[prevention.PlanFinished]) })
	t.Run("the latest incident", func(t *testing.T) { d.checkLatest(t, byStatus[prevention.PlanSubmitted]) })
	t.Run("the board", d.checkBoard)
	t.Run("the campaigns", d.checkCampaigns)
	t.Run("the improvements", d.checkImprovements)
	t.Run("the weekly report", d.checkReport)
	t.Run("the event rule", func(t *testing.T) {
		if p := byStatus[prevention.PlanRunning]; p.Rule == "" {
			t.Errorf("the running plan %s is not that of a rule", p.ID)
		}
		rules, err := d.rules.List(t.Context())
		if err != nil || len(rules) != 1 || rules[0].Status != prevention.EventRuleApproved {
			t.Errorf("got rules %+v (%v), want one that is approved", rules, err)
		}
	})
	t.Run("nobody is alarmed any more", func(t *testing.T) {
		waiting, err := d.db.Waiting(t.Context(), 0)
		if err != nil || len(waiting) > 0 {
			t.Errorf("%d announcements wait (%v)", len(waiting), err)
		}
	})
}

// clusterOf returns a plan's cluster, which must have a rule about a kind.
func (d filledDemo) clusterOf(t *testing.T, p prevention.Plan, kind, key string) prevention.Cluster {
	t.Helper()
	c, err := d.desk.Cluster(t.Context(), p.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	if c.Rule == nil || len(c.Rule.Conditions) != 1 || c.Rule.Conditions[0].Kind != kind || c.Rule.Conditions[0].Key != key {
		t.Fatalf("cluster %s has the rule %+v, want %s %s", c.ID, c.Rule, kind, key)
	}
	return c
}

func (d filledDemo) checkPast(t *testing.T, p prevention.Plan) {
	c := d.clusterOf(t, p, "purchase", "云杉纯牛奶")
	if c.Stage != prevention.StageClosed || c.Owner == "" || c.Solution == "" || c.MergedInto != "" {
		t.Errorf("the cluster is %s, of %q, solved by %q, merged into %q; want it closed with owner and solution", c.Stage, c.Owner, c.Solution, c.MergedInto)
	}
	truth := d.exposed(t, func(e *triage.Exposure) bool {
		batch, _ := e.Attrs["batch"].(string)
		return e.Kind == "purchase" && strings.HasSuffix(batch, "-7")
	})
	if len(truth) != d.sum.BatchAffected {
		t.Fatalf("%d customers have the batch, Summary says %d", len(truth), d.sum.BatchAffected)
	}
	d.checkCohort(t, c, *c.Rule, truth)
	v, err := d.desk.View(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Notes) == 0 || len(v.Actions) == 0 || v.Actions[0].DoneAt.IsZero() || len(v.Announced) == 0 {
		t.Errorf("got %d notes, actions %+v and %d announcements, want all of them and the work done", len(v.Notes), v.Actions, len(v.Announced))
	}
}

// checkCohort compares everybody whom a rule matches with the truly affected,
// but for those who have opted out.
func (d filledDemo) checkCohort(t *testing.T, c prevention.Cluster, rule prevention.Rule, truth map[triage.CustomerID]bool) {
	t.Helper()
	// Without the cluster nobody is left out for having complained or been told.
	cohort, err := d.cohorts.Select(t.Context(), "", rule, demoNow)
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, k := range cohort.Customers {
		if truth[k.Customer] {
			right++
		}
	}
	customers, err := d.db.CustomersByID(t.Context(), slices.Collect(maps.Keys(truth)))
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(customers, func(_ triage.CustomerID, c triage.Customer) bool { return c.OptedOut })
	precision := float64(right) / float64(max(len(cohort.Customers), 1))
	recall := float64(right) / float64(max(len(customers), 1))
	t.Logf("%s %q: cohort of %d, precision %.3f, recall %.3f", c.ID, c.Title, cohort.Matched, precision, recall)
	if precision < 0.85 || recall < 0.85 {
		t.Errorf("precision %.2f, recall %.2f, want 0.85", precision, recall)
	}
}

// exposed returns the customers with an exposure that is one of the incident.
func (d filledDemo) exposed(t *testing.T, is func(*triage.Exposure) bool) map[triage.CustomerID]bool {
	t.Helper()
	found := map[triage.CustomerID]bool{}
	for _, kind := range []string{"purchase", "payment"} {
		err := d.db.ScanExposures(t.Context(), kind, "", demoNow.AddDate(-1, 0, 0), demoNow, func(e triage.Exposure) error {
			if is(&e) {
				found[e.CustomerID] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func (d filledDemo) checkEffect(t *testing.T, p prevention.Plan) {
	if p.Size < 500 || p.Held*8 < p.Size || p.CreatedBy == p.ApprovedBy {
		t.Errorf("the plan has %d recipients, %d held out, by %q and %q", p.Size, p.Held, p.CreatedBy, p.ApprovedBy)
	}
	notices, err := d.db.Notices(t.Context(), prevention.NoticeQuery{Plan: p.ID, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	states := map[prevention.NoticeState]int{}
	seen := map[triage.CustomerID]bool{}
	for _, n := range notices {
		states[n.State]++
		if seen[n.Customer] {
			t.Errorf("%s has two notices", n.Customer)
		}
		seen[n.Customer] = true
	}
	if len(notices) != p.Size || states[prevention.NoticeHeld] != p.Held || states[prevention.NoticeDelivered]*10 < 8*(p.Size-p.Held) ||
		states[prevention.NoticeAnswered] == 0 || states[prevention.NoticeQueued] > 0 {
		t.Errorf("notices of a plan of %d, %d held: %v", p.Size, p.Held, states)
	}
	contacts, err := d.db.Contacts(t.Context(), slices.Collect(maps.Keys(seen)), demoNow.AddDate(-1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range contacts {
		if n > 1 {
			t.Errorf("%s was told %d times", id, n)
		}
	}
	r, err := d.effects.Effect(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r.Words)
	if r.Told.Customers+r.Held.Customers != p.Size || r.Difference >= 0 || r.Verdict == effect.VerdictMore {
		t.Errorf("got %+v, want fewer complaints of the told", r)
	}
}

func (d filledDemo) checkLatest(t *testing.T, p prevention.Plan) {
	c := d.clusterOf(t, p, "payment", "快捷通道二")
	if c.Stage != prevention.StageConfirmed || c.Historic {
		t.Errorf("the cluster is %s, historic %v; want it confirmed", c.Stage, c.Historic)
	}
	truth := d.exposed(t, func(e *triage.Exposure) bool { return e.Kind == "payment" && e.Attrs["status"] == "failed" })
	d.checkCohort(t, c, p.Cohort, truth)
}

// checkBoard says which clusters besides the planted one want attention.
func (d filledDemo) checkBoard(t *testing.T) {
	page, err := d.desk.Clusters(t.Context(), prevention.ClusterFilter{Active: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Clusters {
		t.Logf("active: %s %s %q, %d customers, alarm of %s", c.ID, c.Stage, c.Title, c.Customers, c.Alarm.At.In(demoNow.Location()).Format(time.DateTime))
	}
	if len(page.Clusters) > 8 {
		t.Errorf("%d clusters are active, want the latest incident, the campaign and at most six more: words alone make several of one campaign", len(page.Clusters))
	}
}
