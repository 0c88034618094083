package cohort

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// step is the precision of shares in time.
	step = time.Hour
	// maxValues bounds the values of one attribute: with more it names single
	// cases, and maxNumbers those of one of numbers: with more it measures.
	maxValues  = 1 << 12
	maxNumbers = 64
)

// survey knows how common patterns are among all known customers at any time:
// those with an exposure of a kind that several complainants share.
type survey struct {
	since time.Time
	// before[p][h] is the weight of the exposures of pattern p earlier than h
	// steps after since.
	before [][]float64
	// reach[p] is the part of the known customers who have pattern p at all, by
	// weight.
	reach []float64
	// weight is that of all known customers together, customers their number.
	weight, customers float64
	// values counts the keys and attribute values there are; byAttr has those of
	// each attribute of a kind and key ("" is any), keys of an attribute "".
	values, kinds int
	byAttr        map[[3]string]*values
}

type values struct {
	texts   map[string]bool
	numbers bool // all of them
}

// telling says whether the values may tell customers apart.
func (v *values) telling() bool {
	return len(v.texts) < maxValues && (!v.numbers || len(v.texts) <= maxNumbers)
}

// look scans all exposures of the kinds once.
func look(ctx context.Context, src Sources, patterns []pattern, since time.Time, o Options) (*survey, error) {
	s := &survey{since: since, before: make([][]float64, len(patterns)), byAttr: map[[3]string]*values{}}
	steps := int(o.Now.Sub(since)/step) + 2
	for i := range s.before {
		s.before[i] = make([]float64, steps)
	}
	people := newSketch()
	holders := make([]*sample, len(patterns))
	for i := range holders {
		holders[i] = newSample(holderSample)
	}
	x := newIndex(patterns)
	x.fresh = s.countValues
	kinds := kindsOf(patterns)
	s.kinds = len(kinds)
	err := scan(ctx, src, kinds, since, o.Now, func(e *triage.Exposure) {
		if people.add(e.CustomerID) {
			people.weight += o.weigh(e.CustomerID)
		}
		fits := x.fits(e)
		if len(fits) == 0 {
			return
		}
		h, w := int(e.At.Sub(since)/step)+1, o.weigh(e.CustomerID)
		for _, p := range fits {
			s.before[p][h] += w
			holders[p].add(e.CustomerID)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, sums := range s.before {
		for h := 1; h < len(sums); h++ {
			sums[h] += sums[h-1]
		}
	}
	for k, v := range s.byAttr {
		if v.telling() && (k[1] != "" || k[2] == "") {
			s.values += len(v.texts)
		}
	}
	s.customers = people.count()
	s.weight = people.weight * s.customers / float64(max(people.set, 1))
	s.reach = make([]float64, len(patterns))
	for p, h := range holders {
		var sum float64
		for id := range h.members {
			sum += o.weigh(id)
		}
		s.reach[p] = min(1, sum*h.scale()/max(s.weight, 1e-9))
	}
	return s, nil
}

// scan calls each for the exposures of all kinds that have a customer, since
// <= At < now, key by key. The exposure is valid until each returns.
func scan(ctx context.Context, src Sources, kinds []string, since, now time.Time, each func(e *triage.Exposure)) error {
	counts, err := src.Exposures.CountKinds(ctx, since, now)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	for _, k := range counts {
		if !slices.Contains(kinds, k.Kind) {
			continue
		}
		var current triage.Exposure // one for all: an exposure whose address is taken would be allocated
		err := src.Exposures.ScanExposures(ctx, k.Kind, k.Key, since, now, func(e triage.Exposure) error {
			// A key of "" is every key: the others come on their own.
			if e.Key == k.Key && e.CustomerID != "" {
				current = e
				each(&current)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("scan the exposures of kind %q, key %q: %w", k.Kind, k.Key, err)
		}
	}
	return nil
}

func kindsOf(patterns []pattern) []string {
	var kinds []string
	for i := range patterns {
		kinds = append(kinds, patterns[i].kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// countValues remembers what values there are.
func (s *survey) countValues(kind, key string, attrs map[string]any) {
	s.countValue(kind, "", "", key)
	for _, a := range fields(attrs) {
		s.countValue(kind, "", a.name, a.value)
		s.countValue(kind, key, a.name, a.value)
	}
}

func (s *survey) countValue(kind, key, name, value string) {
	k := [3]string{kind, key, name}
	if s.byAttr[k] == nil {
		s.byAttr[k] = &values{texts: map[string]bool{}, numbers: name != ""}
	}
	v := s.byAttr[k]
	if len(v.texts) < maxValues {
		v.texts[value] = true
	}
	if v.numbers {
		_, err := strconv.ParseFloat(value, 64)
		v.numbers = err == nil
	}
}

// telling says whether all attributes of the pattern may tell customers apart.
func (s *survey) telling(p *pattern) bool {
	return !slices.ContainsFunc(p.attrs, func(a attr) bool {
		v := s.byAttr[[3]string{p.kind, p.key, a.name}]
		return v != nil && !v.telling()
	})
}

// choices is the logarithm of the number of patterns like this one: any value
// to begin with (it implies its kind and key), then any value of each further
// attribute; ln 3 pays for the choice of it, as at most three are taken.
func (s *survey) choices(p *pattern) float64 {
	ln := math.Log(float64(max(s.values, 2)))
	for _, a := range p.attrs[min(1, len(p.attrs)):] {
		ln += s.spread(p.kind, p.key, a.name) + math.Log(3)
	}
	return ln
}

// steps is the same when one goes from kind to key to attribute: what is said
// in addition to a rule is mostly something simple.
func (s *survey) steps(p *pattern) float64 {
	ln := math.Log(float64(max(s.kinds, 1))) + s.spread(p.kind, "", "")
	return ln + s.detail(p)
}

// detail is the part of the steps for the attributes.
func (s *survey) detail(p *pattern) (ln float64) {
	for _, a := range p.attrs {
		ln += s.spread(p.kind, p.key, a.name) + math.Log(3)
	}
	return ln
}

// spread is the logarithm of the number of values of an attribute, of the keys
// of a kind when the name is "".
func (s *survey) spread(kind, key, name string) float64 {
	n := 2
	if v := s.byAttr[[3]string{kind, key, name}]; v != nil {
		n = max(n, len(v.texts))
	}
	return math.Log(float64(n))
}

// exposures returns the weight of the exposures of a pattern, from <= At < to.
func (s *survey) exposures(p int, from, to time.Time) float64 {
	return max(0, s.at(p, to)-s.at(p, from))
}

// at is the weight of the exposures before t; it is linear within a step.
func (s *survey) at(p int, t time.Time) float64 {
	sums := s.before[p]
	x := float64(t.Sub(s.since)) / float64(step)
	if x <= 0 {
		return 0
	}
	h := int(x)
	if h >= len(sums)-1 {
		return sums[len(sums)-1]
	}
	return sums[h] + (x-float64(h))*(sums[h+1]-sums[h])
}

// when is the first step by which so much weight of exposures has been.
func (s *survey) when(p int, weight float64) time.Time {
	return s.since.Add(time.Duration(sort.SearchFloat64s(s.before[p], weight)) * step)
}

// share is the part of the known customers with an exposure of the pattern,
// from <= At < to: everybody who has it at all has it equally often, and each
// time falls into a span with its part of all exposures.
func (s *survey) share(p int, from, to time.Time) float64 {
	sums, reach := s.before[p], s.reach[p]
	all := sums[len(sums)-1]
	if all <= 0 || reach <= 0 {
		return 0
	}
	times := max(1, all/(s.weight*reach))
	return reach * (1 - math.Pow(1-min(1, s.exposures(p, from, to)/all), times))
}
