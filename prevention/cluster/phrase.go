package cluster

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

const (
	// A phrase has at most maxPhraseWords words and maxPhraseRunes characters.
	maxPhraseWords = 6
	maxPhraseRunes = 10
	// edgeShare is the share of all texts above which a word neither begins nor
	// ends a phrase, unless it is in edgeLeast texts or fewer.
	edgeShare = 0.1
	edgeLeast = 8
	// tightShare is how many times as many texts as the issue has may have two
	// characters for them to belong together.
	tightShare = 1.5
	// nameEnds stand at the end of the name of a place, never at its beginning.
	nameEnds = "省市区县镇乡村街路号栋期线"
)

// phrase is a run of words in the heads of some members.
type phrase struct {
	text    string
	runes   int
	members int
	// elsewhere is the most texts of the stream that can have it: as many as
	// have its rarest part.
	elsewhere float64
	strength  float64
	last      uint32 // member that counted last
	// parts are the phrase without its last and without its first word, longer
	// the most members that have one more word of it.
	parts  [2]string
	longer int
}

// word is a word of a head.
type word struct {
	// text is as the customer wrote it, norm as it is compared.
	text, norm string
	// df is the number of texts with the word, joint with the two characters
	// where it meets the word before; +Inf where that is not counted.
	df, joint float64
	single    bool
}

// phraseBook counts the runs of words in the heads of an issue's members.
type phraseBook struct {
	known map[string]*phrase
	list  []*phrase // in the order of their first appearance
	// common is the df above which a word is no edge of a phrase, tight the
	// one up to which two characters belong together.
	common, tight float64
}

func (s *Stream) phrases(x *issue, members []uint32) []*phrase {
	b := phraseBook{
		known:  map[string]*phrase{},
		common: max(edgeShare*s.rarity.n(), edgeLeast),
		tight:  tightShare * float64(len(x.members)),
	}
	for _, seq := range members {
		for _, run := range s.runs(s.memory.entry(seq).head) {
			b.add(run, seq)
		}
	}
	for _, p := range b.list {
		for _, part := range p.parts {
			if q := b.known[part]; q != nil {
				q.longer = max(q.longer, p.members)
			}
		}
	}
	return b.list
}

// add counts the phrases of a run for one member.
func (b *phraseBook) add(run []word, member uint32) {
	for i := range run {
		for j := i + 1; j <= min(len(run), i+maxPhraseWords); j++ {
			text, norm := joined(run[i:j])
			n := utf8.RuneCountInString(norm)
			if n > maxPhraseRunes {
				break
			}
			if n < 2 || !b.wellCut(run[i:j]) {
				continue
			}
			p := b.known[norm]
			if p == nil {
				p = &phrase{text: text, runes: n, elsewhere: rarest(run[i:j]), last: nowhere}
				p.parts = [2]string{norm[:len(norm)-len(run[j-1].norm)], norm[len(run[i].norm):]}
				b.known[norm] = p
				b.list = append(b.list, p)
			}
			if p.last != member {
				p.last = member
				p.members++
			}
		}
	}
}

// wellCut says whether a phrase may begin and end where it does: not with a
// common word, and with a single character only as part of a name.
func (b *phraseBook) wellCut(words []word) bool {
	n := len(words)
	first, last := words[0], words[n-1]
	if !first.single && first.df > b.common || !last.single && last.df > b.common {
		return false
	}
	if first.single {
		if strings.Contains(functionWords+nameEnds, first.norm) || !words[1].single && words[1].joint > b.tight {
			return false
		}
	}
	if last.single {
		named := words[n-2].single || strings.Contains(nameEnds, last.norm) || last.joint <= b.tight
		return named && !strings.Contains(functionWords, last.norm)
	}
	return true
}

func joined(words []word) (text, norm string) {
	var a, b strings.Builder
	for _, w := range words {
		a.WriteString(w.text)
		b.WriteString(w.norm)
	}
	return a.String(), b.String()
}

func rarest(words []word) float64 {
	least := words[0].df
	for _, w := range words[1:] {
		least = min(least, w.df, w.joint)
	}
	return least
}

// runs cuts a head into words, a new run at each mark, blank and number.
func (s *Stream) runs(head string) (runs [][]word) {
	n := nlp.Normalize(head)
	original := []rune(head)
	var run []word
	covered := 0
	for _, k := range s.options.Tokenizer.SearchTokens(nil, n.Text) {
		if k.Start < covered { // part of the word before
			continue
		}
		covered = k.End
		norm := n.Text[k.Start:k.End]
		if !hasLetter(norm) || strings.Trim(norm, "0123456789") == "" {
			if len(run) > 0 {
				runs = append(runs, run)
			}
			run = nil
			continue
		}
		from, to := n.Span(k.Start, k.End)
		w := word{text: string(original[from:to]), norm: norm, df: math.Inf(1), single: isSingle(norm)}
		if !w.single {
			w.df = s.rarity.df(hash(norm, wordSeed))
		}
		if len(run) > 0 {
			w.joint = s.joint(run[len(run)-1], w)
		}
		run = append(run, w)
	}
	if len(run) > 0 {
		runs = append(runs, run)
	}
	return runs
}

// joint is the number of texts with the two characters where two words meet.
func (s *Stream) joint(a, b word) float64 {
	if strings.Contains(functionWords, a.norm) || strings.Contains(functionWords, b.norm) {
		return math.Inf(1)
	}
	_, before := utf8.DecodeLastRuneInString(a.norm)
	_, after := utf8.DecodeRuneInString(b.norm)
	return s.rarity.df(hash(a.norm[len(a.norm)-before:]+b.norm[:after], pairSeed))
}
