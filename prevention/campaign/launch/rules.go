package launch

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed rules.yaml
var ruleFile []byte

// ruleBook is rules.yaml after compiling.
type ruleBook struct {
	// offer matches a benefit that is promised, charge what is to be paid for it.
	offer, charge *regexp.Regexp

	kinds      map[Kind]*kindRules
	conditions []condition
	pairs      []pair
}

// kindRules is what the file says of one kind.
type kindRules struct {
	kind        Kind
	name        string
	severity    Severity
	points      int
	advice, law string
	rules       []rule
}

// rule finds what find matches unless a guard speaks against it. Guards are nil
// where the file has none.
type rule struct {
	in          string
	find        *regexp.Regexp
	severity    Severity
	advice, law string

	except, unless, unlessCopy *regexp.Regexp
}

// condition is something that rules demand and that a copy has to say.
type condition struct {
	name        string
	severity    Severity
	rules, copy *regexp.Regexp
}

// pair is a promise of the copy and what of the rules denies it.
type pair struct {
	copy, rules, unlessCopy, exceptRules *regexp.Regexp
}

// The file as written. Patterns may use its shorthands.
type (
	bookSource struct {
		Fragments  map[string]string
		Kinds      []kindSource
		Conditions []conditionSource
		Pairs      []pairSource
	}
	kindSource struct {
		Kind     Kind
		Name     string
		Severity Severity
		Points   int
		Law      string
		Advice   string
		Rules    []ruleSource
	}
	ruleSource struct {
		In         string
		Find       []string
		Severity   Severity
		Law        string
		Advice     string
		Except     []string
		Unless     []string
		UnlessCopy []string `yaml:"unless_copy"`
	}
	conditionSource struct {
		Name     string
		Severity Severity
		Rules    []string
		Copy     []string
	}
	pairSource struct {
		Copy        []string
		Rules       []string
		UnlessCopy  []string `yaml:"unless_copy"`
		ExceptRules []string `yaml:"except_rules"`
	}
)

// parseRules reads a rule file. An error names the kind and the pattern.
func parseRules(data []byte) (*ruleBook, error) {
	var src bookSource
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&src); err != nil {
		return nil, fmt.Errorf("launch rules: %w", err)
	}
	p := patterns{fragments: src.Fragments}
	b := &ruleBook{
		kinds: map[Kind]*kindRules{},
		offer: p.compile("fragment offer", []string{"<offer>"}), charge: p.compile("fragment charge", []string{"<charge>"}),
	}
	for _, k := range src.Kinds {
		if err := k.validate(b.kinds); err != nil {
			return nil, err
		}
		b.kinds[k.Kind] = p.kind(k)
	}
	for _, k := range Kinds {
		if b.kinds[k] == nil {
			return nil, fmt.Errorf("launch rules: kind %s is missing", k)
		}
	}
	for _, c := range src.Conditions {
		where := "condition " + c.Name
		b.conditions = append(b.conditions, condition{
			name: c.Name, severity: c.Severity, rules: p.compile(where, c.Rules), copy: p.compile(where, c.Copy),
		})
	}
	for i, s := range src.Pairs {
		where := fmt.Sprintf("pair %d", i+1)
		b.pairs = append(b.pairs, pair{
			copy: p.compile(where, s.Copy), rules: p.compile(where, s.Rules),
			unlessCopy: p.compile(where, s.UnlessCopy), exceptRules: p.compile(where, s.ExceptRules),
		})
	}
	return b, p.err
}

func (k *kindSource) validate(known map[Kind]*kindRules) error {
	switch {
	case !slices.Contains(Kinds, k.Kind):
		return fmt.Errorf("launch rules: kind %q is not one of %v", k.Kind, Kinds)
	case known[k.Kind] != nil:
		return fmt.Errorf("launch rules: kind %s is there twice", k.Kind)
	case k.Name == "" || k.Advice == "" || k.Points < 1:
		return fmt.Errorf("launch rules: kind %s needs a name, an advice and points above 0", k.Kind)
	case !slices.Contains(Severities, k.Severity):
		return fmt.Errorf("launch rules: kind %s: severity %q is not one of %v", k.Kind, k.Severity, Severities)
	}
	return nil
}

// patterns compiles the patterns of a file and keeps the first error.
type patterns struct {
	fragments map[string]string
	err       error
}

func (p *patterns) kind(k kindSource) *kindRules {
	out := &kindRules{kind: k.Kind, name: k.Name, severity: k.Severity, points: k.Points, advice: k.Advice, law: k.Law}
	for i, r := range k.Rules {
		where := fmt.Sprintf("%s, rule %d", k.Kind, i+1)
		if len(r.Find) == 0 && p.err == nil {
			p.err = fmt.Errorf("launch rules: %s: find is empty", where)
		}
		out.rules = append(out.rules, rule{
			in: r.In, find: p.compile(where, r.Find), severity: r.Severity, advice: r.Advice, law: r.Law,
			except: p.compile(where, r.Except), unless: p.compile(where, r.Unless), unlessCopy: p.compile(where, r.UnlessCopy),
		})
	}
	return out
}

var fragmentName = regexp.MustCompile(`<([a-z]+)>`)

// gap is what the shorthand … stands for.
const gap = `[^,。!?;:]{0,8}`

// compile makes one expression of alternatives, nil when there are none. Each
// is also compiled alone, so that an error names the pattern at fault.
func (p *patterns) compile(where string, list []string) *regexp.Regexp {
	if len(list) == 0 {
		return nil
	}
	var all []string
	for _, pattern := range list {
		expanded := strings.ReplaceAll(p.expand(pattern, 0), "…", gap)
		if _, err := regexp.Compile(expanded); err != nil && p.err == nil {
			p.err = fmt.Errorf("launch rules: %s: pattern %q: %w", where, pattern, err)
		}
		all = append(all, expanded)
	}
	joined, err := regexp.Compile(strings.Join(all, "|"))
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("launch rules: %s: %w", where, err)
	}
	return joined
}

// expand replaces the fragments, which may use fragments, three deep.
func (p *patterns) expand(pattern string, depth int) string {
	const deepest = 3
	return fragmentName.ReplaceAllStringFunc(pattern, func(ref string) string {
		fragment, ok := p.fragments[ref[1:len(ref)-1]]
		if (!ok || depth == deepest) && p.err == nil {
			p.err = fmt.Errorf("launch rules: pattern %q: fragment %s is unknown or nested too deeply", pattern, ref)
		}
		if p.err != nil {
			return ""
		}
		return "(?:" + p.expand(fragment, depth+1) + ")"
	})
}
