package cohort

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

const (
	// leastPeople is the smallest number of complainants that make a rule.
	leastPeople = 3
	// leastPart is the part of the known complainants that a rule must explain.
	leastPart = 1.0 / 3
	// maxLeads bounds the patterns that are extended.
	maxLeads = 6
)

// threshold is ln 20: a rule is told when chance makes one as good for at most
// one cluster in twenty, by a bound that is several times too high.
var threshold = math.Log(20)

// Find looks for the smallest exact rule that explains the complainants. It
// reads their exposures once and scans those of all customers, of the kinds
// that several complainants have, twice; memory grows with the number of
// complainants, not with that of the exposures. The same records give the same
// answer. An error is one of the sources or of the context.
func Find(ctx context.Context, src Sources, complainants []Complainant, o Options) (Finding, error) {
	people, since, err := gather(ctx, src, complainants, o)
	none := Finding{Complainants: len(people), PValue: 1}
	if err != nil || len(people) < leastPeople {
		return none, err
	}
	patterns := shared(people, leastPeople)
	people = known(people, kindsOf(patterns))
	none.Known = len(people)
	if len(people) < leastPeople || len(patterns) == 0 {
		return none, nil
	}
	s, err := look(ctx, src, patterns, since, o)
	if err != nil {
		return none, err
	}
	f := &finder{src: src, o: o, since: since, people: people, patterns: patterns, survey: s}
	leads := f.leads()
	if err := f.sampleMembers(ctx, leads); err != nil {
		return none, err
	}
	least, err := f.regional(ctx)
	if err != nil {
		return none, err
	}
	var best *lead
	for _, l := range leads {
		if err := f.extend(ctx, l); err != nil {
			return none, err
		}
		if best == nil || l.plain > best.plain {
			best = l
		}
	}
	if best == nil || best.score-max(0, least) < threshold {
		return none, nil
	}
	return f.finding(ctx, best, complainants, none)
}

// finder is one search.
type finder struct {
	src      Sources
	o        Options
	since    time.Time
	people   []*person // known ones
	patterns []pattern
	survey   *survey
}

// lead is a rule that grows: a pattern since a time, then regions or further
// exposures.
type lead struct {
	p       int
	from    time.Time
	to      time.Time
	more    []int // further patterns
	regions []string
	matched []*person
	members *sample
	// score is the excess less the logarithm of the choices; plain is less than
	// that for all beyond a kind and key, for a rule is no longer than it must be.
	score, plain float64
}

// leads returns the best patterns, best first; of two that explain alike the
// shorter one.
func (f *finder) leads() []*lead {
	var list []*lead
	for p := range f.patterns {
		q := &f.patterns[p]
		if !f.survey.telling(q) {
			continue
		}
		times := timesOf(f.people, q)
		t := f.survey.bestStart(p, f.people, times, f.survey.choices(q))
		if !f.enough(t.people) {
			continue
		}
		list = append(list, &lead{p: p, from: t.from, score: t.score, plain: t.plain() - f.survey.detail(q) - f.anyKey(q)})
	}
	slices.SortStableFunc(list, func(a, b *lead) int {
		pa, pb := &f.patterns[a.p], &f.patterns[b.p]
		return cmp.Or(cmp.Compare(b.plain, a.plain), cmp.Compare(len(pa.attrs), len(pb.attrs)))
	})
	list = list[:min(len(list), maxLeads)]
	for _, l := range list {
		times := timesOf(f.people, &f.patterns[l.p])
		l.from, l.to = f.survey.edges(l.p, l.from, f.people, times, f.o.Now)
		l.matched = f.matching(f.people, l.p, l.from, l.to)
		l.members = newSample(memberSample)
	}
	return list
}

// anyKey is the price of a pattern of any key: that trouble is in all of them
// has to be shown.
func (f *finder) anyKey(p *pattern) float64 {
	if p.key == "" {
		return threshold
	}
	return 0
}

func (f *finder) enough(people int) bool {
	return people >= leastPeople && float64(people) >= leastPart*float64(len(f.people))
}

// matching returns the people with an exposure of the pattern in the time.
func (f *finder) matching(people []*person, p int, from, to time.Time) []*person {
	return slices.DeleteFunc(slices.Clone(people), func(q *person) bool {
		return !q.had(&f.patterns[p], from, until(to, f.o.Now))
	})
}

// rule puts a lead into words of the domain.
func (f *finder) rule(l *lead) prevention.Rule {
	c := f.patterns[l.p].condition()
	c.From, c.To = l.from, l.to
	r := prevention.Rule{Conditions: []prevention.Condition{c}, Regions: l.regions}
	for _, p := range l.more {
		r.Conditions = append(r.Conditions, f.patterns[p].condition())
	}
	return r
}

func (f *finder) finding(ctx context.Context, l *lead, complainants []Complainant, result Finding) (Finding, error) {
	rule := f.rule(l)
	reasons, err := Explain(ctx, f.src, rule, complainants, f.o.Now)
	if err != nil {
		return result, err
	}
	result.Found = true
	result.Rule = rule
	result.Evidence = reasons
	result.Explained = len(l.matched)
	result.LLR = l.score
	result.PValue = math.Exp(-l.score)
	return result, nil
}
