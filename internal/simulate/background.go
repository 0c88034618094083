package simulate

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// background is the stock that ordinary complaints are drawn from.
type background struct {
	kinds  []*kind
	lists  []map[string][]string // of the kinds, without the words of incidents
	items  []corpus.Item
	orders []order
}

// order is the template of a work order and the kinds of its industry, whose
// products it may name.
type order struct {
	typ, text string
	kinds     []*kind
}

func (g *generator) stock() *background {
	b := &background{kinds: g.kinds}
	for _, k := range g.kinds {
		b.lists = append(b.lists, g.without(k, sortedKeys(k.Slots)))
	}
	var themes []string
	for _, i := range g.lib.Industries {
		if !slices.Contains(g.Industries, i.Name) {
			continue
		}
		themes = append(themes, i.Corpus...)
		kinds := g.lib.kindsOf([]string{i.Name})
		for _, o := range i.Orders {
			b.orders = append(b.orders, order{o.Type, o.Text, kinds})
		}
	}
	for _, it := range g.lib.corpus {
		if slices.Contains(themes, it.Industry) {
			b.items = append(b.items, it)
		}
	}
	return b
}

// ofType returns what of the stock is about one type.
func (b *background) ofType(typ string) *background {
	t := &background{}
	for i, k := range b.kinds {
		if k.Type == typ {
			t.kinds, t.lists = append(t.kinds, k), append(t.lists, b.lists[i])
		}
	}
	for _, it := range b.items {
		if it.Type == typ {
			t.items = append(t.items, it)
		}
	}
	for _, o := range b.orders {
		if o.typ == typ {
			t.orders = append(t.orders, o)
		}
	}
	return t
}

// share is that of the type among what is drawn from the stock.
func (b *background) share(typ string, shares *Background) float64 {
	t := b.ofType(typ)
	part := func(n, all int) float64 { return float64(n) / float64(max(all, 1)) }
	return shares.Everyday*part(len(t.kinds), len(b.kinds)) + shares.Corpus*part(len(t.items), len(b.items)) +
		(1-shares.Everyday-shares.Corpus)*part(len(t.orders), len(b.orders))
}

// counterShare is the part of the work orders that were written at a counter.
const counterShare = .13

// makeBackground draws what is complained of on every day.
func (g *generator) makeBackground() {
	r, stock := g.stream(partBackground), g.stock()
	for n := range g.Days {
		for range poisson(r, g.volume(n)) {
			g.report(g.ordinaryComplaint(r, stock, r.IntN(len(g.customers)), g.moment(r, n)), nobody)
		}
	}
}

// ordinaryComplaint draws from the stock by the shares of the scenario; what
// the stock does not have is left to templated work orders or, without those,
// to the rest.
func (g *generator) ordinaryComplaint(r *rand.Rand, b *background, customer int, at time.Time) triage.Complaint {
	x := r.Float64()
	switch {
	case len(b.kinds) > 0 && x < g.Background.Everyday, len(b.items) == 0 && len(b.orders) == 0:
		i := r.IntN(len(b.kinds))
		return g.complain(r, b.kinds[i], b.lists[i], nil, customer, at)
	case len(b.items) > 0 && x < g.Background.Everyday+g.Background.Corpus, len(b.orders) == 0:
		c := g.blank(r, customer, at)
		c.Text = pick(r, b.items).Text
		return c
	}
	return g.workOrder(r, pick(r, b.orders), customer, at)
}

// workOrder is what an agent types into a form.
func (g *generator) workOrder(r *rand.Rand, o order, customer int, at time.Time) triage.Complaint {
	c := g.blank(r, customer, at)
	c.Channel = triage.ChannelHotline
	if r.Float64() < counterShare {
		c.Channel = triage.ChannelCounter
	}
	s := g.lib.speaker(r, nil, map[string]string{"region": g.customers[customer].Region, "date": lately(r, at)})
	c.Text = s.say(o.text)
	if r.Float64() < g.Background.Named {
		k := pick(r, o.kinds)
		named := g.lib.speaker(r, k.Slots, s.values)
		c.Product, c.Campaign = named.say(k.Product), named.say(k.Campaign)
	}
	return c
}
