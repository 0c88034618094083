package outreach

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// errQuiet ends a Tick: quiet hours have come.
var errQuiet = errors.New("quiet hours")

// round is one Tick's work. Plans and complainants are read once for each batch:
// a Tick may last for hours, and people complain, and change rules, meanwhile.
type round struct {
	*Sender
	plans      map[prevention.PlanID]prevention.Plan
	complained map[prevention.ClusterID]map[triage.CustomerID]time.Time

	mu       sync.Mutex
	progress *Progress
	moved    bool
}

// run takes one batch of due notices. It returns whether anything changed: when
// not, other senders are at them, and there is nothing to do.
func (r *round) run(ctx context.Context) (bool, error) {
	r.plans = map[prevention.PlanID]prevention.Plan{}
	r.complained = map[prevention.ClusterID]map[triage.CustomerID]time.Time{}
	due, err := r.d.Outbox.Due(ctx, r.d.Now(), batch)
	if err != nil {
		return false, fmt.Errorf("outreach: read due notices: %w", err)
	}
	due = onePerCustomer(due)
	ids := make([]triage.CustomerID, len(due))
	for i := range due {
		ids[i] = due[i].Customer
	}
	f, err := r.guard.look(ctx, ids, r.d.Now())
	if err != nil {
		return false, err
	}
	exposures, err := r.exposures(ctx, due)
	if err != nil {
		return false, err
	}
	r.moved = false
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.d.Policy.Parallel)
	for _, n := range due {
		reason, err := r.forbids(ctx, f, &n)
		if err == nil && reason != "" {
			err = r.conclude(ctx, n, end(n, prevention.NoticeSkipped, reason))
		}
		if err != nil {
			return false, errors.Join(err, g.Wait())
		}
		if reason != "" {
			continue
		}
		c, plan := f.customers[n.Customer], r.plans[n.Plan]
		g.Go(func() error { return r.attempt(gctx, &plan, n, &c, exposures[n.Customer]) })
	}
	err = g.Wait()
	return r.moved, err
}

// onePerCustomer keeps the first notice of each customer, so that the cap sees
// it before the next one is judged.
func onePerCustomer(due []prevention.Notice) []prevention.Notice {
	seen := make(map[triage.CustomerID]bool, len(due))
	kept := due[:0]
	for _, n := range due {
		if !seen[n.Customer] {
			seen[n.Customer] = true
			kept = append(kept, n)
		}
	}
	return kept
}

// forbids is the guard of a queued notice: the facts, and who complained about
// the plan's cluster.
func (r *round) forbids(ctx context.Context, f *facts, n *prevention.Notice) (string, error) {
	plan, err := r.plan(ctx, n.Plan)
	if err != nil {
		return "", err
	}
	if reason := r.guard.forbids(f, n, 0); reason != "" || plan.Cluster == "" {
		return reason, nil
	}
	complained, ok := r.complained[plan.Cluster]
	if !ok {
		if complained, err = r.d.Customers.Complainants(ctx, plan.Cluster); err != nil {
			return "", fmt.Errorf("outreach: read complainants of %s: %w", plan.Cluster, err)
		}
		r.complained[plan.Cluster] = complained
	}
	if _, yes := complained[n.Customer]; yes {
		return ReasonComplained, nil
	}
	return "", nil
}

func (r *round) plan(ctx context.Context, id prevention.PlanID) (prevention.Plan, error) {
	if p, ok := r.plans[id]; ok {
		return p, nil
	}
	p, err := r.d.Plans.Plan(ctx, id)
	if err != nil {
		return p, fmt.Errorf("outreach: read plan %s: %w", id, err)
	}
	r.plans[id] = p
	return p, nil
}

// exposures returns, for plans whose template speaks of it, the exposure that
// brought each customer in.
func (r *round) exposures(ctx context.Context, due []prevention.Notice) (map[triage.CustomerID]*triage.Exposure, error) {
	at := make(map[triage.CustomerID]time.Time, len(due))
	conditions := make(map[triage.CustomerID][]prevention.Condition, len(due))
	for i := range due {
		plan, err := r.plan(ctx, due[i].Plan)
		if err != nil {
			return nil, err
		}
		if needsExposure(plan.Template) && !due[i].Exposed.IsZero() {
			at[due[i].Customer] = due[i].Exposed
			conditions[due[i].Customer] = plan.Cohort.Conditions
		}
	}
	return exposuresAt(ctx, r.d.Exposures, at, conditions)
}

// settle stores the end of what this sender began.
func (r *round) settle(ctx context.Context, n prevention.Notice) error {
	ok, err := r.d.Outbox.Settle(ctx, n)
	if err != nil {
		return fmt.Errorf("outreach: settle notice %d: %w", n.ID, err)
	}
	if ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.progress.count(n.State)
	}
	return nil
}

// advance notes that this sender has something to do.
func (r *round) advance() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moved = true
}

// exposuresAt reads the exposure of each customer at a time.
func exposuresAt(ctx context.Context, store Exposures, at map[triage.CustomerID]time.Time, conditions map[triage.CustomerID][]prevention.Condition) (map[triage.CustomerID]*triage.Exposure, error) {
	if len(at) == 0 {
		return nil, nil
	}
	ids := make([]triage.CustomerID, 0, len(at))
	var from, to time.Time
	for id, t := range at {
		ids = append(ids, id)
		if from.IsZero() || t.Before(from) {
			from = t
		}
		if t.After(to) {
			to = t
		}
	}
	list, err := store.ExposuresOf(ctx, ids, from, to.Add(time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("outreach: read exposures: %w", err)
	}
	mine := make(map[triage.CustomerID][]triage.Exposure, len(at))
	for _, e := range list {
		mine[e.CustomerID] = append(mine[e.CustomerID], e)
	}
	found := make(map[triage.CustomerID]*triage.Exposure, len(mine))
	for id, list := range mine {
		found[id] = pick(list, at[id], conditions[id])
	}
	return found, nil
}
