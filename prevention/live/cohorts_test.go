package live_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

// payers is a service with 400 customers who pay by card; of 40 of them, f0 to
// f39, a payment failed. Of these, the first ones have complained in the cluster
// K1.
type payers struct {
	*service
	*live.Cohorts
}

func newPayers(t *testing.T, complained int) *payers {
	t.Helper()
	p := &payers{service: newService(t)}
	p.clock.Set(start.Add(20 * day))
	var customers []triage.Customer
	var exposures []triage.Exposure
	for i := range 400 {
		id, status := triage.CustomerID(fmt.Sprint("c", i)), "ok"
		if i < 40 {
			id, status = triage.CustomerID(fmt.Sprint("f", i)), "failed"
		}
		customers = append(customers, triage.Customer{ID: id, Phone: triage.Phone(fmt.Sprintf("139%08d", i))})
		exposures = append(exposures, triage.Exposure{
			CustomerID: id, Kind: "payment", Key: "card", At: start.Add(10*day + time.Duration(i)*time.Minute), Attrs: map[string]any{"status": status},
		})
	}
	_, err := p.db.PutCustomers(t.Context(), customers)
	p.must(err)
	_, err = p.db.PutExposures(t.Context(), exposures)
	p.must(err)
	p.must(p.db.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{{
		ID: "K1", Title: "支付失败", Stage: prevention.StageCandidate, Alarm: prevention.Alarm{At: start.Add(12 * day)}, CreatedAt: start.Add(12 * day),
	}}}))
	p.complain(0, complained)
	p.Cohorts = live.NewCohorts(live.CohortDeps{
		Exposures: p.db, Customers: p.db, Guards: p.db, Clusters: p.db, Policy: outreach.DefaultPolicy(), Now: p.clock.Now,
	})
	return p
}

// complain puts complaints of the customers from to to-1 into the cluster.
func (p *payers) complain(from, to int) {
	p.t.Helper()
	var members []prevention.Member
	st := newStream(20).later(from)
	for i := from; i < to; i++ {
		st.add(triage.Complaint{CustomerID: triage.CustomerID(fmt.Sprint("f", i)), At: start.Add(12 * day), Text: st.text(outage...)})
		c := st.cases[len(st.cases)-1]
		members = append(members, prevention.Member{Complaint: c.ID, Customer: c.CustomerID, At: c.At})
	}
	now := p.clock.Now()
	p.accept(st.cases...)
	p.clock.Set(now)
	p.must(p.db.Record(p.t.Context(), prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{"K1": members}}))
}

// refresh returns how many clusters changed, and the cluster.
func (p *payers) refresh() (changed int, c prevention.Cluster) {
	p.t.Helper()
	changed, err := p.Refresh(p.t.Context())
	p.must(err)
	return changed, p.only()
}

var failed = prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "card", Attrs: map[string]string{"status": "failed"}}}}

func TestRefreshFindsAndKeepsTheRule(t *testing.T) {
	t.Parallel()
	p := newPayers(t, 2)
	_, c := p.refresh()
	same(t, "rule of two complainants", nil, c.Rule)
	same(t, "basis of it", prevention.BasisRule, c.Estimate.Basis)

	p.complain(2, 12)
	changed, c := p.refresh()
	same(t, "changed", 1, changed)
	if c.Rule == nil || c.Rule.Conditions[0].Attrs["status"] != "failed" || c.RuleBy != "" {
		t.Fatalf("got the rule %+v by %q", c.Rule, c.RuleBy)
	}
	same(t, "basis", prevention.BasisExposure, c.Estimate.Basis)
	if c.Estimate.Affected < 12 || c.Estimate.High > 40 {
		t.Errorf("of 40 affected the estimate is %+v", c.Estimate)
	}
	changed, again := p.refresh()
	same(t, "changed without news", 0, changed)
	same(t, "version without news", c.Version, again.Version)

	// What detection says later does not count for more than the exposed.
	c.Estimate, c.Rule = prevention.Estimate{Affected: 300, Basis: prevention.BasisRule}, nil
	p.must(p.db.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{c}}))
	same(t, "estimate after detection", again.Estimate, p.only().Estimate)

	_, err := p.desk.Split(t.Context(), "K1", p.in("K1")[:11], "", "li")
	p.must(err)
	if _, err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err = p.desk.Cluster(t.Context(), "K1")
	p.must(err)
	if c.Rule == nil {
		t.Error("the rule was dropped without a better one")
	}
}

func TestRefreshReplacesARuleOfTheMachineOnly(t *testing.T) {
	t.Parallel()
	worse := prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "card"}}}
	for by, want := range map[string]bool{"": true, "li": false} {
		t.Run("by "+by, func(t *testing.T) {
			t.Parallel()
			p := newPayers(t, 12)
			c := p.only()
			c.Rule, c.RuleBy = &worse, by
			p.must(p.db.UpdateCluster(t.Context(), c, triage.AuditEntry{}))
			_, c = p.refresh()
			same(t, "replaced", want, len(c.Rule.Conditions[0].Attrs) > 0)
			same(t, "by", by, c.RuleBy)
			same(t, "basis", prevention.BasisExposure, c.Estimate.Basis)
		})
	}
}

func TestSelectLeavesOutWhoMustNotBeTold(t *testing.T) {
	t.Parallel()
	p := newPayers(t, 10)
	ctx, now := t.Context(), p.clock.Now()
	p.must(p.db.Suppress(ctx, prevention.Suppression{Customer: "f10", Reason: "reply", At: now}))
	_, err := p.db.PutCustomers(ctx, []triage.Customer{{ID: "f11", OptedOut: true}})
	p.must(err)
	p.tell("K1", "f12", "f13")
	p.tell("K2", "f14")
	got, err := p.Select(ctx, "K1", failed, now)
	p.must(err)
	same(t, "matched", 40, got.Matched)
	same(t, "excluded", prevention.Excluded{Complained: 10, Told: 2, OptedOut: 2, Contacted: 1}, got.Excluded)
	same(t, "customers", 25, len(got.Customers))
	if len(got.Reasons) == 0 {
		t.Error("the rule has no evidence")
	}
	nobody, err := p.Select(ctx, "", failed, now)
	p.must(err)
	same(t, "complained about no cluster", 0, nobody.Excluded.Complained)
}

// tell stores a plan about a cluster whose notices were sent.
func (p *payers) tell(about prevention.ClusterID, customers ...triage.CustomerID) {
	p.t.Helper()
	ctx, now := p.t.Context(), p.clock.Now()
	plan := prevention.Plan{Cluster: about, Status: prevention.PlanSubmitted, CreatedAt: now, Cohort: failed, Channels: []string{"sms"}}
	var err error
	plan.ID, err = p.db.CreatePlan(ctx, plan, triage.AuditEntry{})
	p.must(err)
	plan.Version, plan.Status, plan.ApprovedAt = 1, prevention.PlanApproved, now
	var notices []prevention.Notice
	for _, c := range customers {
		notices = append(notices, prevention.Notice{
			Plan: plan.ID, Cause: prevention.ClusterCause(about), Customer: c, Arm: prevention.ArmTold, State: prevention.NoticeQueued, NextAt: now, CreatedAt: now,
		})
	}
	_, _, err = p.db.FixPlan(ctx, plan, notices, triage.AuditEntry{})
	p.must(err)
	stored, err := p.db.Plan(ctx, plan.ID)
	p.must(err)
	stored.Status = prevention.PlanRunning
	p.must(p.db.UpdatePlan(ctx, stored, triage.AuditEntry{}))
	due, err := p.db.Outbox().Due(ctx, now, 100)
	p.must(err)
	for _, n := range due {
		n.Channel, n.Key, n.BegunAt = "sms", fmt.Sprint(n.ID), now
		begun, err := p.db.Outbox().Begin(ctx, n)
		p.must(err)
		n.State, n.SentAt = prevention.NoticeSent, now
		settled, err := p.db.Outbox().Settle(ctx, n)
		p.must(err)
		if !begun || !settled {
			p.t.Fatalf("the notice to %s was not sent", n.Customer)
		}
	}
}
