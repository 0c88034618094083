package cohort

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// maxMore bounds the extensions of a lead: three conditions in all.
	maxMore = 2
	// keepPart is the part of those who match that must still do so after an
	// extension: records of a second exposure may be missing, but what is true of
	// few of the affected does not say who is affected.
	keepPart = 0.7
)

// sampleMembers draws who matches each lead, in one scan for all of them.
func (f *finder) sampleMembers(ctx context.Context, leads []*lead) error {
	patterns := make([]pattern, len(leads))
	for i, l := range leads {
		patterns[i] = f.patterns[l.p]
	}
	x := newIndex(patterns)
	return scan(ctx, f.src, kindsOf(patterns), f.since, f.o.Now, func(e *triage.Exposure) {
		for _, i := range x.fits(e) {
			if l := leads[i]; !e.At.Before(l.from) && (l.to.IsZero() || e.At.Before(l.to)) {
				l.members.add(e.CustomerID)
			}
		}
	})
}

// member is one sampled customer who matches a lead.
type member struct {
	region   string
	weight   float64
	patterns map[int]bool
}

// extend adds regions and further exposures to a lead while they are beyond
// chance among those who match already.
func (f *finder) extend(ctx context.Context, l *lead) error {
	members, err := f.members(ctx, l)
	if err != nil {
		return err
	}
	for range maxMore {
		gain, narrow := f.bestRegions(l, members)
		for p := range f.patterns {
			if g, n := f.tryMore(l, members, p); g > gain {
				gain, narrow = g, n
			}
		}
		if gain < threshold {
			return nil
		}
		members = narrow()
		l.score += gain
		l.plain += gain - threshold
	}
	return nil
}

// members reads the regions and patterns of a lead's sample.
func (f *finder) members(ctx context.Context, l *lead) ([]member, error) {
	ids := slices.Sorted(maps.Keys(l.members.members))
	exposures, err := f.src.Exposures.ExposuresOf(ctx, ids, f.since, f.o.Now)
	if err != nil {
		return nil, fmt.Errorf("read the exposures of %d customers: %w", len(ids), err)
	}
	customers, err := f.src.Customers.CustomersByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d customers: %w", len(ids), err)
	}
	x := newIndex(f.patterns)
	has := make(map[triage.CustomerID]map[int]bool, len(ids))
	for i := range exposures {
		e := &exposures[i]
		for _, p := range x.fits(e) {
			if has[e.CustomerID] == nil {
				has[e.CustomerID] = map[int]bool{}
			}
			has[e.CustomerID][p] = true
		}
	}
	list := make([]member, len(ids))
	for i, id := range ids {
		list[i] = member{customers[id].Region, f.o.weigh(id), has[id]}
	}
	return list, nil
}

// tryMore is the gain of a second exposure, and how to take it; 0 when it has
// none.
func (f *finder) tryMore(l *lead, members []member, p int) (float64, func() []member) {
	own, q := &f.patterns[l.p], &f.patterns[p]
	if !f.survey.telling(q) || q.kind == own.kind && (q.key == own.key || own.key == "" || q.key == "") {
		return 0, nil
	}
	matched := f.matching(l.matched, p, f.since, f.o.Now)
	if !f.keeps(l, len(matched)) {
		return 0, nil
	}
	with := slices.DeleteFunc(slices.Clone(members), func(m member) bool { return !m.patterns[p] })
	c, n := float64(len(matched)), float64(len(l.matched))
	gain := excess(c, n, n*sampled(with, members)) - f.survey.steps(q) - math.Log(3)
	return gain, func() []member {
		l.more, l.matched = append(l.more, p), matched
		return with
	}
}

// keeps says whether so many are enough of those who match a lead.
func (f *finder) keeps(l *lead, people int) bool {
	return f.enough(people) && float64(people) >= keepPart*float64(len(l.matched))
}

// sampled is the part, by weight, of the members who are in with. Of a sample it
// is two standard deviations up: what it hardly saw is rare, not impossible.
func sampled(with, members []member) float64 {
	n := float64(max(len(members), 1))
	share := max(weightOf(with)/max(weightOf(members), 1e-9), 1/n)
	if len(members) >= memberSample {
		share += 2 * math.Sqrt(share/n)
	}
	return min(1, share)
}

func weightOf(members []member) (sum float64) {
	for _, m := range members {
		sum += m.weight
	}
	return sum
}

// bestRegions is the gain of the best set of regions, and how to take it.
func (f *finder) bestRegions(l *lead, members []member) (float64, func() []member) {
	if l.regions != nil {
		return 0, nil
	}
	population := map[string]float64{}
	for _, m := range members {
		population[m.region] += m.weight
	}
	gain, set := regionsOf(l.matched, population)
	matched := slices.DeleteFunc(slices.Clone(l.matched), func(q *person) bool { return !slices.Contains(set, q.Region) })
	if set == nil || !f.keeps(l, len(matched)) {
		return 0, nil
	}
	return gain, func() []member {
		l.regions, l.matched = set, matched
		return slices.DeleteFunc(slices.Clone(members), func(m member) bool { return !slices.Contains(set, m.region) })
	}
}

// regionsOf finds the set of regions where people are most in excess of the
// population, nil when none is worth its choices. The best set of any size
// holds the regions with the highest ratios (the linear-time subset scanning
// property, Neill 2012), so only as many sets are tried as there are regions.
func regionsOf(people []*person, population map[string]float64) (gain float64, set []string) {
	count := map[string]float64{}
	var n, total float64
	for _, q := range people {
		if q.Region != "" {
			count[q.Region]++
			n++
		}
	}
	var names []string
	for name, customers := range population {
		if name != "" {
			names = append(names, name)
			total += customers
		}
	}
	ratio := func(name string) float64 { return count[name] / population[name] }
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(ratio(b), ratio(a)), strings.Compare(a, b))
	})
	var c, with float64
	for k, name := range names[:max(0, len(names)-1)] {
		c += count[name]
		with += population[name]
		if count[name] == 0 {
			break
		}
		g := excess(c, n, n*with/total) - lnChoose(len(names), k+1) - math.Log(3)
		if g > gain {
			gain, set = g, names[:k+1]
		}
	}
	return gain, slices.Sorted(slices.Values(set))
}

// regional is what regions alone explain: a rule must explain more, for a rule
// names an exposure.
func (f *finder) regional(ctx context.Context) (float64, error) {
	population, err := f.src.Customers.CountByRegion(ctx)
	if err != nil {
		return 0, fmt.Errorf("count customers by region: %w", err)
	}
	customers := make(map[string]float64, len(population))
	for name, n := range population {
		customers[name] = float64(n)
	}
	gain, _ := regionsOf(f.people, customers)
	return gain, nil
}
