package main

import (
	"context"
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
	*demoPrevention
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
	service := newService(&c, a, db, nil, quietLogger())
	past, err := newDemoPrevention(&c, db, a, quietLogger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := past.close(); err != nil {
			t.Error(err)
		}
	})
	sum, err := demo.Fill(ctx, demo.Target{
		Submit: func(ctx context.Context, list []triage.Complaint) (int, error) {
			return submit(ctx, service, list)
		},
		Decisions: service, Customers: db, History: db, Prevention: past,
	}, demoNow, demoSeed)
	if err != nil {
		t.Fatal(err)
	}
	return filledDemo{past, sum}
}

func TestDemoLivesThroughItsIncidents(t *testing.T) {
	t.Parallel()
	d := fillForTest(t)
	clusters, err := d.desk.Clusters(t.Context(), prevention.ClusterFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clusters.Clusters {
		t.Logf("%s %s %s %s alarm %s n=%d rule %+v est %+v historic %v merged %s", c.ID, c.Path, c.Stage, c.Title, c.Alarm.At.In(demoNow.Location()).Format(time.DateTime), c.Customers, c.Rule, c.Estimate, c.Historic, c.MergedInto)
	}
	t.Logf("%+v", d.sum)
	plans, err := d.plans.Plans(t.Context(), prevention.PlanFilter{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		r, err := d.effects.Effect(t.Context(), p.ID)
		t.Logf("%s %s %s size %d held %d: %+v %v", p.ID, p.Title, p.Status, p.Size, p.Held, r, err)
		n, _ := d.db.CountNotices(t.Context(), p.ID)
		t.Log(n)
	}
	_ = strings.Contains
	_ = effect.VerdictFewer
}

func (d filledDemo) debug(t *testing.T) {
	page, _ := d.desk.Clusters(t.Context(), prevention.ClusterFilter{Limit: 100})
	for _, c := range page.Clusters {
		t.Logf("%s attrs %+v", c.ID, c.Explanation.Attributes)
		for i, m := range must(d.desk.Members(t.Context(), c.ID)) {
			k, _ := d.db.Case(t.Context(), m.Complaint)
			if i < 8 {
				t.Logf("   %s %s", k.At.Format(time.DateTime), k.Text)
			}
		}
	}
}

func must[T any](v T, err error) T { return v }
