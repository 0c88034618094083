package cohort

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// person is one complainant with what came before the complaint.
type person struct {
	Complainant
	seen []triage.Exposure // before At, oldest first
}

// gather makes one person of each customer who complained before now, at the
// time of the first complaint, oldest first, with the exposures since horizon
// before the first of them.
func gather(ctx context.Context, src Sources, complainants []Complainant, o Options) (people []*person, since time.Time, err error) {
	first := map[triage.CustomerID]Complainant{}
	for _, c := range complainants {
		if old, ok := first[c.Customer]; c.Customer != "" && c.At.Before(o.Now) && (!ok || c.At.Before(old.At)) {
			first[c.Customer] = c
		}
	}
	if len(first) == 0 {
		return nil, o.Now, nil
	}
	for _, c := range first {
		people = append(people, &person{Complainant: c})
	}
	slices.SortFunc(people, func(a, b *person) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Customer, b.Customer))
	})
	since = people[0].At.Add(-cmp.Or(o.Horizon, defaultHorizon))

	ids := slices.Sorted(maps.Keys(first))
	byID := make(map[triage.CustomerID]*person, len(people))
	for _, p := range people {
		byID[p.Customer] = p
	}
	exposures, err := src.Exposures.ExposuresOf(ctx, ids, since, o.Now)
	if err != nil {
		return nil, since, fmt.Errorf("read the exposures of %d complainants: %w", len(ids), err)
	}
	for _, e := range exposures {
		if p := byID[e.CustomerID]; p != nil && e.At.Before(p.At) {
			p.seen = append(p.seen, e)
		}
	}
	customers, err := src.Customers.CustomersByID(ctx, ids)
	if err != nil {
		return nil, since, fmt.Errorf("read %d complainants: %w", len(ids), err)
	}
	for _, p := range people {
		if c, ok := customers[p.Customer]; ok {
			p.Region = c.Region
		}
	}
	return people, since, nil
}

// known returns the people with an exposure of one of the kinds.
func known(people []*person, kinds []string) []*person {
	return slices.DeleteFunc(slices.Clone(people), func(p *person) bool {
		return !slices.ContainsFunc(p.seen, func(e triage.Exposure) bool { return slices.Contains(kinds, e.Kind) })
	})
}

// shared returns the patterns that at least least people have, in a fixed
// order. One of any key is among them only when these have it by several keys.
func shared(people []*person, least int) []pattern {
	type tally struct {
		pattern
		people  int
		last    *person
		key     string
		several bool
	}
	found := map[string]*tally{}
	for _, p := range people {
		for i := range p.seen {
			e := &p.seen[i]
			patternsOf(e, func(q pattern) {
				id := q.id()
				t := found[id]
				if t == nil {
					t = &tally{pattern: q, key: e.Key}
					found[id] = t
				}
				if t.last != p {
					t.last = p
					t.people++
				}
				t.several = t.several || t.key != e.Key
			})
		}
	}
	var list []pattern
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if t := found[id]; t.people >= least && (t.pattern.key != "" || t.key == "" || t.several) {
			list = append(list, t.pattern)
		}
	}
	return list
}
