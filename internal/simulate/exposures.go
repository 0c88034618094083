package simulate

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// makeOrdinary gives the customers the records of an unremarkable life, those
// of the kinds without an incident included.
func (g *generator) makeOrdinary() {
	r := g.stream(partOrdinary)
	for _, k := range g.kinds {
		lists := g.without(k, k.Fresh)
		for _, o := range k.Ordinary {
			m := mark{Kind: o.Kind, Key: o.Key, Attrs: o.Attrs}
			if m.Kind == "" {
				m.Kind, m.Key = k.Exposure.Kind, k.Exposure.Key
			}
			mean := o.Rate * float64(g.Days) / 90
			for i := range g.customers {
				for range poisson(r, mean) {
					s := g.lib.speaker(r, lists, map[string]string{"region": g.customers[i].Region})
					g.expose(i, m.fill(s), g.moment(r, r.IntN(g.Days)))
				}
			}
		}
	}
}

// without returns the kind's lists without the values that its incidents have
// in the given slots. A list is never left empty.
func (g *generator) without(k *kind, slots []string) map[string][]string {
	lists := maps.Clone(k.Words)
	if lists == nil {
		lists = map[string][]string{}
	}
	for slot, list := range k.Slots {
		lists[slot] = list
		if !slices.Contains(slots, slot) {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(list), func(v string) bool {
			return slices.ContainsFunc(g.incidents, func(in incident) bool { return in.kind == k && in.values[slot] == v })
		})
		if len(rest) > 0 {
			lists[slot] = rest
		}
	}
	return lists
}

func (g *generator) expose(customer int, m Mark, at time.Time) {
	g.exposures = append(g.exposures, contact{customer, triage.Exposure{
		CustomerID: g.customers[customer].ID, Kind: m.Kind, Key: m.Key, At: at, Attrs: m.Attrs,
	}})
}

func (g *generator) sortExposures() {
	slices.SortStableFunc(g.exposures, func(a, b contact) int { return a.At.Compare(b.At) })
}

// fill expands the templates of a mark. Amounts become numbers.
func (m *mark) fill(s *speaker) Mark {
	filled := Mark{Kind: m.Kind, Key: s.say(m.Key), Attrs: map[string]any{}}
	for _, name := range sortedKeys(m.Attrs) {
		filled.Attrs[name] = fact(s.say(m.Attrs[name]))
	}
	return filled
}

// fact tells amounts from names and from numbers of orders.
func fact(text string) any {
	if n, err := strconv.Atoi(text); err == nil && len(text) <= 6 && strconv.Itoa(n) == text {
		return n
	}
	return text
}

// matches says whether a record carries the mark.
func (m *Mark) matches(e *triage.Exposure) bool {
	if e.Kind != m.Kind || e.Key != m.Key {
		return false
	}
	for name, v := range m.Attrs {
		if e.Attrs[name] != v {
			return false
		}
	}
	return true
}

// sample draws n of the list without replacement.
func sample(r *rand.Rand, list []int, n int) []int {
	list = slices.Clone(list)
	for i := range n {
		j := i + r.IntN(len(list)-i)
		list[i], list[j] = list[j], list[i]
	}
	return list[:n]
}
