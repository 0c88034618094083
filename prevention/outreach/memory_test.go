package outreach_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// memory keeps the promises of the ports in prevention, in memory.
type memory struct {
	mu          sync.Mutex
	plans       map[prevention.PlanID]prevention.Plan
	notices     []*prevention.Notice // by id, from 1
	known       map[noticed]bool
	suppressed  map[string]bool // customer ids and addresses
	rules       map[prevention.EventRuleID]prevention.EventRule
	customers   map[triage.CustomerID]triage.Customer
	complaints  map[triage.CustomerID][]time.Time
	complainant map[triage.CustomerID]time.Time // of every cluster
	exposures   []triage.Exposure
	audit       []triage.AuditEntry
	blocked     []prevention.Suppression
	// decidedBefore lets somebody else be faster with every decision.
	decidedBefore bool
	faster        int // so many updates of plans find that somebody else was faster
}

type noticed struct {
	cause    prevention.Cause
	customer triage.CustomerID
}

func newMemory() *memory {
	return &memory{
		plans: map[prevention.PlanID]prevention.Plan{}, known: map[noticed]bool{}, suppressed: map[string]bool{},
		rules: map[prevention.EventRuleID]prevention.EventRule{}, customers: map[triage.CustomerID]triage.Customer{},
		complaints: map[triage.CustomerID][]time.Time{}, complainant: map[triage.CustomerID]time.Time{},
	}
}

func (m *memory) Plans(_ context.Context, f prevention.PlanFilter) ([]prevention.Plan, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []prevention.Plan
	for _, p := range m.plans {
		if (f.Cluster == "" || p.Cluster == f.Cluster) && (f.Rule == "" || p.Rule == f.Rule) &&
			(len(f.Statuses) == 0 || slices.Contains(f.Statuses, p.Status)) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b prevention.Plan) int { return cmp.Compare(b.ID, a.ID) })
	return list, nil
}

func (m *memory) Plan(_ context.Context, id prevention.PlanID) (prevention.Plan, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.plans[id]
	if !ok {
		return p, triage.Errorf(triage.CodeNotFound, "no plan %s", id)
	}
	return p, nil
}

func (m *memory) CreatePlan(_ context.Context, p prevention.Plan, e triage.AuditEntry) (prevention.PlanID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.ID, p.Version = prevention.PlanID("P"+strconv.Itoa(len(m.plans)+1)), 1
	m.plans[p.ID] = p
	m.audit = append(m.audit, e)
	return p.ID, nil
}

func (m *memory) UpdatePlan(_ context.Context, p prevention.Plan, e triage.AuditEntry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.update(p, e)
}

func (m *memory) update(p prevention.Plan, e triage.AuditEntry) error {
	if m.faster--; m.faster >= 0 || m.plans[p.ID].Version != p.Version {
		return triage.Errorf(triage.CodeConflict, "plan %s was changed", p.ID)
	}
	p.Version++
	m.plans[p.ID] = p
	m.audit = append(m.audit, e)
	return nil
}

func (m *memory) FixPlan(_ context.Context, p prevention.Plan, notices []prevention.Notice, e triage.AuditEntry) (told, held int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.plans[p.ID].Version != p.Version {
		return 0, 0, triage.Errorf(triage.CodeConflict, "plan %s was changed", p.ID)
	}
	for _, n := range notices {
		if m.add(n) {
			if n.Arm == prevention.ArmHeld {
				held++
			} else {
				told++
			}
		}
	}
	p.Status, p.Size, p.Held = prevention.PlanApproved, told+held, held
	return told, held, m.update(p, e)
}

func (m *memory) add(n prevention.Notice) bool {
	id := noticed{n.Cause, n.Customer}
	if m.known[id] {
		return false
	}
	m.known[id] = true
	n.ID = int64(len(m.notices) + 1)
	m.notices = append(m.notices, &n)
	return true
}

func (m *memory) Due(_ context.Context, now time.Time, limit int) ([]prevention.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []prevention.Notice
	for _, n := range m.notices {
		if n.State == prevention.NoticeQueued && !n.NextAt.After(now) && m.plans[n.Plan].Status == prevention.PlanRunning {
			if due = append(due, *n); len(due) == limit {
				break
			}
		}
	}
	return due, nil
}

func (m *memory) Begin(_ context.Context, n prevention.Notice) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.notices[n.ID-1]
	if s.State != prevention.NoticeQueued || s.Reason != n.Reason || m.plans[s.Plan].Status != prevention.PlanRunning {
		return false, nil
	}
	s.State, s.Channel, s.Key, s.Attempts, s.BegunAt = prevention.NoticeSending, n.Channel, n.Key, n.Attempts, n.BegunAt
	return true, nil
}

var settledFrom = map[prevention.NoticeState][]prevention.NoticeState{
	prevention.NoticeQueued:    {prevention.NoticeSending, prevention.NoticeQueued},
	prevention.NoticeSkipped:   {prevention.NoticeSending, prevention.NoticeQueued},
	prevention.NoticeUnclear:   {prevention.NoticeSending, prevention.NoticeQueued},
	prevention.NoticeFailed:    {prevention.NoticeSending, prevention.NoticeQueued, prevention.NoticeUnclear},
	prevention.NoticeSent:      {prevention.NoticeSending, prevention.NoticeUnclear},
	prevention.NoticeDelivered: {prevention.NoticeSending, prevention.NoticeUnclear},
}

func (m *memory) Settle(_ context.Context, n prevention.Notice) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.notices[n.ID-1]
	if !slices.Contains(settledFrom[n.State], s.State) {
		return false, nil
	}
	*s = n
	return true, nil
}

func (m *memory) Stranded(_ context.Context, before time.Time, limit int) ([]prevention.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []prevention.Notice
	for _, n := range m.notices {
		if n.State == prevention.NoticeSending && n.BegunAt.Before(before) && len(list) < limit {
			list = append(list, *n)
		}
	}
	return list, nil
}

func (m *memory) FinishPlans(_ context.Context, now time.Time) ([]prevention.PlanID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := map[prevention.PlanID]bool{}
	for _, n := range m.notices {
		open[n.Plan] = open[n.Plan] || n.State == prevention.NoticeQueued || n.State == prevention.NoticeSending
	}
	var finished []prevention.PlanID
	for id, p := range m.plans {
		if p.Status == prevention.PlanRunning && p.Rule == "" && !open[id] {
			p.Status, p.FinishedAt, p.Version = prevention.PlanFinished, now, p.Version+1
			m.plans[id] = p
			finished = append(finished, id)
		}
	}
	return finished, nil
}

func (m *memory) Notices(_ context.Context, q prevention.NoticeQuery) ([]prevention.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []prevention.Notice
	for _, n := range m.notices {
		if (q.Plan == "" || n.Plan == q.Plan) && (q.Customer == "" || n.Customer == q.Customer) && n.ID > q.After &&
			(len(q.States) == 0 || slices.Contains(q.States, n.State)) && (q.Limit == 0 || len(list) < q.Limit) {
			list = append(list, *n)
		}
	}
	return list, nil
}

func (m *memory) CountNotices(_ context.Context, plan prevention.PlanID) (map[prevention.NoticeState]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := map[prevention.NoticeState]int{}
	for _, n := range m.notices {
		if n.Plan == plan {
			counts[n.State]++
		}
	}
	return counts, nil
}

func (m *memory) Delivered(_ context.Context, channel string, d prevention.Delivery) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.notices {
		mine := d.Key != "" && n.Key == d.Key || d.Reference != "" && n.Reference == d.Reference
		if n.Channel != channel || !mine {
			continue
		}
		if n.State == prevention.NoticeSent {
			n.State, n.DeliveredAt = prevention.NoticeDelivered, d.At
			if !d.Delivered {
				n.State, n.Reason = prevention.NoticeFailed, d.Reason
			}
		}
		return true, nil
	}
	return false, nil
}

func (m *memory) Answered(_ context.Context, customer triage.CustomerID, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range slices.Backward(m.notices) {
		if n.Customer == customer && (n.State == prevention.NoticeSent || n.State == prevention.NoticeDelivered) {
			n.State, n.AnsweredAt = prevention.NoticeAnswered, at
			break
		}
	}
	return nil
}

func (m *memory) Followed(context.Context, prevention.PlanID) ([]prevention.Followed, error) {
	return nil, nil
}

func (m *memory) Suppress(_ context.Context, s prevention.Suppression) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range []string{string(s.Customer), s.Address} {
		if id != "" {
			m.suppressed[id] = true
		}
	}
	m.blocked = append(m.blocked, s)
	return nil
}

func (m *memory) Suppressed(_ context.Context, customers []triage.Customer) (map[triage.CustomerID]bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[triage.CustomerID]bool{}
	for _, c := range customers {
		for _, id := range []string{string(c.ID), c.Phone.Reveal(), c.Email.Reveal()} {
			if m.suppressed[id] && id != "" {
				found[c.ID] = true
			}
		}
	}
	return found, nil
}

func (m *memory) Contacts(_ context.Context, customers []triage.CustomerID, since time.Time) (map[triage.CustomerID]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := make(map[triage.CustomerID]bool, len(customers))
	for _, id := range customers {
		wanted[id] = true
	}
	counts := map[triage.CustomerID]int{}
	for _, n := range m.notices {
		if !wanted[n.Customer] {
			continue
		}
		switch n.State {
		case prevention.NoticeHeld, prevention.NoticeQueued, prevention.NoticeSkipped, prevention.NoticeFailed:
			continue
		}
		if !n.BegunAt.Before(since) {
			counts[n.Customer]++
		}
	}
	return counts, nil
}

func (m *memory) Noticed(_ context.Context, cause prevention.Cause, customers []triage.CustomerID) (map[triage.CustomerID]bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[triage.CustomerID]bool{}
	for _, id := range customers {
		found[id] = m.known[noticed{cause, id}]
	}
	return found, nil
}

func (m *memory) CustomersAt(_ context.Context, address string) ([]triage.CustomerID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []triage.CustomerID
	for _, c := range m.customers {
		if c.Phone.Reveal() == address || c.Email.Reveal() == address {
			ids = append(ids, c.ID)
		}
	}
	return ids, nil
}

func (m *memory) CustomersByID(_ context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[triage.CustomerID]triage.Customer{}
	for _, id := range ids {
		if c, ok := m.customers[id]; ok {
			found[id] = c
		}
	}
	return found, nil
}

func (m *memory) Complainants(context.Context, prevention.ClusterID) (map[triage.CustomerID]time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.complainant), nil
}

func (m *memory) Recent(_ context.Context, q triage.RecentQuery) ([]triage.Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []triage.Case
	for _, at := range m.complaints[q.Customer] {
		if !at.Before(q.Since) && at.Before(q.Before) && len(found) < q.Limit {
			found = append(found, triage.Case{})
		}
	}
	return found, nil
}

func (m *memory) ExposuresOf(_ context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []triage.Exposure
	for _, e := range m.exposures {
		if slices.Contains(customers, e.CustomerID) && !e.At.Before(from) && e.At.Before(to) {
			list = append(list, e)
		}
	}
	return list, nil
}

func (m *memory) ScanExposures(_ context.Context, kind, key string, from, to time.Time, each func(triage.Exposure) error) error {
	m.mu.Lock()
	list := slices.Clone(m.exposures)
	m.mu.Unlock()
	for _, e := range list {
		if e.Kind == kind && (key == "" || e.Key == key) && !e.At.Before(from) && e.At.Before(to) {
			if err := each(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *memory) CountKinds(context.Context, time.Time, time.Time) ([]prevention.KindCount, error) {
	return nil, nil
}
