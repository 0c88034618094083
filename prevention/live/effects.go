package live

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/triage"
)

// EffectDeps is what Effects are made of; all are needed.
type EffectDeps struct {
	Plans   prevention.PlanStore
	Notices Follower
	Members prevention.MembershipStore
	Audit   triage.AuditStore
	Zone    *time.Location
	Now     func() time.Time
}

// Follower knows what became of the customers of a plan.
type Follower interface {
	Followed(ctx context.Context, plan prevention.PlanID) ([]prevention.Followed, error)
}

// Effects measures what telling customers has prevented. It is safe for
// concurrent use.
type Effects struct{ d EffectDeps }

// NewEffects makes Effects.
func NewEffects(d EffectDeps) *Effects { return &Effects{d: d} }

// Horizon is how long after the draw a complaint counts as one that the notice
// could have prevented.
const Horizon = 14 * 24 * time.Hour

// forecastPast is how many days before a notice a forecast may use.
const forecastPast = 28

// measured are the statuses of plans that have an effect.
var measured = []prevention.PlanStatus{prevention.PlanRunning, prevention.PlanStopped, prevention.PlanFinished}

// Effect compares the told with the held-out customers of a plan.
func (e *Effects) Effect(ctx context.Context, id prevention.PlanID) (effect.Report, error) {
	followed, err := e.d.Notices.Followed(ctx, id)
	if err != nil {
		return effect.Report{}, err
	}
	return effect.Measure(followed, e.d.Now(), Horizon), nil
}

// Sum is the effect of all plans together: the pooled ratio, and the complaints
// avoided, summed, with the sums of the ends of their intervals.
type Sum struct {
	effect.Pooled
	Told, Held                       effect.Side
	Avoided, AvoidedLow, AvoidedHigh float64
}

// Sum pools all plans that have begun.
func (e *Effects) Sum(ctx context.Context) (Sum, error) {
	plans, err := e.d.Plans.Plans(ctx, prevention.PlanFilter{Statuses: measured, Limit: maxPlans})
	if err != nil {
		return Sum{}, err
	}
	var s Sum
	var reports []effect.Report
	for i := range plans {
		r, err := e.Effect(ctx, plans[i].ID)
		if err != nil {
			return Sum{}, err
		}
		if r.Verdict == effect.VerdictNone {
			continue
		}
		reports = append(reports, r)
		s.Told.Customers += r.Told.Customers
		s.Told.Complained += r.Told.Complained
		s.Held.Customers += r.Held.Customers
		s.Held.Complained += r.Held.Complained
		s.Avoided += r.Avoided
		s.AvoidedLow += r.AvoidedLow
		s.AvoidedHigh += r.AvoidedHigh
	}
	s.Pooled = effect.Pool(reports)
	return s, nil
}

// maxPlans bounds how many plans are pooled, the latest ones.
const maxPlans = 500

// Forecast compares the complaints about a plan's cluster since the customers
// were told with what was to be expected without that. False is a plan that has
// no cluster or was not approved.
func (e *Effects) Forecast(ctx context.Context, id prevention.PlanID) (effect.Forecast, bool, error) {
	p, err := e.d.Plans.Plan(ctx, id)
	if err != nil || p.Cluster == "" || p.ApprovedAt.IsZero() {
		return effect.Forecast{}, false, err
	}
	now := e.d.Now()
	to := p.ApprovedAt.Add(Horizon)
	if to.After(now) {
		to = now
	}
	days, err := e.d.Members.Daily(ctx, p.Cluster, p.ApprovedAt.AddDate(0, 0, -forecastPast), to, e.d.Zone)
	if err != nil {
		return effect.Forecast{}, false, err
	}
	return effect.BeforeAfter(days, p.ApprovedAt), true, nil
}

// Record measures every plan that has begun and writes a verdict that is new
// into the plan's trail. It returns how many plans were measured and how many
// verdicts are new.
func (e *Effects) Record(ctx context.Context) (plans, fresh int, err error) {
	list, err := e.d.Plans.Plans(ctx, prevention.PlanFilter{Statuses: measured, Limit: maxPlans})
	if err != nil {
		return 0, 0, err
	}
	for i := range list {
		wrote, err := e.record(ctx, list[i].ID)
		if err != nil {
			return plans, fresh, fmt.Errorf("plan %s: %w", list[i].ID, err)
		}
		plans++
		if wrote {
			fresh++
		}
	}
	return plans, fresh, nil
}

// recordAction is the audit entry of a verdict.
const recordAction = "plan.effect"

// recorded is the detail of that entry.
type recorded struct {
	Verdict    effect.Verdict `json:"verdict"`
	Difference float64        `json:"difference"`
	Low        float64        `json:"low"`
	High       float64        `json:"high"`
}

func (e *Effects) record(ctx context.Context, id prevention.PlanID) (bool, error) {
	r, err := e.Effect(ctx, id)
	if err != nil || r.Verdict == effect.VerdictNone || r.Verdict == effect.VerdictOpen {
		return false, err
	}
	object := "plan:" + string(id)
	trail, err := e.d.Audit.Trail(ctx, object)
	if err != nil {
		return false, err
	}
	for _, entry := range slices.Backward(trail) {
		if entry.Action != recordAction {
			continue
		}
		var last recorded
		if json.Unmarshal([]byte(entry.Detail), &last) == nil && last.Verdict == r.Verdict {
			return false, nil
		}
		break
	}
	detail, err := json.Marshal(recorded{r.Verdict, r.Difference, r.Low, r.High})
	if err != nil {
		return false, err
	}
	return true, e.d.Audit.Append(ctx, triage.AuditEntry{At: e.d.Now(), Actor: "effect", Action: recordAction, Object: object, Detail: string(detail)})
}
