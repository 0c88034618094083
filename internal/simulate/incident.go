package simulate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// incident is a planned incident with all its slots filled.
type incident struct {
	*Incident
	kind   *kind
	values map[string]string
	mark   Mark
	also   *Mark
	name   string
	stream *rand.Rand
}

// outcome is what the problem does to one affected customer. It is decided for
// all of them, so that Told can ask what would have been.
type outcome struct {
	incident int
	customer int
	// at is when the customer complains, who does with a probability of risk.
	at       time.Time
	risk     float64
	complain bool
	// complaint is the index of the one that came of it, none without.
	complaint int
}

// makeIncidents fills the slots that name the incidents, before ordinary life
// is drawn, which has to keep away from them.
func (g *generator) makeIncidents() {
	for i := range g.Incidents {
		plan := &g.Incidents[i]
		in := incident{Incident: plan, kind: g.lib.kinds[plan.Kind], stream: g.stream(partIncidents + part(i))}
		s := g.lib.speaker(in.stream, in.kind.Slots, plan.Values)
		if in.kind.Regions == 1 {
			s.values["region"] = plan.Regions[0]
		}
		for _, slot := range sortedKeys(in.kind.Slots) {
			s.value(slot)
		}
		in.mark = in.kind.Exposure.fill(s)
		if in.kind.Also != nil {
			also := in.kind.Also.fill(s)
			in.also = &also
		}
		in.name = s.say(in.kind.Name)
		in.values = maps.Clone(s.values)
		g.incidents = append(g.incidents, in)
	}
}

// plant gives the mark to as many customers as the plan says.
func (g *generator) plant(i int) error {
	in := &g.incidents[i]
	home := g.residents(in.Regions)
	if in.Exposed > len(home) {
		return fieldErrorf(fmt.Sprintf("incidents[%d].exposed", i), "%d is more than the %d customers who live there", in.Exposed, len(home))
	}
	extra := mark{Attrs: in.kind.Extra}
	for _, c := range sample(in.stream, home, in.Exposed) {
		at := g.moment(in.stream, in.From+in.stream.IntN(in.To-in.From))
		m := in.mark
		m.Attrs = extra.fill(g.lib.speaker(in.stream, in.kind.Words, in.values)).Attrs
		maps.Copy(m.Attrs, in.mark.Attrs)
		g.expose(c, m, at)
		if in.also != nil {
			g.expose(c, *in.also, g.moment(in.stream, in.stream.IntN(in.To)))
		}
	}
	return nil
}

// residents returns the customers of the regions, or all.
func (g *generator) residents(regions []string) []int {
	var list []int
	for i := range g.customers {
		if len(regions) == 0 || slices.Contains(regions, g.customers[i].Region) {
			list = append(list, i)
		}
	}
	return list
}

// happen decides who is affected and who complains, from the records.
func (g *generator) happen(i int) Planted {
	in := &g.incidents[i]
	p := Planted{
		ID: in.ID, Kind: in.Kind, Name: in.name, Exposure: in.mark, Also: in.also, From: in.From, To: in.To,
		Affected: []Affected{}, Unrecorded: []Affected{}, Regions: in.Regions, ComplaintIDs: []triage.ComplaintID{},
	}
	exposed := map[int]bool{}
	for _, e := range g.matching(in) {
		if exposed[e.customer] {
			continue
		}
		exposed[e.customer] = true
		if in.stream.Float64() >= in.Affected {
			continue
		}
		a := Affected{e.CustomerID, LocalTime{e.At}}
		if g.unrecorded[e.customer] {
			p.Unrecorded = append(p.Unrecorded, a)
		} else {
			p.Affected = append(p.Affected, a)
		}
		g.suffer(i, e.customer, e.At, in.Complain)
	}
	for c := range exposed {
		if !g.unrecorded[c] {
			p.Exposed++
		}
	}
	g.joinUnexposed(i, exposed)
	return p
}

// matching returns the records that carry the incident's mark, in the order of
// time.
func (g *generator) matching(in *incident) []*contact {
	from, to := g.begin.AddDate(0, 0, in.From), g.begin.AddDate(0, 0, in.To)
	also := map[int]bool{}
	if in.also != nil {
		for i := range g.exposures {
			if e := &g.exposures[i]; e.At.Before(to) && in.also.matches(&e.Exposure) {
				also[e.customer] = true
			}
		}
	}
	var list []*contact
	for i := range g.exposures {
		e := &g.exposures[i]
		switch {
		case e.At.Before(from), !e.At.Before(to), !in.mark.matches(&e.Exposure):
		case in.also != nil && !also[e.customer]:
		case len(in.Regions) > 0 && !slices.Contains(in.Regions, g.customers[e.customer].Region):
		default:
			list = append(list, e)
		}
	}
	return list
}

// suffer draws whether and when an affected customer complains, and lets it
// happen when it falls into the scenario.
func (g *generator) suffer(i, customer int, at time.Time, risk float64) {
	in := &g.incidents[i]
	o := outcome{incident: i, customer: customer, risk: risk, complain: in.stream.Float64() < risk, complaint: none}
	o.at = later(in.stream, at, in.DelayDays)
	g.outcomes = append(g.outcomes, o)
	if !o.complain || !o.at.Before(g.end) {
		return
	}
	g.report(g.incidentComplaint(in.stream, i, customer, o.at), i)
	g.reports[len(g.reports)-1].outcome = len(g.outcomes) - 1
	if in.stream.Float64() < in.Repeat {
		if again := later(in.stream, o.at, 2); again.Before(g.end) {
			g.report(g.incidentComplaint(in.stream, i, customer, again), i)
		}
	}
}

// joinUnexposed adds complaints of customers whose records do not match, so
// that they are the planned share of all.
func (g *generator) joinUnexposed(i int, exposed map[int]bool) {
	in := &g.incidents[i]
	n := 0
	for j := range g.reports {
		if g.reports[j].owner == i {
			n++
		}
	}
	days := in.To - in.From
	for range poisson(in.stream, float64(n)*in.Unexposed/(1-in.Unexposed)) {
		c := in.stream.IntN(len(g.customers))
		if !exposed[c] {
			g.suffer(i, c, g.moment(in.stream, in.From+in.stream.IntN(days)), 1)
		}
	}
}

func (g *generator) incidentComplaint(r *rand.Rand, i, customer int, at time.Time) triage.Complaint {
	in := &g.incidents[i]
	return g.complain(r, in.kind, in.kind.Words, in.values, customer, at)
}
