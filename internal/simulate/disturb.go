package simulate

import (
	"math/rand/v2"
	"time"
)

// disturb adds what is no incident. A surge is part of the background's volume.
func (g *generator) disturb() {
	r, stock := g.stream(partDisturbances), g.stock()
	for i, d := range g.Disturbances {
		owner := nobody - 1 - i
		switch d.Kind {
		case Promotion:
			g.promote(r, d, stock, owner)
		case Serial:
			g.insist(r, d, owner)
		case Copies:
			g.spread(r, d, owner)
		}
	}
}

// promote adds complaints of one type: as many as there would be anyway, times
// the factor less one.
func (g *generator) promote(r *rand.Rand, d Disturbance, stock *background, owner int) {
	about := stock.ofType(d.Type)
	if len(about.kinds)+len(about.items)+len(about.orders) == 0 {
		return
	}
	for n := d.From; n < d.To; n++ {
		mean := g.volume(n) * stock.share(d.Type, &g.Background) * (d.Factor - 1)
		for range poisson(r, mean) {
			g.report(g.ordinaryComplaint(r, about, r.IntN(len(g.customers)), g.moment(r, n)), owner)
		}
	}
}

// insist lets one customer send many messages about one grievance.
func (g *generator) insist(r *rand.Rand, d Disturbance, owner int) {
	customer := r.IntN(len(g.customers))
	s := g.lib.speaker(r, nil, map[string]string{"region": g.customers[customer].Region})
	s.values["subject"] = s.say(pick(r, g.lib.Serial.Subjects))
	for range d.Messages {
		c := g.blank(r, customer, g.moment(r, d.From+r.IntN(d.To-d.From)))
		c.Text = roughen(r, s.say(pick(r, g.lib.Serial.Messages)))
		g.report(c, owner)
	}
}

// spread lets many customers send one text, most within the first hours.
func (g *generator) spread(r *rand.Rand, d Disturbance, owner int) {
	text := g.lib.speaker(r, nil, nil).say(pick(r, g.lib.Copied))
	from, span := g.moment(r, d.From), time.Duration(d.To-d.From)*day
	for _, customer := range sample(r, g.residents(nil), min(d.Messages, len(g.customers))) {
		x := r.Float64()
		at := from.Add(time.Duration(x * x * float64(span))).Truncate(time.Second)
		if !at.Before(g.end) {
			continue
		}
		c := g.blank(r, customer, at)
		c.Text = text
		g.report(c, owner)
	}
}
