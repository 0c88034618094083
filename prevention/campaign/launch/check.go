package launch

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
)

// Checker checks campaigns. It is immutable and safe for concurrent use.
type Checker struct{ book *ruleBook }

// shippedRules compiles rules.yaml once; that it compiles is tested.
var shippedRules = sync.OnceValues(func() (*ruleBook, error) { return parseRules(ruleFile) })

// New returns a checker with the rules of the binary.
func New() (*Checker, error) {
	book, err := shippedRules()
	if err != nil {
		return nil, err
	}
	return &Checker{book}, nil
}

// Check judges a draft; any bytes will do. Each pattern takes linear time (RE2).
func (c *Checker) Check(d Draft) Report {
	p := &plan{Draft: d, book: c.book, copy: newText(InCopy, d.Copy), rules: newText(InRules, d.Rules)}
	for _, k := range Kinds {
		p.byRules(c.book.kinds[k])
	}
	p.conditions()
	p.charges()
	p.ending()
	p.prize()
	p.message()
	p.contradictions()
	return c.report(p.found)
}

// plan is a draft at work.
type plan struct {
	Draft
	book        *ruleBook
	copy, rules *text
	found       []Finding
}

// byRules adds the findings that the file alone gives.
func (p *plan) byRules(k *kindRules) {
	for i := range k.rules {
		r := &k.rules[i]
		if r.in != "rules" {
			p.apply(k, r, p.copy)
		}
		if r.in == "rules" || r.in == "both" {
			p.apply(k, r, p.rules)
		}
	}
}

func (p *plan) apply(k *kindRules, r *rule, t *text) {
	if matches(r.unlessCopy, t.Text) {
		return
	}
	for _, s := range t.sentences {
		words := t.Text[s.start:s.end]
		if matches(r.unless, words) {
			continue
		}
		for _, at := range r.places(words) {
			f := t.finding(k, span{s.start + at.start, s.start + at.end}, orElse(r.advice, k.advice))
			f.Severity, f.Law = orElse(r.severity, k.severity), orElse(r.law, k.law)
			p.found = append(p.found, f)
		}
	}
}

// places returns the matches in one sentence that no exception overlaps.
func (r *rule) places(words string) []span {
	var excused, list []span
	found := r.find.FindAllStringIndex(words, -1)
	if len(found) > 0 && r.except != nil {
		for _, m := range r.except.FindAllStringIndex(words, -1) {
			excused = append(excused, span{m[0], m[1]})
		}
	}
	for _, m := range found {
		at := span{m[0], m[1]}
		if at.start < at.end && !slices.ContainsFunc(excused, at.overlaps) {
			list = append(list, at)
		}
	}
	return list
}

func orElse[T ~string](a, b T) T {
	if a != "" {
		return a
	}
	return b
}

func matches(re *regexp.Regexp, text string) bool { return re != nil && re.MatchString(text) }

// add puts a finding of a kind at a place of a text.
func (p *plan) add(kind Kind, t *text, at span, advice string) *Finding {
	k := p.book.kinds[kind]
	p.found = append(p.found, t.finding(k, at, orElse(advice, k.advice)))
	return &p.found[len(p.found)-1]
}

// offer is the first benefit that the copy promises.
func (p *plan) offer() (at span, ok bool) {
	m := p.book.offer.FindStringIndex(p.copy.Text)
	if m == nil {
		return span{}, false
	}
	return span{m[0], m[1]}, true
}

// report orders and merges the findings and counts the points: a kind costs its
// points once, half of them when all its findings are of low severity.
func (c *Checker) report(found []Finding) Report {
	out := Report{Score: bestScore, Reasons: []string{}, Findings: merge(found)}
	for _, kind := range Kinds {
		n, points := 0, 0
		k := c.book.kinds[kind]
		for i := range out.Findings {
			if f := &out.Findings[i]; f.Kind == kind {
				n++
				if f.Severity == Low {
					points = max(points, k.points/2)
				} else {
					points = k.points
				}
			}
		}
		if n > 0 {
			out.Score = max(worstScore, out.Score-points)
			out.Reasons = append(out.Reasons, fmt.Sprintf("%s %d 处，扣 %d 分", k.name, n, points))
		}
	}
	return out
}

// merge sorts by place and joins findings of one kind and part that overlap, or
// that have no place.
func merge(found []Finding) []Finding {
	slices.SortStableFunc(found, byPlace)
	merged := []Finding{}
	for _, f := range found {
		i := slices.IndexFunc(merged, func(o Finding) bool {
			return o.Kind == f.Kind && o.In == f.In && (f.Start < o.End || f.Start == o.Start && f.End == o.End)
		})
		if i < 0 {
			merged = append(merged, f)
			continue
		}
		o := &merged[i]
		if f.End > o.End { // it starts inside the other one
			o.Text += string([]rune(f.Text)[o.End-f.Start:])
			o.End = f.End
		}
		if slices.Index(Severities, f.Severity) < slices.Index(Severities, o.Severity) {
			o.Severity = f.Severity
		}
		if o.Advice != f.Advice {
			o.Advice += "\n" + f.Advice
		}
	}
	return merged
}
