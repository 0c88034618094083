package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage/wording/tone"
)

// ear hears in sentences what no pattern has foreseen.
type ear struct {
	model *tone.Model
	kinds []Kind // of the model's scores
}

func newEar() (*ear, error) {
	model, err := tone.Shipped()
	if err != nil {
		return nil, err
	}
	e := &ear{model: model}
	for _, name := range model.Kinds() {
		if !slices.Contains(Kinds, Kind(name)) {
			return nil, fmt.Errorf("the tone model knows %q, which is not one of %v", name, Kinds)
		}
		e.kinds = append(e.kinds, Kind(name))
	}
	return e, nil
}

// How far on the side of the mistake a sentence must be. A clause has less to
// judge by and must be further.
const (
	sentenceBar = -0.15
	clauseBar   = sentenceBar + 0.3
	// questionBar is higher: no kind is as much like its proper counterpart as
	// questions are.
	questionBar = 0.0
	// ruleBar is below what any right match of a rule had; what sounds less like
	// the kind is a proper sentence that happens to have the words.
	ruleBar = -0.6
	// shortestClause in characters that is judged alone.
	shortestClause = 5
)

// hearing is what a sentence sounds like, by kind.
type hearing map[Kind]impression

// impression is how much a sentence sounds like a kind, on the scale of
// sentenceBar, and the clause or sentence that does.
type impression struct {
	score float64
	place span
}

// rulesOut says whether the sentence sounds so unlike the kind that the words
// of a rule must mean something else. Of evasion, which is in what a reply
// leaves out, one sentence tells little.
func (h hearing) rulesOut(kind Kind) bool {
	i, known := h[kind]
	return known && kind != Evading && i.score < ruleBar
}

// listen judges every sentence, and its clauses where they say more.
func (e *ear) listen(r *reply) []hearing {
	list := make([]hearing, len(r.sentences))
	for i, s := range r.sentences {
		list[i] = hearing{}
		for k, score := range e.model.Scores(r.own(s)) {
			list[i][e.kinds[k]] = impression{score, s}
		}
		clauses := clausesOf(r.Text, s)
		if len(clauses) == 1 {
			continue
		}
		for _, clause := range clauses {
			own := r.own(clause)
			if utf8.RuneCountInString(own) < shortestClause {
				continue
			}
			for k, score := range e.model.Scores(own) {
				score -= clauseBar - sentenceBar
				if score > list[i][e.kinds[k]].score {
					list[i][e.kinds[k]] = impression{score, clause}
				}
			}
		}
	}
	return list
}

// byEar returns flags of the kinds that a sentence sounds like, where no rule
// has seen that kind.
func (c *Checker) byEar(r *reply, m *matter, heard []hearing, seen []Flag) []Flag {
	var flags []Flag
	for n, s := range r.sentences {
		for _, kind := range c.ear.kinds {
			sound := heard[n][kind]
			if sound.score < bar(kind) || c.excused(kind, r, m, s) {
				continue
			}
			f := r.flag(kind, sound.place, c.book.kinds[kind].advice)
			known := slices.ContainsFunc(seen, func(o Flag) bool { return o.Kind == kind && o.Start < f.End && f.Start < o.End })
			if f.Start < f.End && !known {
				flags = append(flags, f)
			}
		}
	}
	return flags
}

// bar is the score from which a sentence is flagged as a kind.
func bar(kind Kind) float64 {
	if kind == MeaninglessQuestion {
		return questionBar
	}
	return sentenceBar
}

// excused says whether the rest of the reply makes the sentence proper: what
// guards the first rule of its kind guards against hearing it too.
func (c *Checker) excused(kind Kind, r *reply, m *matter, s span) bool {
	sentence := r.Text[s.start:s.end]
	guard := &c.book.kinds[kind].rules[0]
	if matches(guard.sentence, sentence) || matches(guard.before, r.Text[:s.end]) ||
		matches(guard.reply, r.Text) || matches(guard.complaint, m.normal) {
		return true
	}
	switch kind {
	case PrematureAdmission:
		return condition.MatchString(sentence)
	case Evading:
		return !m.known() || c.concrete(r) || c.states(r, fairStatement)
	}
	return false
}

// condition makes an admission one that waits for the facts.
var condition = regexp.MustCompile(`如果|若|要是|倘若|假如|一旦|万一|是否`)

// clausesOf cuts a sentence at its commas.
func clausesOf(text string, s span) []span {
	var list []span
	start := s.start
	for start < s.end {
		n := strings.IndexByte(text[start:s.end], ',')
		if n < 0 {
			break
		}
		list = append(list, span{start, start + n})
		start += n + 1
	}
	return append(list, span{start, s.end})
}

// own returns the words of a span that are the agent's own.
func (r *reply) own(s span) string {
	var b strings.Builder
	at := s.start
	for _, o := range r.borrowed {
		if o.start < at || o.end > s.end {
			continue
		}
		b.WriteString(r.Text[at:o.start])
		at = o.end
	}
	b.WriteString(r.Text[at:s.end])
	return b.String()
}
