package detect

import (
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	shownTerms      = 8
	shownAttributes = 6
	shownMembers    = 3
	shownNeighbours = 3
	titleTerms      = 2
)

// beyondDoubt says that the fact explains the group: most of it has it, few
// others do.
func (c concentration) beyondDoubt() bool {
	return c.score >= certain && c.share < rare && 2*c.with >= c.known
}

const (
	// certain is the score from which a concentration is beyond doubt.
	certain = 4
	// rare is the share up to which a fact says anything about the few who have it.
	rare = 0.1
)

// explain fills in what makes an incident understood, from the complaints that
// are there now.
func (d *Detector) explain(x *incident, members []uint32) {
	c := &x.cluster
	common, _ := d.scan.concentrations(members, nil)
	c.Explanation.Attributes = c.Explanation.Attributes[:0:0]
	x.facts = x.facts[:0]
	for _, k := range common {
		if k.beyondDoubt() && d.scan.held[k.fact] {
			x.facts = append(x.facts, k.fact)
		}
		if k.score < 2 || len(c.Explanation.Attributes) == shownAttributes {
			continue
		}
		f := d.scan.facts.values[k.fact]
		c.Explanation.Attributes = append(c.Explanation.Attributes, prevention.Attribute{
			Field: f.Field, Value: f.Value, Share: float64(k.with) / float64(k.known), Lift: k.lift, PValue: probability(k.score),
		})
	}
	c.Type = d.typeOf(members)
	if len(x.issues) > 0 {
		d.wording(x)
	}
	if len(c.Explanation.Representatives) == 0 {
		c.Explanation.Representatives = d.spread(members)
	}
	if !x.named {
		c.Title = d.title(x)
	}
	c.Estimate = x.estimate()
}

// spread picks complaints from the whole span of a list: the first, the last and
// those between.
func (d *Detector) spread(members []uint32) []triage.ComplaintID {
	var picked []triage.ComplaintID
	n := min(len(members), shownMembers)
	for i := range n {
		picked = append(picked, d.scan.journal.record(members[i*(len(members)-1)/max(n-1, 1)]).id)
	}
	return picked
}

// wording takes terms, representatives and neighbours from the clustering.
func (d *Detector) wording(x *incident) {
	e := &x.cluster.Explanation
	e.Terms, e.Neighbours = nil, nil
	for _, t := range d.stream.Words(x.issues[0], shownTerms) {
		e.Terms = append(e.Terms, prevention.Term{Text: t.Text, Weight: t.Strength, Coverage: t.Coverage})
	}
	// The issue may be older than the rise and than what people left in it.
	e.Representatives = nil
	for _, id := range d.stream.Representatives(x.issues[0], 8*shownMembers) {
		if x.members[id] && len(e.Representatives) < shownMembers {
			e.Representatives = append(e.Representatives, id)
		}
	}
	for _, n := range d.stream.Neighbours(x.issues[0], 3*shownNeighbours) {
		y := d.byIssue[n.Issue]
		if y == nil || y == x || n.Similarity < 0.2 || len(e.Neighbours) == shownNeighbours {
			continue
		}
		e.Neighbours = append(e.Neighbours, prevention.Neighbour{
			Cluster: y.cluster.ID, Title: y.cluster.Title, Similarity: n.Similarity, LastAt: y.cluster.LastAt, Solution: y.cluster.Solution,
		})
	}
}

// typeOf is the type of most of the complaints; of equals the first by name.
func (d *Detector) typeOf(members []uint32) string {
	n := map[string]int{}
	best := ""
	for _, q := range members {
		r := d.scan.journal.record(q)
		if r == nil {
			continue
		}
		t := d.scan.kinds.values[r.kind]
		n[t]++
		if n[t] > n[best] || n[t] == n[best] && t < best {
			best = t
		}
	}
	return best
}

// title names an incident by its words or, without common words, by its facts.
func (d *Detector) title(x *incident) string {
	var parts []string
	if len(x.issues) > 0 {
		for _, t := range x.cluster.Explanation.Terms[:min(titleTerms, len(x.cluster.Explanation.Terms))] {
			parts = append(parts, t.Text)
		}
	} else {
		for _, f := range [...]uint32{x.cell.first, x.cell.second} {
			if f != 0 {
				parts = append(parts, d.scan.facts.values[f].Value)
			}
		}
		parts = append(parts, d.o.ThemeName(d.scan.kinds.values[x.cell.theme])+"类")
	}
	if len(parts) == 0 {
		return d.o.ThemeName(x.cluster.Type) + "类"
	}
	return strings.Join(parts, " · ")
}

// estimate is how many are affected: by customers who came through two channels
// where there are some, else by the rule of thumb.
func (x *incident) estimate() prevention.Estimate {
	if e, ok := cohort.Recapture(x.overlap()); ok {
		e.Affected, e.Low, e.High = max(e.Affected, x.cluster.Customers), max(e.Low, x.cluster.Customers), max(e.High, x.cluster.Customers)
		return e
	}
	return cohort.RuleOfThumb(x.cluster.Customers)
}

// overlap counts the customers of the two channels that share most, and those in
// both; of equal pairs the first by name.
func (x *incident) overlap() (first, second, both int) {
	channels := slices.Sorted(maps.Keys(x.via))
	for i, a := range channels {
		for _, b := range channels[i+1:] {
			common := 0
			for c := range x.via[a] {
				if x.via[b][c] {
					common++
				}
			}
			if common > both {
				first, second, both = len(x.via[a]), len(x.via[b]), common
			}
		}
	}
	return first, second, both
}

// poissonAtMost is the probability of n or fewer.
func poissonAtMost(n, mean float64) float64 { return mathext.GammaIncRegComp(n+1, mean) }

// probability of a score.
func probability(score float64) float64 { return math.Pow(10, -score) }
