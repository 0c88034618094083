package cohort

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Exclusions says who must not be told. Functions answer for many customers at
// once; nil ones exclude nobody. Customers who opted out in the customer file
// are always left out.
type Exclusions struct {
	// Complained are the complainants of the cluster and when.
	Complained map[triage.CustomerID]time.Time
	// Told know of the cause already.
	Told func(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]bool, error)
	// OptedOut want to hear nothing.
	OptedOut func(ctx context.Context, customers []triage.Customer) (map[triage.CustomerID]bool, error)
	// Contacted had a message of any cause too recently.
	Contacted func(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]bool, error)
}

// Select returns everybody whom the rule matches by now and who may be told,
// most likely affected first, and counts the others by the first reason that
// holds. Only those who match are held in memory. Reasons are left to the
// caller, who has them from Find. Its errors are those of Validate, the
// sources and the exclusions.
func Select(ctx context.Context, src Sources, rule prevention.Rule, ex Exclusions, now time.Time) (prevention.Cohort, error) {
	c := prevention.Cohort{Rule: rule, Words: Words(rule), Customers: []prevention.Candidate{}}
	found, err := matches(ctx, src, rule, now)
	if err != nil {
		return c, err
	}
	c.Matched = len(found)
	if err := explain(ctx, src, &c, found, ex.Complained, now); err != nil {
		return c, err
	}
	regions, err := src.Customers.CountByRegion(ctx)
	if err != nil {
		return c, fmt.Errorf("count customers: %w", err)
	}
	customers := 0
	for _, n := range regions {
		customers += n
	}
	s := newScorer(found, ex.Complained, customers)
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(found)), batch) {
		kept, err := exclude(ctx, ids, found, ex, &c.Excluded)
		if err != nil {
			return c, err
		}
		for _, id := range kept {
			c.Customers = append(c.Customers, prevention.Candidate{Customer: id, Score: s.score(found[id]), Exposed: found[id].exposed})
		}
	}
	slices.SortFunc(c.Customers, func(a, b prevention.Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), b.Exposed.Compare(a.Exposed), cmp.Compare(a.Customer, b.Customer))
	})
	return c, nil
}

// explain counts the complainants with known exposures, and those who match.
func explain(ctx context.Context, src Sources, c *prevention.Cohort, found map[triage.CustomerID]*match, complained map[triage.CustomerID]time.Time, now time.Time) error {
	exposures, err := src.Exposures.ExposuresOf(ctx, slices.Sorted(maps.Keys(complained)), time.Time{}, now)
	if err != nil {
		return fmt.Errorf("read the exposures of %d complainants: %w", len(complained), err)
	}
	var last triage.CustomerID
	for _, e := range exposures {
		if e.CustomerID != last {
			c.Known++
			last = e.CustomerID
			if found[last] != nil {
				c.Explained++
			}
		}
	}
	return nil
}

// exclude returns those who may be told.
func exclude(ctx context.Context, ids []triage.CustomerID, found map[triage.CustomerID]*match, ex Exclusions, count *prevention.Excluded) ([]triage.CustomerID, error) {
	drop := func(n *int, out func(triage.CustomerID) bool) {
		before := len(ids)
		ids = slices.DeleteFunc(ids, out)
		*n += before - len(ids)
	}
	drop(&count.Complained, func(id triage.CustomerID) bool { _, ok := ex.Complained[id]; return ok })
	if ex.Told != nil {
		told, err := ex.Told(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("who was told: %w", err)
		}
		drop(&count.Told, func(id triage.CustomerID) bool { return told[id] })
	}
	out := map[triage.CustomerID]bool{}
	if ex.OptedOut != nil {
		customers := make([]triage.Customer, len(ids))
		for i, id := range ids {
			customers[i] = found[id].file
			customers[i].ID = id
		}
		var err error
		if out, err = ex.OptedOut(ctx, customers); err != nil {
			return nil, fmt.Errorf("who opted out: %w", err)
		}
	}
	drop(&count.OptedOut, func(id triage.CustomerID) bool { return out[id] || found[id].file.OptedOut })
	if ex.Contacted != nil {
		recent, err := ex.Contacted(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("who was contacted lately: %w", err)
		}
		drop(&count.Contacted, func(id triage.CustomerID) bool { return recent[id] })
	}
	return ids, nil
}
