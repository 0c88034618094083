package report

import (
	"cmp"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// explained is how many rises are explained.
	explained = 5
	// leastShare and leastLift are what a value needs to be called the place where
	// a rise concentrates, beside being surely more frequent than usual.
	leastShare, leastLift = 0.2, 1.5
	// places are named for one rise at most.
	places = 3
)

// grounds are the dimensions in which a rise may concentrate.
var grounds = []fact.Dim{fact.Type, fact.Subtype, fact.Product, fact.Region, fact.Campaign, fact.Channel}

// place is a value in which a rise concentrates, or may.
type place struct {
	dim        fact.Dim
	value      string
	share      float64
	usual      float64
	p          float64
	count, was int
}

// explain says where the cases of a rise come from.
func (m *making) explain(c *Change) []Sentence {
	in := func(f fact.Filter) fact.Filter { return f.With(c.dim, c.Value) }
	all := m.placesOf(c, in(m.now), in(m.past))
	found := concentrated(all)
	var list []Sentence
	for _, p := range found {
		share := m.shareOf(in(m.now), p)
		usual := m.shareOf(in(m.past), p)
		args := []Arg{named("name", c.dim, c.Value), word("dim", p.dim.String()), named("place", p.dim, p.value), fig("share", share), fig("usual", usual)}
		if p.was == 0 {
			list = append(list, say("why.new", args...))
			continue
		}
		lift := measured(m.book, Lift, Times, slices.Concat(share.Filters, usual.Filters)...)
		list = append(list, say("why.place", append(args, fig("lift", lift))...))
	}
	if len(found) == 0 && len(all) > 0 {
		top := slices.MaxFunc(all, func(a, b place) int {
			return cmp.Or(cmp.Compare(a.count, b.count), cmp.Compare(b.dim, a.dim), cmp.Compare(b.value, a.value))
		})
		args := []Arg{named("name", c.dim, c.Value), word("dim", top.dim.String()), named("place", top.dim, top.value), fig("share", m.shareOf(in(m.now), top))}
		if c.Ratio == nil {
			list = append(list, say("why.first", args...)) // there is no usual share of what has not been before
		} else {
			list = append(list, say("why.spread", append(args, fig("usual", m.shareOf(in(m.past), top)))...))
		}
	}
	for _, k := range m.evidence.Clusters {
		if k.about(c) {
			list = append(list, say("why.cluster", named("name", c.dim, c.Value), titled("title", k.Title, k.Link), fig("count", given(float64(k.Cases), Cases, k.Link))))
		}
	}
	return list
}

func (m *making) shareOf(f fact.Filter, p place) *Figure {
	return measured(m.book, Share, Part, f.With(p.dim, p.value), f)
}

// placesOf compares the share of every value of the grounds among the cases of
// the week with the usual one.
func (m *making) placesOf(c *Change, now, past fact.Filter) []place {
	var all []place
	total, before := m.book.Total(now).Cases, m.book.Total(past).Cases
	for _, d := range grounds {
		if d == c.dim {
			continue
		}
		was := map[string]int{}
		for _, g := range m.book.By(past, d) {
			was[g.Value] = g.Cases
		}
		for _, g := range m.book.By(now, d) {
			if g.Value == "" {
				continue
			}
			p := place{dim: d, value: g.Value, count: g.Cases, was: was[g.Value]}
			p.share, p.usual = over(float64(p.count), float64(total)), over(float64(p.was), float64(before))
			p.p = differ(p.count, total, p.was, before)
			all = append(all, p)
		}
	}
	return all
}

// concentrated returns the values that are surely more frequent than usual
// (Benjamini and Hochberg over all), the largest share first.
func concentrated(all []place) []place {
	p := make([]float64, len(all))
	for i := range all {
		p[i] = all[i].p
	}
	var found []place
	for i, sure := range evidence.Discoveries(p, falseShare) {
		if sure && all[i].share >= leastShare && all[i].share >= leastLift*all[i].usual {
			found = append(found, all[i])
		}
	}
	slices.SortFunc(found, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.dim, b.dim), cmp.Compare(a.value, b.value))
	})
	return found[:min(len(found), places)]
}
