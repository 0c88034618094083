package pack

import (
	"fmt"
	"maps"
	"sync"

	"github.com/qianyi-dev/qianyi/nlp"
)

// lexiconPair holds the compiled words of a pack.
type lexiconPair struct {
	types *nlp.Lexicon
	// subtypes is nil when no type has sub-types.
	subtypes *nlp.Lexicon
}

// embeddedPairs compiles the words of each pack in the binary once: analysers
// and backgrounds share them, and ask them once per text.
var embeddedPairs = sync.OnceValues(func() (map[string]lexiconPair, error) {
	pairs := map[string]lexiconPair{}
	for _, code := range Codes("") {
		p, err := Load("", code)
		if err != nil {
			return nil, err
		}
		pairs[code] = lexiconPair{p.typeLexicon(), p.subtypeLexicon()}
	}
	return pairs, nil
})

// lexicons returns the compiled words of the pack.
func (p *Pack) lexicons() (lexiconPair, error) {
	if p.embedded {
		pairs, err := embeddedPairs()
		return pairs[p.Code], err
	}
	return lexiconPair{p.typeLexicon(), p.subtypeLexicon()}, nil
}

// typeLexicon is what the pack's words say about its types; the words of a
// sub-type speak for its type, too.
func (p *Pack) typeLexicon() *nlp.Lexicon {
	words := map[string]map[string]float64{}
	for _, t := range p.Types {
		all := map[string]float64{}
		for _, s := range t.Subtypes {
			maps.Copy(all, s.Words)
		}
		maps.Copy(all, t.Words)
		words[t.Code] = all
	}
	return nlp.NewLexicon(words)
}

// subtypeLexicon is nil when no type has sub-types.
func (p *Pack) subtypeLexicon() *nlp.Lexicon {
	words := map[string]map[string]float64{}
	for _, t := range p.Types {
		for _, s := range t.Subtypes {
			words[s.Code] = s.Words
		}
	}
	if len(words) == 0 {
		return nil
	}
	return nlp.NewLexicon(words)
}

// adopt makes a trained model speak in the codes of the pack: its labels may
// be codes or Chinese names.
func (p *Pack) adopt(m *nlp.Model) (*nlp.Model, error) {
	labels, found := m.Labels(nlp.TaskType)
	if !found {
		return nil, fmt.Errorf("does not know types; train one with --task type")
	}
	code := map[string]string{}
	for _, t := range p.Types {
		code[t.Name], code[t.Code] = t.Code, t.Code
	}
	for _, l := range labels {
		if code[l] == "" {
			return nil, fmt.Errorf("label %q is no type of pack %s", l, p.Code)
		}
	}
	return m.Relabel(nlp.TaskType, code)
}
