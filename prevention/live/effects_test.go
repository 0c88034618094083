package live_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/triage"
)

// followed are the customers of every plan.
type followed struct{ list []prevention.Followed }

func (f *followed) Followed(context.Context, prevention.PlanID) ([]prevention.Followed, error) {
	return f.list, nil
}

// arm returns customers of whom some complained a day after the draw.
func arm(a prevention.Arm, customers, complained int) []prevention.Followed {
	var list []prevention.Followed
	for i := range customers {
		f := prevention.Followed{Customer: triage.CustomerID(fmt.Sprint(a, i)), Arm: a, From: start}
		if i < complained {
			f.Complained = start.Add(day)
		}
		list = append(list, f)
	}
	return list
}

func TestRecordWritesAVerdictOnce(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.clock.Set(start.Add(5 * day))
	ctx := t.Context()
	id, err := s.db.CreatePlan(ctx, prevention.Plan{Cluster: "K1", Status: prevention.PlanDraft, CreatedAt: start}, triage.AuditEntry{})
	s.must(err)
	f := &followed{}
	e := live.NewEffects(live.EffectDeps{Plans: s.db, Notices: f, Members: s.db, Audit: s.db, Zone: time.UTC, Now: s.clock.Now})
	record := func(what string, plans, fresh int) {
		t.Helper()
		n, m, err := e.Record(ctx)
		s.must(err)
		same(t, what, []int{plans, fresh}, []int{n, m})
	}
	record("a draft", 0, 0)
	p, err := s.db.Plan(ctx, id)
	s.must(err)
	p.Status = prevention.PlanRunning
	s.must(s.db.UpdatePlan(ctx, p, triage.AuditEntry{}))
	record("nobody to compare with", 1, 0)
	f.list = append(arm(prevention.ArmTold, 900, 2), arm(prevention.ArmHeld, 300, 90)...)
	record("fewer complaints", 1, 1)
	record("the same again", 1, 0)
	f.list = append(arm(prevention.ArmTold, 900, 500), arm(prevention.ArmHeld, 300, 1)...)
	record("another verdict", 1, 1)
	record("that again", 1, 0)
	trail, err := s.db.Trail(ctx, "plan:"+string(id))
	s.must(err)
	n := 0
	for _, entry := range trail {
		if entry.Action == "plan.effect" {
			n++
		}
	}
	same(t, "entries", 2, n)
	sum, err := e.Sum(ctx)
	s.must(err)
	same(t, "told in all plans", effect.Side{Customers: 900, Complained: 500}, sum.Told)
}
