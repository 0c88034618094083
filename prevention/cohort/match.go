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

// batch is how many customers are read at once.
const batch = 5000

// match is one customer whom a rule matches.
type match struct {
	exposed time.Time // the latest exposure that fits a condition
	count   int       // exposures that fit the first condition looked at
	// file is the entry in the customer file, the zero one when there is none.
	file triage.Customer
}

// matches returns everybody whom the rule matches by now. The condition with
// the fewest exposures of its kind and key is scanned first; memory grows with
// those who meet it.
func matches(ctx context.Context, src Sources, rule prevention.Rule, now time.Time) (map[triage.CustomerID]*match, error) {
	if err := Validate(rule); err != nil {
		return nil, err
	}
	conditions, err := rarestFirst(ctx, src, rule.Conditions, now)
	if err != nil {
		return nil, err
	}
	var found map[triage.CustomerID]*match
	for i := range conditions {
		if found, err = meet(ctx, src, &conditions[i], now, found); err != nil {
			return nil, err
		}
	}
	return found, inRegions(ctx, src, rule.Regions, found)
}

// until is the earlier of an end, zero when it is open, and now.
func until(to, now time.Time) time.Time {
	if to.IsZero() || now.Before(to) {
		return now
	}
	return to
}

func rarestFirst(ctx context.Context, src Sources, conditions []prevention.Condition, now time.Time) ([]prevention.Condition, error) {
	conditions = slices.Clone(conditions)
	if len(conditions) < 2 {
		return conditions, nil
	}
	counts, err := src.Exposures.CountKinds(ctx, time.Time{}, now)
	if err != nil {
		return nil, fmt.Errorf("count exposures: %w", err)
	}
	size := func(c *prevention.Condition) (n int) {
		for _, k := range counts {
			if k.Kind == c.Kind && (c.Key == "" || c.Key == k.Key) {
				n += k.Count
			}
		}
		return n
	}
	slices.SortStableFunc(conditions, func(a, b prevention.Condition) int { return cmp.Compare(size(&a), size(&b)) })
	return conditions, nil
}

// meet scans one condition and keeps those among, all when that is nil, who
// meet it.
func meet(ctx context.Context, src Sources, c *prevention.Condition, now time.Time, among map[triage.CustomerID]*match) (map[triage.CustomerID]*match, error) {
	x := newIndex([]pattern{patternOf(*c)})
	found := map[triage.CustomerID]*match{}
	err := src.Exposures.ScanExposures(ctx, c.Kind, c.Key, c.From, until(c.To, now), func(e triage.Exposure) error {
		if e.CustomerID == "" || len(x.fits(&e)) == 0 {
			return nil
		}
		m := found[e.CustomerID]
		if m == nil {
			if m = among[e.CustomerID]; m == nil {
				if among != nil {
					return nil
				}
				m = &match{}
			}
			found[e.CustomerID] = m
		}
		if among == nil {
			m.count++
		}
		if e.At.After(m.exposed) {
			m.exposed = e.At
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("scan the exposures of kind %q, key %q: %w", c.Kind, c.Key, err)
	}
	return found, nil
}

// inRegions reads the customer file and, when regions are given, drops those
// who live elsewhere or nobody knows where.
func inRegions(ctx context.Context, src Sources, regions []string, found map[triage.CustomerID]*match) error {
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(found)), batch) {
		customers, err := src.Customers.CustomersByID(ctx, ids)
		if err != nil {
			return fmt.Errorf("read %d customers: %w", len(ids), err)
		}
		for _, id := range ids {
			m := found[id]
			m.file = customers[id]
			if len(regions) > 0 && !slices.Contains(regions, m.file.Region) {
				delete(found, id)
			}
		}
	}
	return nil
}
