package wording

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
	fragments map[string]*regexp.Regexp
	kinds     map[Kind]*kindRules
	slots     []slot
}

// kindRules is what the file says of one kind.
type kindRules struct {
	name   string
	points int
	advice string
	rules  []rule
}

// rule flags what find matches unless a guard speaks against it. Guards are nil
// where the file has none.
type rule struct {
	find   *regexp.Regexp
	advice string

	sentence, lead, before, reply, complaint *regexp.Regexp
}

// slot is a fact that a reply may ask for although the complaint has it.
type slot struct {
	// ask matches the words that ask for it, known the complaints that have it.
	ask, known, unless *regexp.Regexp
	// entity is the kind of entity that also makes it known, "" for none;
	// demand says that a demand of the customer does.
	entity string
	demand bool
}

// The file as written. Patterns may use its shorthands.
type (
	bookSource struct {
		Fragments map[string]string
		Kinds     []kindSource
		Slots     []slotSource
	}
	kindSource struct {
		Kind   Kind
		Name   string
		Points int
		Advice string
		Rules  []ruleSource
	}
	ruleSource struct {
		Find            []string
		Advice          string
		Unless          []string
		UnlessLead      []string `yaml:"unless_lead"`
		UnlessBefore    []string `yaml:"unless_before"`
		UnlessReply     []string `yaml:"unless_reply"`
		UnlessComplaint []string `yaml:"unless_complaint"`
	}
	slotSource struct {
		Name   string
		Ask    []string
		Known  []string
		Unless []string
		Entity string
		Demand bool
	}
)

// parseRules reads a rule file. An error names the kind and the pattern.
func parseRules(data []byte) (*ruleBook, error) {
	var src bookSource
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&src); err != nil {
		return nil, fmt.Errorf("wording rules: %w", err)
	}
	p := patterns{fragments: src.Fragments}
	b := &ruleBook{fragments: map[string]*regexp.Regexp{}, kinds: map[Kind]*kindRules{}}
	for name, pattern := range src.Fragments {
		b.fragments[name] = p.compile("fragment "+name, []string{pattern})
	}
	for _, name := range usedFragments {
		if b.fragments[name] == nil {
			return nil, fmt.Errorf("wording rules: the fragment %q is missing", name)
		}
	}
	for _, k := range src.Kinds {
		switch {
		case !slices.Contains(Kinds, k.Kind):
			return nil, fmt.Errorf("wording rules: kind %q is not one of %v", k.Kind, Kinds)
		case k.Name == "" || k.Advice == "" || k.Points < 1:
			return nil, fmt.Errorf("wording rules: kind %s needs a name, an advice and points above 0", k.Kind)
		case b.kinds[k.Kind] != nil:
			return nil, fmt.Errorf("wording rules: kind %s is there twice", k.Kind)
		}
		b.kinds[k.Kind] = p.kind(k)
	}
	for _, s := range src.Slots {
		b.slots = append(b.slots, slot{
			entity: s.Entity, demand: s.Demand,
			ask:    p.compile("slot "+s.Name, s.Ask),
			known:  p.compile("slot "+s.Name, s.Known),
			unless: p.compile("slot "+s.Name, s.Unless),
		})
	}
	if p.err != nil {
		return nil, p.err
	}
	for _, k := range Kinds {
		if b.kinds[k] == nil {
			return nil, fmt.Errorf("wording rules: kind %s is missing", k)
		}
	}
	return b, nil
}

// patterns compiles the patterns of a file and keeps the first error.
type patterns struct {
	fragments map[string]string
	err       error
}

func (p *patterns) kind(k kindSource) *kindRules {
	out := &kindRules{name: k.Name, points: k.Points, advice: k.Advice}
	for i, r := range k.Rules {
		where := fmt.Sprintf("%s, rule %d", k.Kind, i+1)
		if len(r.Find) == 0 && p.err == nil {
			p.err = fmt.Errorf("wording rules: %s: find is empty", where)
		}
		out.rules = append(out.rules, rule{
			find:      p.compile(where, r.Find),
			advice:    r.Advice,
			sentence:  p.compile(where, r.Unless),
			lead:      p.compile(where, r.UnlessLead),
			before:    p.compile(where, r.UnlessBefore),
			reply:     p.compile(where, r.UnlessReply),
			complaint: p.compile(where, r.UnlessComplaint),
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
		expanded := p.expand(pattern, 0)
		if _, err := regexp.Compile(expanded); err != nil && p.err == nil {
			p.err = fmt.Errorf("wording rules: %s: pattern %q: %w", where, pattern, err)
		}
		all = append(all, expanded)
	}
	joined, err := regexp.Compile(strings.Join(all, "|"))
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("wording rules: %s: %w", where, err)
	}
	return joined
}

// expand replaces the shorthands. Fragments may use fragments, three deep.
func (p *patterns) expand(pattern string, depth int) string {
	const deepest = 3
	pattern = fragmentName.ReplaceAllStringFunc(pattern, func(ref string) string {
		name := ref[1 : len(ref)-1]
		fragment, ok := p.fragments[name]
		if (!ok || depth == deepest) && p.err == nil {
			p.err = fmt.Errorf("wording rules: pattern %q: fragment %s is unknown or nested too deeply", pattern, ref)
		}
		if p.err != nil {
			return ""
		}
		return "(?:" + p.expand(fragment, depth+1) + ")"
	})
	if depth > 0 {
		return pattern
	}
	return strings.NewReplacer("您", "[您你]", "…", gap).Replace(pattern)
}
