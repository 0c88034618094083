package card

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
)

// model tells causes apart in the words of customers who tell a story rather
// than name a fault. It is immutable; the zero model gives every cause 0.
type model struct {
	// source is the fingerprint of the examples that it was learnt from.
	source [32]byte
	// hashes of the features are sorted; a feature's number is its place.
	hashes []uint32
	// weights by feature, then cause, in steps of scale by cause.
	weights     []int8
	scale, bias [causeCount]float32
}

const causeCount = 7

const (
	// reach is how far apart the two characters of a pair may stand: pairs see
	// what frames a phrase, as in 昨天……今天.
	reach = 5
	// maxRunes bounds what is scored; the cues read on.
	maxRunes = 1000
	// longestPiece is the length of the longest reason, in characters.
	longestPiece = 40
)

// features returns the hashes of the characters of a text and of their pairs,
// sorted and each once.
func features(text string) []uint32 {
	r := fold(text)
	list := make([]uint32, 0, len(r)*(reach+1))
	for i, first := range r {
		list = append(list, hash(0, first, 0))
		for j, second := range r[i+1 : min(i+reach+1, len(r))] {
			list = append(list, hash(min(j+1, 2), first, second))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// hash mixes a kind of feature (0 one character, 1 neighbours, 2 characters
// apart) and its characters by the last step of SplitMix64 (Steele et al., 2014).
func hash(kind int, first, second rune) uint32 {
	h := uint64(kind)<<42 | uint64(first)<<21 | uint64(second)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return uint32(h >> 32)
}

// fold brings a text into the form that is compared: normalised, 你 as 您, each
// number as one 0, between a mark for its begin and end.
func fold(text string) []rune {
	r := []rune{'^'}
	wasDigit := false
	for _, c := range strings.Trim(nlp.Normalize(text).Text, " \n。,;") {
		if len(r) == maxRunes {
			break
		}
		digit := unicode.IsDigit(c) || strings.ContainsRune("一二三四五六七八九十百千万两几", c)
		switch {
		case digit && wasDigit:
			continue
		case digit:
			c = '0'
		case c == '你':
			c = '您'
		}
		wasDigit = digit
		r = append(r, c)
	}
	return append(r, '$')
}

// scores says for every cause how far on its side of the border a text is: 1 is
// an example that decides, -1 a counter-example. What the model does not know
// moves a text towards the bias.
func (m *model) scores(text string) (scores [causeCount]float64) {
	list := features(text)
	for _, h := range list {
		i, ok := slices.BinarySearch(m.hashes, h)
		if !ok {
			continue
		}
		for k, w := range m.weights[i*causeCount:][:causeCount] {
			scores[k] += float64(w)
		}
	}
	norm := math.Sqrt(float64(len(list)))
	for k := range scores {
		scores[k] = scores[k]*float64(m.scale[k])/norm + float64(m.bias[k])
	}
	return scores
}

// reason is the clause of a text that speaks most for a cause, "" of a text
// without clauses.
func (m *model) reason(text string, cause int) string {
	best, top := "", math.Inf(-1)
	left := maxRunes
	for clause := range strings.FieldsFuncSeq(text, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) }) {
		for piece := range slices.Chunk([]rune(clause), longestPiece) {
			if left -= len(piece); left < 0 {
				return best
			}
			if s := m.scores(string(piece))[cause]; s > top {
				best, top = string(piece), s
			}
		}
	}
	return best
}
