package live

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

// CohortDeps is what Cohorts are made of; all are needed.
type CohortDeps struct {
	Exposures prevention.ExposureReader
	Customers prevention.CustomerReader
	Guards    prevention.GuardStore
	Clusters  prevention.ClusterStore
	// Policy has the caps that make a customer one who was contacted too recently.
	Policy outreach.Policy
	Now    func() time.Time
}

// Cohorts finds the silent customers under clusters. It is safe for concurrent
// use.
type Cohorts struct {
	d        CohortDeps
	selector outreach.Selector
}

// NewCohorts makes Cohorts.
func NewCohorts(d CohortDeps) *Cohorts {
	c := &Cohorts{d: d}
	c.selector = outreach.Selector{Sources: c.sources(), Customers: d.Customers, Guards: d.Guards, Policy: d.Policy}
	return c
}

func (c *Cohorts) sources() cohort.Sources {
	return cohort.Sources{Exposures: c.d.Exposures, Customers: c.d.Customers}
}

// Validate refuses a rule that means nothing, naming the field.
func (c *Cohorts) Validate(rule prevention.Rule) error { return cohort.Validate(rule) }

// Select returns everybody whom the rule matches by now, minus those who must
// not be told about the cluster, with the evidence for the rule. The id "" is
// no cluster: then nobody has complained or been told.
func (c *Cohorts) Select(ctx context.Context, id prevention.ClusterID, rule prevention.Rule, now time.Time) (prevention.Cohort, error) {
	selected, err := c.selector.Select(ctx, id, rule, now)
	if err != nil || id == "" {
		return selected, err
	}
	complained, err := c.d.Customers.Complainants(ctx, id)
	if err != nil {
		return selected, fmt.Errorf("read who complained: %w", err)
	}
	selected.Reasons, err = cohort.Explain(ctx, c.sources(), rule, complainants(complained), now)
	return selected, err
}

func complainants(complained map[triage.CustomerID]time.Time) []cohort.Complainant {
	list := make([]cohort.Complainant, 0, len(complained))
	for id, at := range complained {
		list = append(list, cohort.Complainant{Customer: id, At: at})
	}
	return list
}

// refreshed is who renews rules in the audit trail.
const refreshed = "cohorts"

// Refresh looks again for the rule of every cluster that people still work on,
// unless a person wrote its rule, and renews the estimates. A rule stays until a
// better one is found. It returns how many clusters changed. A cluster that
// somebody changes meanwhile is left to the next run.
func (c *Cohorts) Refresh(ctx context.Context) (changed int, err error) {
	f := prevention.ClusterFilter{Active: true, Limit: refreshPage}
	for {
		page, err := c.d.Clusters.Clusters(ctx, f)
		if err != nil {
			return changed, fmt.Errorf("list clusters: %w", err)
		}
		for i := range page.Clusters {
			did, err := c.refresh(ctx, page.Clusters[i])
			if err != nil && triage.CodeOf(err) != triage.CodeConflict {
				return changed, fmt.Errorf("cluster %s: %w", page.Clusters[i].ID, err)
			}
			if did && err == nil {
				changed++
			}
		}
		if page.Next == "" {
			return changed, nil
		}
		f.Cursor = page.Next
	}
}

const refreshPage = 100

func (c *Cohorts) refresh(ctx context.Context, k prevention.Cluster) (bool, error) {
	now := c.d.Now()
	complained, err := c.d.Customers.Complainants(ctx, k.ID)
	if err != nil {
		return false, err
	}
	old := k
	if k.RuleBy == "" {
		finding, err := cohort.Find(ctx, c.sources(), complainants(complained), cohort.Options{Now: now})
		if err != nil {
			return false, err
		}
		if finding.Found && !sameRule(k.Rule, &finding.Rule) {
			k.Rule = &finding.Rule
		}
	}
	if k.Estimate, err = c.estimate(ctx, &k, complained, now); err != nil {
		return false, err
	}
	if k.Rule == old.Rule && k.Estimate == old.Estimate {
		return false, nil
	}
	return true, c.d.Clusters.UpdateCluster(ctx, k, triage.AuditEntry{
		At: now, Actor: refreshed, Action: "cluster.cohort", Object: prevention.ClusterObject(k.ID),
	})
}

// sameRule says whether a rule is another one in the same words: whatever the
// zone in which its times are written.
func sameRule(a, b *prevention.Rule) bool {
	if a == nil {
		return false
	}
	return slices.Equal(a.Regions, b.Regions) && slices.EqualFunc(a.Conditions, b.Conditions, func(c, d prevention.Condition) bool {
		return c.Kind == d.Kind && c.Key == d.Key && maps.Equal(c.Attrs, d.Attrs) && c.From.Equal(d.From) && c.To.Equal(d.To)
	})
}

// estimate takes the best basis there is: the cohort by its rule, else
// complaints through two channels, else the rule of thumb.
func (c *Cohorts) estimate(ctx context.Context, k *prevention.Cluster, complained map[triage.CustomerID]time.Time, now time.Time) (prevention.Estimate, error) {
	if k.Rule == nil {
		if k.Estimate.Basis == prevention.BasisRecapture {
			return k.Estimate, nil // detection knows the channels
		}
		return cohort.RuleOfThumb(len(complained)), nil
	}
	selected, err := cohort.Select(ctx, c.sources(), *k.Rule, cohort.Exclusions{Complained: complained}, now)
	if err != nil {
		return k.Estimate, err
	}
	return cohort.Estimate(selected), nil
}
