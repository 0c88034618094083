package search

import (
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/nlp/segment"
)

// maxTextBytes bounds what is indexed of one text and read of one query. A
// complaint has some hundred bytes; the rest of a megabyte adds only cost.
const maxTextBytes = 32 << 10

// term is one word of a text with its place in the normalised text.
type term struct {
	text       string
	start, end int // bytes
	// part marks a word inside the word before it.
	part bool
}

// termReader turns texts into terms. Its memory is reused: the terms are valid
// until the next call. It is not safe for concurrent use.
type termReader struct {
	seg    *segment.Segmenter
	norm   nlp.Normalized
	tokens []segment.Token
	terms  []term
}

// read returns the words of text and the words inside them, without
// punctuation and symbols.
func (r *termReader) read(text string) []term {
	return r.collect(text, r.seg.SearchTokens)
}

// readWords returns the words of text only.
func (r *termReader) readWords(text string) []term {
	return r.collect(text, r.seg.Tokens)
}

func (r *termReader) collect(text string, cut func([]segment.Token, string) []segment.Token) []term {
	nlp.NormalizeInto(&r.norm, clip(text, maxTextBytes))
	t := r.norm.Text
	r.tokens = cut(r.tokens[:0], t)
	r.terms = r.terms[:0]
	covered := 0
	for _, k := range r.tokens {
		if c, _ := utf8.DecodeRuneInString(t[k.Start:k.End]); !unicode.IsLetter(c) && !unicode.IsNumber(c) {
			continue
		}
		r.terms = append(r.terms, term{text: t[k.Start:k.End], start: k.Start, end: k.End, part: k.Start < covered})
		covered = max(covered, k.End)
	}
	return r.terms
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
