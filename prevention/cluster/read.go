package cluster

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// Tokenizer cuts normalised text into words, long words followed by their
// parts; the tokenizers of nlp/segment and triage/pack do.
type Tokenizer interface {
	SearchTokens(dst []nlp.Token, text string) []nlp.Token
}

const (
	// maxTextBytes bounds what is read of one text.
	maxTextBytes = 16 << 10
	// titleBoost is how many times as much a word counts in the title; more
	// than titleMost and bodyMost occurrences add nothing.
	titleBoost = 6
	titleMost  = 2
	bodyMost   = 3
	// vectorTerms is the number of features kept of a text.
	vectorTerms = 96
)

// What a pair of neighbouring characters weighs against a word. Characters
// that stand alone after segmentation are the stuff of names no dictionary
// knows, and names are what makes an issue concrete.
const (
	weightInside = 0.5 // both in one word
	weightBeside = 0.5 // one stands alone
	weightAlone  = 1.0 // both stand alone
	weightAcross = 0.2 // in two words
)

// functionWords stand alone without being part of a name.
const functionWords = "的了在是我有和就不都一上也很到说要去你会着没看好自这那么之与及或等为被把对从将其向让给但而又还已并于以所您请们个"

// occurrence is one appearance of a term in a text.
type occurrence struct {
	term   uint32
	weight float32
	title  bool
}

// reader turns texts into terms. Its memory is reused.
type reader struct {
	cut    Tokenizer
	norm   nlp.Normalized
	tokens []nlp.Token
	seen   []occurrence
	terms  []uint32 // distinct, ascending
}

// read collects the terms of title and text.
func (r *reader) read(d *Doc) {
	r.seen = r.seen[:0]
	r.zone(d.Title, true)
	r.zone(d.Text, false)
	slices.SortFunc(r.seen, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(b.weight, a.weight))
	})
	r.terms = r.terms[:0]
	for _, o := range r.seen {
		if n := len(r.terms); n == 0 || r.terms[n-1] != o.term {
			r.terms = append(r.terms, o.term)
		}
	}
}

func (r *reader) zone(text string, title bool) {
	nlp.NormalizeInto(&r.norm, clip(text, maxTextBytes))
	t := withoutNumbers(r.norm.Text)
	r.tokens = r.cut.SearchTokens(r.tokens[:0], t)
	for _, k := range r.tokens {
		if w := t[k.Start:k.End]; hasLetter(w) && !isSingle(w) {
			r.seen = append(r.seen, occurrence{hash(w, wordSeed), 1, title})
		}
	}
	r.pairs(t, title)
}

// numberDigits is the number of digits from which letters and digits in a row
// are the number of an order, a phone or a person. It tells complaints of one
// problem apart, and being rare it would weigh most.
const numberDigits = 6

// withoutNumbers puts blanks in place of such numbers.
func withoutNumbers(t string) string {
	var b []byte
	for i := 0; i < len(t); {
		end, digits := i, 0
		for end < len(t) && isASCIIWord(t[end]) {
			if t[end] <= '9' {
				digits++
			}
			end++
		}
		if digits >= numberDigits {
			if b == nil {
				b = []byte(t)
			}
			for k := i; k < end; k++ {
				b[k] = ' '
			}
		}
		i = max(end, i+1)
	}
	if b == nil {
		return t
	}
	return string(b)
}

func isASCIIWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// char is one character with the word it belongs to.
type char struct {
	start, end, word   int
	single, functional bool
}

// pairs collects neighbouring letters and digits.
func (r *reader) pairs(t string, title bool) {
	var last char
	covered := 0
	for i, k := range r.tokens {
		if k.Start < covered { // part of the word before
			continue
		}
		covered = k.End
		w := t[k.Start:k.End]
		single := isSingle(w)
		for at, c := range w {
			if !isLetter(c) {
				last = char{}
				continue
			}
			start := k.Start + at
			now := char{start, start + utf8.RuneLen(c), i, single, single && strings.ContainsRune(functionWords, c)}
			if last.end > 0 && !last.functional && !now.functional {
				r.seen = append(r.seen, occurrence{hash(t[last.start:now.end], pairSeed), pairWeight(last, now), title})
			}
			last = now
		}
	}
}

func pairWeight(a, b char) float32 {
	switch {
	case a.word == b.word:
		return weightInside
	case a.single && b.single:
		return weightAlone
	case a.single || b.single:
		return weightBeside
	}
	return weightAcross
}

// vector weighs the terms read last by tf·idf²: titles count more than bodies,
// a rare term much more than a common one or one of the channel's form.
func (r *reader) vector(known *rarity, channel uint32) vector {
	v := make(vector, 0, len(r.terms))
	for i := 0; i < len(r.seen); {
		var title, body float64
		o := r.seen[i] // the heaviest of its term
		for ; i < len(r.seen) && r.seen[i].term == o.term; i++ {
			if r.seen[i].title {
				title++
			} else {
				body++
			}
		}
		tf := math.Log(1 + titleBoost*min(title, titleMost) + min(body, bodyMost))
		idf := known.idf(o.term, channel)
		v = append(v, feature{o.term, o.weight * float32(tf*idf*idf)})
	}
	v = trim(v, vectorTerms)
	v.normalise()
	return v
}

func isLetter(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }

func hasLetter(w string) bool { return strings.IndexFunc(w, isLetter) >= 0 }

func isSingle(w string) bool {
	_, size := utf8.DecodeRuneInString(w)
	return size == len(w)
}

// The seeds keep words, pairs and channels of the same letters apart.
const (
	wordSeed    = 14695981039346656037
	pairSeed    = 1469598103934665603
	channelSeed = 590295810358705651
)

// hash is FNV-1a with its bits mixed, because the upper ones are used.
func hash(s string, seed uint64) uint32 {
	h := seed
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return uint32(h >> 32)
}

// clip returns the longest prefix of s of at most n bytes that does not end
// inside a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
