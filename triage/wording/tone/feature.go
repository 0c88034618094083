package tone

import (
	"slices"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
)

const (
	// longest is the length of the longest sequence of characters.
	longest = 4
	// reach is how far apart the two characters of a pair may stand: pairs see
	// what frames a phrase, as in 就……能……吗.
	reach = 5
	// maxRunes bounds the work for one sentence; nobody writes longer ones.
	maxRunes = 400
)

// features appends the hashes of the features of a sentence, sorted and each
// once: sequences of characters, and pairs with up to four others between them.
func features(list []uint32, sentence string) []uint32 {
	r := fold(sentence)
	for i := range r {
		h := uint64(sequenceSeed)
		for _, c := range r[i:min(i+longest, len(r))] {
			h = mix(h, c)
			list = append(list, fingerprint(h))
		}
		for _, c := range r[min(i+2, len(r)):min(i+reach+1, len(r))] {
			list = append(list, fingerprint(mix(mix(pairSeed, r[i]), c)))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fold brings a sentence into the form that is compared: normalised, 你 as 您,
// numbers as one 0, without the last mark, between a mark for its begin and end.
func fold(sentence string) []rune {
	normal := nlp.Normalize(sentence)
	r := []rune{'^'}
	digits := false
	for _, c := range strings.Trim(normal.Text, " \n。,;") {
		if len(r) == maxRunes {
			break
		}
		switch isDigit := unicode.IsDigit(c); {
		case isDigit && digits:
			continue
		case isDigit:
			c, digits = '0', true
		case c == '你':
			c, digits = '您', false
		default:
			digits = false
		}
		r = append(r, c)
	}
	return append(r, '$')
}

// FNV-1a over characters, with a last step that spreads the high bits.
const (
	sequenceSeed = 14695981039346656037
	pairSeed     = 1099511628211 * 31
	prime        = 1099511628211
)

func mix(h uint64, c rune) uint64 { return (h ^ uint64(c)) * prime }

func fingerprint(h uint64) uint32 {
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return uint32(h >> 32)
}
