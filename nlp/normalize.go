package nlp

import (
	"slices"
	"unicode/utf8"
)

// Normalized is a text in the form used for matching, with the way back to the
// original. It is made by Normalize or NormalizeInto and is read-only for
// everybody else; concurrent readers are fine.
type Normalized struct {
	// Text is valid UTF-8: simplified characters, half width, ASCII in lower
	// case, no control, format or zero-width characters, no white space at the
	// ends, one space or one newline between words, one '*' for a run of them.
	// Normalising it again changes nothing.
	Text string

	source  string
	buf     []byte
	offsets []int32 // rune offset in source for each byte of Text, and the end
}

// Normalize returns s in the form used for matching. It accepts any bytes and
// takes linear time.
func Normalize(s string) Normalized {
	var n Normalized
	NormalizeInto(&n, s)
	return n
}

// NormalizeInto does what Normalize does and reuses the memory of n. Strings
// taken from n.Text before stay valid.
func NormalizeInto(n *Normalized, s string) {
	w := normalizer{
		buf:     slices.Grow(n.buf[:0], len(s)),
		offsets: slices.Grow(n.offsets[:0], len(s)+1),
		last:    '\n',
	}
	fold := loadFolding()
	for i := 0; i < len(s); w.at++ {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		w.add(fold.rune(r))
		i += size
	}
	if len(w.buf) > 0 && isBlank(w.buf[len(w.buf)-1]) {
		w.buf = w.buf[:len(w.buf)-1]
		w.offsets = w.offsets[:len(w.buf)]
	}
	n.source, n.buf, n.offsets = s, w.buf, append(w.offsets, w.at)
	if string(w.buf) == s {
		n.Text = s
	} else {
		n.Text = string(w.buf)
	}
}

// Original returns the rune offset in the original text of the character that
// has a byte at byteOffset of Text. Runes count as in []rune(s): an invalid
// byte is one. The offset never falls as byteOffset grows; len(Text) and
// beyond give the rune count of the original.
func (n *Normalized) Original(byteOffset int) int {
	if len(n.offsets) == 0 {
		return 0
	}
	return int(n.offsets[min(max(byteOffset, 0), len(n.offsets)-1)])
}

// Span returns the rune offsets in the original of Text[start:end].
func (n *Normalized) Span(start, end int) (from, to int) {
	return n.Original(start), n.Original(end)
}

// normalizer collects the folded characters of one text.
type normalizer struct {
	buf     []byte
	offsets []int32
	last    byte  // last byte of buf; a newline at the start, to trim it
	at      int32 // rune offset in the original
}

// add appends a folded character unless it is dropped or goes on a run.
func (w *normalizer) add(r rune) {
	if r >= utf8.RuneSelf {
		before := len(w.buf)
		w.buf = utf8.AppendRune(w.buf, r)
		for range len(w.buf) - before {
			w.offsets = append(w.offsets, w.at)
		}
		w.last = w.buf[len(w.buf)-1]
		return
	}
	c := byte(r)
	switch {
	case c == 0, c == w.last && (c == '*' || isBlank(c)), c == ' ' && w.last == '\n':
		return
	case c == '\n' && w.last == ' ':
		w.buf[len(w.buf)-1] = c
	default:
		w.buf = append(w.buf, c)
		w.offsets = append(w.offsets, w.at)
	}
	w.last = c
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' }
