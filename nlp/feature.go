package nlp

import (
	"unicode"
	"unicode/utf8"
)

// Token is one word of a text: byte offsets, End exclusive.
type Token struct {
	Start, End int
}

// Tokenizer cuts normalised text into words and, inside long words, their
// parts. Implementations are safe for concurrent use.
type Tokenizer interface {
	// SearchTokens appends the tokens of text to dst.
	SearchTokens(dst []Token, text string) []Token
	// Fingerprint identifies the dictionary; two tokenizers with the same
	// fingerprint cut every text alike.
	Fingerprint() string
}

// The views of a text. Words carry meaning, character n-grams carry what
// segmentation got wrong, and the background brings what is known from
// elsewhere; together they beat each alone (docs/performance.md).
const (
	viewWord = iota
	viewChar
	sparseViews
	viewBackground = sparseViews
	viewCount      = sparseViews + 1
)

// maxGram is the length of the longest character n-gram.
const maxGram = 4

// occurrence is one feature seen in a text: its hash and where it stands, as
// bytes of the normalised text.
type occurrence struct {
	hash       uint32
	start, end int32
}

// zones is the number of equal parts a text is cut into for features that
// remember where a word stood: a work order tells the matter first and the
// demand last. Worth half a point on telecom (docs/performance.md).
const zones = 3

// wordFeatures appends two occurrences per token, one with its zone; digits
// count as one digit, blanks and punctuation (but ! and ?) are left out.
func wordFeatures(dst []occurrence, text string, tokens []Token) []occurrence {
	for _, t := range tokens {
		h := uint64(hashSeed)
		useful := false
		for _, r := range text[t.Start:t.End] {
			r = foldRune(r)
			useful = useful || isFeatureRune(r)
			h = (h ^ uint64(r)) * hashPrime
		}
		if useful {
			zone := uint64(t.Start * zones / len(text))
			dst = append(dst,
				occurrence{finish(h), int32(t.Start), int32(t.End)},
				occurrence{finish(h + (zone+1)*zonePrime), int32(t.Start), int32(t.End)})
		}
	}
	return dst
}

// charFeatures appends one occurrence per character n-gram of 1 to maxGram
// runes; n-grams do not cross blanks or punctuation.
func charFeatures(dst []occurrence, text string) []occurrence {
	var hashes [maxGram]uint64 // hashes[i] belongs to the n-gram begun i runes ago
	var starts [maxGram]int32
	length := 0
	for i, r := range text {
		r = foldRune(r)
		if !isFeatureRune(r) {
			length = 0
			continue
		}
		end := int32(i + utf8.RuneLen(r))
		copy(hashes[1:], hashes[:maxGram-1])
		copy(starts[1:], starts[:maxGram-1])
		hashes[0], starts[0] = gramSeed, int32(i)
		length = min(length+1, maxGram)
		for n := range length {
			hashes[n] = (hashes[n] ^ uint64(r)) * hashPrime
			dst = append(dst, occurrence{finish(hashes[n] + uint64(n)), starts[n], end})
		}
	}
	return dst
}

const (
	hashSeed  = 14695981039346656037
	gramSeed  = 1469598103934665603
	hashPrime = 1099511628211
	zonePrime = 2654435761
)

// finish folds a running FNV-1a hash to 32 well-mixed bits.
func finish(h uint64) uint32 {
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return uint32(h >> 32)
}

// foldRune maps every digit to '0' so that amounts and dates look alike.
func foldRune(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return r
}

// isFeatureRune says whether r may be part of a feature: letters, digits,
// symbols such as emoji, the mask '*', and the two marks of emotion.
func isFeatureRune(r rune) bool {
	switch {
	case r >= 0x4e00 && r <= 0x9fff, r == '0', r >= 'a' && r <= 'z', r == '!', r == '?', r == '*':
		return true
	case r < 0x80:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.So, r)
}
