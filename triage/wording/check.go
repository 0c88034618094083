package wording

import (
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/qianyi-dev/qianyi/nlp"
)

// Checker checks replies. It is immutable and safe for concurrent use.
type Checker struct {
	book     *ruleBook
	entities *nlp.EntityFinder
	ear      *ear
}

// Matter is what is known of the complaint that a reply answers, usually taken
// from its assessment. The zero Matter switches off the checks that compare
// reply and complaint.
type Matter struct {
	Text     string
	Demand   nlp.Demand
	Entities []nlp.Entity
}

// shippedRules compiles rules.yaml once; that it compiles is tested.
var shippedRules = sync.OnceValues(func() (*ruleBook, error) { return parseRules(ruleFile) })

// New returns a checker with the rules of the binary.
func New() (*Checker, error) {
	book, err := shippedRules()
	if err != nil {
		return nil, err
	}
	ear, err := newEar()
	if err != nil {
		return nil, err
	}
	return &Checker{book: book, entities: nlp.NewEntityFinder(nlp.EntityLexicon{}), ear: ear}, nil
}

// Check judges a reply; any bytes will do. Each pattern takes linear time (RE2).
// An empty reply to a complaint is evasive, an empty reply to nothing is fine.
func (c *Checker) Check(text string, about Matter) Report {
	r := newReply(text)
	m := newMatter(about)
	heard := c.ear.listen(r)
	var flags []Flag
	for _, kind := range Kinds {
		flags = append(flags, c.byRules(kind, r, m, heard)...)
	}
	flags = append(flags, c.questions(r, m)...)
	flags = append(flags, c.leaks(r)...)
	flags = append(withoutNested(mergeFlags(flags)), c.byEar(r, m, heard, flags)...)
	if f, evades := c.evasion(r, m, flags); evades {
		flags = append(flags, f)
	}
	return c.report([]rune(text), flags)
}

// byRules returns the flags that the file alone gives, from the sentences that
// may be of the kind by their sound.
func (c *Checker) byRules(kind Kind, r *reply, m *matter, heard []hearing) []Flag {
	known := c.book.kinds[kind]
	var flags []Flag
	for n := range known.rules {
		rule := &known.rules[n]
		if matches(rule.reply, r.Text) || matches(rule.complaint, m.normal) {
			continue
		}
		advice := rule.advice
		if advice == "" {
			advice = known.advice
		}
		for i, s := range r.sentences {
			if heard[i].rulesOut(kind) {
				continue
			}
			for _, at := range rule.in(r, s) {
				if kind != PersonalData && at.within(r.borrowed) {
					continue
				}
				flags = append(flags, r.flag(kind, at, advice))
			}
		}
	}
	return flags
}

// in returns the matches of the rule in one sentence that no guard excuses.
func (rule *rule) in(r *reply, s span) []span {
	sentence := r.Text[s.start:s.end]
	found := rule.find.FindAllStringIndex(sentence, -1)
	if len(found) == 0 || matches(rule.sentence, sentence) {
		return nil
	}
	var list []span
	for _, f := range found {
		at := span{s.start + f[0], s.start + f[1]}
		if f[0] == f[1] || matches(rule.lead, sentence[:f[0]]) || matches(rule.before, r.Text[:at.end]) {
			continue
		}
		list = append(list, at)
	}
	return list
}

func matches(re *regexp.Regexp, text string) bool { return re != nil && re.MatchString(text) }

// report orders and merges the flags and counts the points.
func (c *Checker) report(text []rune, flags []Flag) Report {
	out := Report{Score: bestScore, Reasons: []string{}, Flags: mergeFlags(flags)}
	counts := map[Kind]int{}
	for i := range out.Flags {
		f := &out.Flags[i]
		f.Text = string(text[f.Start:f.End])
		counts[f.Kind]++
	}
	kinds := slices.DeleteFunc(slices.Clone(Kinds), func(k Kind) bool { return counts[k] == 0 })
	slices.SortStableFunc(kinds, func(a, b Kind) int { return c.book.kinds[b].points - c.book.kinds[a].points })
	for _, k := range kinds {
		known := c.book.kinds[k]
		out.Score = max(worstScore, out.Score-known.points)
		out.Reasons = append(out.Reasons, fmt.Sprintf("%s %d 处，扣 %d 分", known.name, counts[k], known.points))
	}
	return out
}

// mergeFlags sorts by place and joins flags of one kind that overlap.
func mergeFlags(flags []Flag) []Flag {
	slices.SortStableFunc(flags, byPlace)
	merged := []Flag{}
	last := map[Kind]int{}
	for _, f := range flags {
		i, seen := last[f.Kind]
		if seen && f.Start < merged[i].End {
			merged[i].End = max(merged[i].End, f.End)
			continue
		}
		last[f.Kind] = len(merged)
		merged = append(merged, f)
	}
	return merged
}

// withoutNested leaves out what lies inside a longer flag of another kind: the
// longer reading is the more specific one. An evasion is about what is not
// there and covers nothing.
func withoutNested(flags []Flag) []Flag {
	kept := []Flag{}
	for i := range flags {
		f := &flags[i]
		nested := f.Kind != PersonalData && slices.ContainsFunc(flags, func(o Flag) bool {
			return o.Kind != f.Kind && o.Kind != Evading && o.Start <= f.Start && f.End <= o.End && o.End-o.Start > f.End-f.Start
		})
		if !nested {
			kept = append(kept, *f)
		}
	}
	return kept
}
