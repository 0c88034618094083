package outreach

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// Selector is the Cohorts of a running service: it reads who is affected from
// Sources, and who must not be told from the stores.
type Selector struct {
	Sources   cohort.Sources
	Customers Customers
	Guards    prevention.GuardStore
	Policy    Policy
}

// Select leaves out who has a notice about the cluster in whatever state,
// because nobody gets a second one; those held out of an earlier plan are among
// them.
func (s *Selector) Select(ctx context.Context, cluster prevention.ClusterID, rule prevention.Rule, now time.Time) (prevention.Cohort, error) {
	var ex cohort.Exclusions
	if cluster != "" {
		var err error
		if ex.Complained, err = s.Customers.Complainants(ctx, cluster); err != nil {
			return prevention.Cohort{Rule: rule}, err
		}
		ex.Told = func(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]bool, error) {
			return s.Guards.Noticed(ctx, prevention.ClusterCause(cluster), ids)
		}
	}
	ex.OptedOut = s.Guards.Suppressed
	ex.Contacted = func(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]bool, error) {
		return s.contacted(ctx, ids, now)
	}
	return cohort.Select(ctx, s.Sources, rule, ex, now)
}

// contacted returns those whom the caps would keep from being told now.
func (s *Selector) contacted(ctx context.Context, ids []triage.CustomerID, now time.Time) (map[triage.CustomerID]bool, error) {
	week, month, err := contacts(ctx, s.Guards, ids, now)
	if err != nil {
		return nil, err
	}
	over := make(map[triage.CustomerID]bool)
	for _, id := range ids {
		if week[id] >= s.Policy.WeekCap || month[id] >= s.Policy.MonthCap {
			over[id] = true
		}
	}
	return over, nil
}
