package segment

import (
	"unicode"
	"unicode/utf8"
)

const (
	// maxChunkRunes bounds what gse sees at once, and with it the memory of
	// its path arrays.
	maxChunkRunes = 256
	// maxWordRunes bounds a domain word: it must fit into the overlap.
	maxWordRunes = 16
	// overlapBytes is cut again when a chunk ends at its limit.
	overlapBytes = 3 * maxWordRunes
)

// chunk is a stretch of text that is cut by itself.
type chunk struct {
	size int // bytes
	// words is 1 when the chunk cannot be cut any further: one separator, or
	// one run of Latin letters and digits.
	words int
	// cut says that the chunk ends at the limit, perhaps inside a word.
	cut bool
}

// nextChunk measures the chunk at the beginning of text, which is not empty:
// either one separator, or everything before the next one, at most
// maxChunkRunes characters.
func nextChunk(text string) chunk {
	var c chunk
	inLatin := false
	for runes := 0; c.size < len(text); runes++ {
		r, size := utf8.DecodeRuneInString(text[c.size:])
		if r == utf8.RuneError || isSeparator(r) {
			if runes == 0 {
				return chunk{size: size, words: 1}
			}
			return c
		}
		if runes == maxChunkRunes {
			c.cut = true
			return c
		}
		// The same rule as in gse: letters of one or two bytes run together.
		latin := size <= 2 && (unicode.IsLetter(r) || unicode.IsNumber(r))
		if !latin || !inLatin {
			c.words++
		}
		inLatin = latin
		c.size += size
	}
	return c
}

// isSeparator reports whether no word may contain r. The joints of names such
// as wi-fi, 4g+ and at&t are not separators.
func isSeparator(r rune) bool {
	switch {
	case r >= 0x4E00 && r <= 0x9FFF:
		return false
	case r == '-' || r == '+' || r == '&' || r == '_' || r == '/' || r == '·':
		return false
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r) || !unicode.IsGraphic(r) || unicode.IsSpace(r)
}
