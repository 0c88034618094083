package segment

import (
	"unicode/utf8"

	"github.com/go-ego/gse"

	"github.com/qianyi-dev/qianyi/nlp"
)

// Token is one word: its byte offsets in the text, End exclusive.
type Token = nlp.Token

// Tokens appends the words of text to dst and returns it. The words cover the
// text: each begins where the one before it ends. Punctuation, white space,
// symbols and bytes that are not UTF-8 come as tokens of one character; a run
// of Latin letters and digits is one word unless it is longer than 256
// characters. The text should be normalised; anything else is still cut
// without an error, only less well.
func (s *Segmenter) Tokens(dst []Token, text string) []Token {
	return s.tokens(dst, text, false)
}

// SearchTokens is Tokens with the words inside each word added right behind
// it: 话费充值 is followed by 话费 and 充值. Parts of one character are left out.
func (s *Segmenter) SearchTokens(dst []Token, text string) []Token {
	return s.tokens(dst, text, true)
}

func (s *Segmenter) tokens(dst []Token, text string, parts bool) []Token {
	var buf [3 * maxChunkRunes]byte
	for pos := 0; pos < len(text); {
		c := nextChunk(text[pos:])
		if c.words == 1 {
			dst = append(dst, Token{Start: pos, End: pos + c.size})
			pos += c.size
			continue
		}
		segs := s.gse.Segment(append(buf[:0], text[pos:pos+c.size]...))
		if c.cut {
			segs = wholeWords(segs, c.size)
		}
		for i := range segs {
			dst = append(dst, Token{Start: pos + segs[i].Start(), End: pos + segs[i].End()})
			if parts {
				dst = appendParts(dst, text, segs[i].Token(), pos+segs[i].Start())
			}
		}
		pos += segs[len(segs)-1].End()
	}
	return dst
}

// wholeWords drops the words at the end of a chunk that was cut at its limit:
// the next characters may change them. It keeps at least one.
func wholeWords(segs []gse.Segment, size int) []gse.Segment {
	n := len(segs)
	for n > 1 && segs[n-1].End() > size-overlapBytes {
		n--
	}
	return segs[:n]
}

// appendParts appends the words inside a word of the dictionary that starts at
// the given offset of the text.
func appendParts(dst []Token, text string, word *gse.Token, start int) []Token {
	for _, part := range word.Segments() {
		t := Token{Start: start + part.Start(), End: start + part.End()}
		if _, size := utf8.DecodeRuneInString(text[t.Start:t.End]); size == t.End-t.Start {
			continue
		}
		dst = append(dst, t)
		dst = appendParts(dst, text, part.Token(), t.Start)
	}
	return dst
}
