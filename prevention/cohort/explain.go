package cohort

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Explain gives the evidence for any rule, also one that a person wrote: of
// each of its values, how many of the complainants with known exposures had it
// before they complained, against its share among all customers. It scans the
// exposures of each condition once; memory does not grow with them.
func Explain(ctx context.Context, src Sources, rule prevention.Rule, complainants []Complainant, now time.Time) ([]prevention.Evidence, error) {
	people, _, err := gather(ctx, src, complainants, Options{Now: now})
	if err != nil || len(people) == 0 {
		return nil, err
	}
	regions, err := src.Customers.CountByRegion(ctx)
	if err != nil {
		return nil, fmt.Errorf("count customers: %w", err)
	}
	customers := 0
	for _, n := range regions {
		customers += n
	}
	people = slices.DeleteFunc(people, func(p *person) bool { return len(p.seen) == 0 })
	var list []prevention.Evidence
	for _, c := range rule.Conditions {
		part, err := explainCondition(ctx, src, c, people, customers, now)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	if len(rule.Regions) > 0 {
		list = append(list, explainRegions(rule.Regions, regions, people))
	}
	return list, nil
}

func explainCondition(ctx context.Context, src Sources, c prevention.Condition, people []*person, customers int, now time.Time) ([]prevention.Evidence, error) {
	whole := patternOf(c)
	patterns := []pattern{{kind: c.Kind, key: c.Key}}
	for _, a := range whole.attrs {
		patterns = append(patterns, pattern{c.Kind, c.Key, []attr{a}})
	}
	to := until(c.To, now)
	holders := make([]*sketch, len(patterns))
	for i := range holders {
		holders[i] = newSketch()
	}
	x := newIndex(patterns)
	err := src.Exposures.ScanExposures(ctx, c.Kind, c.Key, c.From, to, func(e triage.Exposure) error {
		if e.CustomerID == "" {
			return nil
		}
		for _, i := range x.fits(&e) {
			holders[i].add(e.CustomerID)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("scan the exposures of kind %q, key %q: %w", c.Kind, c.Key, err)
	}
	list := make([]prevention.Evidence, len(patterns))
	for i := range patterns {
		field, value := c.Kind, c.Key
		if i > 0 {
			field, value = c.Kind+"."+whole.attrs[i-1].name, whole.attrs[i-1].value
		}
		with := 0
		for _, p := range people {
			if p.had(&patterns[i], c.From, to) {
				with++
			}
		}
		share := min(1, holders[i].count()/float64(max(customers, 1)))
		list[i] = evidence(field, cmp.Or(value, "*"), with, len(people), share)
	}
	return list, nil
}

// had says whether an exposure before the complaint fits, from <= At < to.
func (p *person) had(q *pattern, from, to time.Time) bool {
	return slices.ContainsFunc(p.seen, func(e triage.Exposure) bool {
		return !e.At.Before(from) && e.At.Before(to) && q.fits(e.Kind, e.Key, e.Attrs)
	})
}

func explainRegions(names []string, population map[string]int, people []*person) prevention.Evidence {
	in, of, with, located := 0, 0, 0, 0
	for name, n := range population {
		if name != "" {
			of += n
		}
		if slices.Contains(names, name) {
			in += n
		}
	}
	for _, p := range people {
		if p.Region != "" {
			located++
		}
		if slices.Contains(names, p.Region) {
			with++
		}
	}
	return evidence("region", strings.Join(names, "、"), with, located, float64(in)/float64(max(of, 1)))
}
