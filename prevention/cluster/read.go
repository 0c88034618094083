package cluster

import (
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
	titleBoost   = 6
	titleMost    = 2
	bodyMost     = 3
	pairWeight   = 0.5
)

// reader turns texts into vectors. Its memory is reused.
type reader struct {
	cut    Tokenizer
	norm   nlp.Normalized
	tokens []nlp.Token
	counts map[uint32]*tally
	order  []uint32
}

// tally counts one term in title and body.
type tally struct {
	title, body float32
	scale       float32
}

func (r *reader) read(d *Doc) {
	clear(r.counts)
	r.order = r.order[:0]
	r.zone(d.Title, true)
	r.zone(d.Text, false)
	slices.Sort(r.order)
}

func (r *reader) zone(text string, title bool) {
	nlp.NormalizeInto(&r.norm, clip(text, maxTextBytes))
	t := r.norm.Text
	r.tokens = r.cut.SearchTokens(r.tokens[:0], t)
	for _, k := range r.tokens {
		w := t[k.Start:k.End]
		if utf8.RuneCountInString(w) < 2 || !isWord(w) {
			continue
		}
		r.count(hash(w, wordSeed), title, 1)
	}
	r.pairs(t, title)
}

// pairs counts neighbouring characters: they hold names no dictionary knows.
func (r *reader) pairs(t string, title bool) {
	last, lastSize := rune(0), 0
	for i, c := range t {
		size := utf8.RuneLen(c)
		if !isLetter(c) {
			last = 0
			continue
		}
		if last != 0 {
			r.count(hash(t[i-lastSize:i+size], pairSeed), title, pairWeight)
		}
		last, lastSize = c, size
	}
}

func (r *reader) count(term uint32, title bool, scale float32) {
	c := r.counts[term]
	if c == nil {
		c = &tally{scale: scale}
		r.counts[term] = c
		r.order = append(r.order, term)
	}
	if title {
		c.title++
	} else {
		c.body++
	}
}

// vector weighs the terms read last: occurrences in the title more than in the
// body, rare terms more than common ones.
func (r *reader) vector(known *rarity, size int) vector {
	v := make(vector, 0, len(r.order))
	for _, term := range r.order {
		c := r.counts[term]
		tf := math.Log(1 + float64(titleBoost*min(c.title, titleMost)+min(c.body, bodyMost)))
		idf := known.idf(term)
		v = append(v, feature{term, c.scale * float32(tf) * idf * idf})
	}
	v = trim(v, size)
	v.normalise()
	return v
}

func isLetter(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }

func isWord(w string) bool { return strings.IndexFunc(w, isLetter) >= 0 }

const (
	wordSeed = 14695981039346656037
	pairSeed = 1469598103934665603
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
