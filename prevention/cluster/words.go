package cluster

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Term is a word or phrase that sets an issue apart.
type Term struct {
	Text string
	// Strength is the z-score of the log-odds against the whole stream, times
	// Coverage, a little more for longer phrases.
	Strength float64
	// Coverage is the share of the members, 0..1, that have it.
	Coverage float64
}

const (
	// wordMembers bounds the members of a big issue that are read for words.
	wordMembers = 60
	// leastCoverage is the share of the members that must have a term.
	leastCoverage = 0.2
	// priorTexts is the weight of the prior in imaginary texts.
	priorTexts = 10
	// phraseBonus is what each further character is worth, up to phraseRunes:
	// a title of whole phrases reads better than one of fragments.
	phraseBonus = 0.1
	phraseRunes = 8
	// longerShare is the part of a phrase's members from which a longer one
	// takes its place.
	longerShare = 0.9
	// sameShare is the part of the shorter of two terms that may also stand in
	// the longer one.
	sameShare = 0.5
)

// Words returns at most n terms, strongest first, that do not repeat each
// other; joined, the first ones make a title. They come from titles and
// beginnings of texts and are weighed by the log-odds of texts that have them,
// with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin'
// Words", Political Analysis 2008), times coverage.
func (s *Stream) Words(id ID, n int) []Term {
	x := s.find(id)
	if x == nil || n <= 0 {
		return nil
	}
	members := s.sample(x, wordMembers)
	phrases := s.phrases(x, members)
	least := int(math.Ceil(leastCoverage * float64(len(members))))
	if len(members) > 2 {
		least = max(least, 2)
	}
	here := float64(len(members))
	there := max(s.rarity.n()-float64(len(x.members)), 1)
	list := phrases[:0]
	for _, p := range phrases {
		if p.members < least || float64(p.longer) >= longerShare*float64(p.members) {
			continue
		}
		coverage := float64(p.members) / here
		z := logOdds(float64(p.members), here, min(max(p.elsewhere-coverage*float64(len(x.members)), 0), there), there)
		bonus := 1 + phraseBonus*float64(min(p.runes, phraseRunes)-2)
		if p.strength = z * coverage * bonus; p.strength > 0 {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *phrase) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(b.runes, a.runes), cmp.Compare(a.text, b.text))
	})
	return choose(list, n, len(members))
}

// logOdds is the z-score of the difference in log-odds of a term that y of n
// texts have here and z of m texts elsewhere.
func logOdds(y, n, z, m float64) float64 {
	prior := priorTexts * (y + z) / (n + m)
	rest := priorTexts - prior
	d := math.Log((y+prior)/(n-y+rest)) - math.Log((z+prior)/(m-z+rest))
	return d / math.Sqrt(1/(y+prior)+1/(z+prior))
}

// choose takes the strongest phrases that say something new.
func choose(list []*phrase, n, members int) []Term {
	var terms []Term
	for _, p := range list {
		if len(terms) == n {
			break
		}
		if !slices.ContainsFunc(terms, func(t Term) bool { return overlap(t.Text, p.text) }) {
			terms = append(terms, Term{p.text, p.strength, float64(p.members) / float64(members)})
		}
	}
	return terms
}

// overlap says whether one text holds too much of the other: counted in pairs
// of characters.
func overlap(a, b string) bool {
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	short, long := []rune(a), b
	if len(short) > len([]rune(b)) {
		short, long = []rune(b), a
	}
	shared := 0
	for i := range len(short) - 1 {
		if strings.Contains(long, string(short[i:i+2])) {
			shared++
		}
	}
	return float64(shared) > sameShare*float64(len(short)-1)
}
