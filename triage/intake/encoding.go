package intake

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sampleSize is how much of a file is looked at to find its encoding.
const sampleSize = 64 << 10

// textReader turns a file into UTF-8. ASCII means the same in every encoding
// that can come without a byte order mark, so it passes undecided; the first
// other byte and what has arrived after it decide for the rest of the file.
type textReader struct {
	src *bufio.Reader
	out io.Reader
	// converted tells that the text was not UTF-8: what could not be converted
	// has become U+FFFD.
	converted bool
}

// newTextReader looks for a byte order mark at the beginning of src, whose
// buffer holds sampleSize bytes.
func newTextReader(src *bufio.Reader) *textReader {
	t := &textReader{src: src}
	head := sample(src)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		src.Discard(3) //nolint:errcheck // the three bytes are in the buffer
		t.out = src
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		t.convert(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	}
	return t
}

func (t *textReader) convert(e encoding.Encoding) {
	t.converted = true
	t.out = transform.NewReader(t.src, e.NewDecoder())
}

// Read reads UTF-8, with the invalid bytes of a file that is UTF-8 otherwise.
func (t *textReader) Read(p []byte) (int, error) {
	if t.out != nil {
		return t.out.Read(p)
	}
	if _, err := t.src.Peek(1); err != nil {
		return 0, err
	}
	head, _ := t.src.Peek(t.src.Buffered())
	if n := asciiPrefix(head); n > 0 {
		return t.src.Read(p[:min(n, len(p))])
	}
	if e := guess(sample(t.src)); e != nil {
		t.convert(e)
	} else {
		t.out = t.src
	}
	return t.out.Read(p)
}

func asciiPrefix(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

// sample returns what is buffered, which is at least one whole line unless
// the input ends or the buffer is full. It does not wait for more: a program
// that writes a line into a pipe may be waiting for the answer to it.
func sample(src *bufio.Reader) []byte {
	for {
		b, _ := src.Peek(src.Buffered())
		if len(b) >= sampleSize || bytes.IndexByte(b, '\n') >= 0 {
			return b
		}
		if _, err := src.Peek(len(b) + 1); err != nil {
			b, _ = src.Peek(src.Buffered())
			return b
		}
	}
}

// commonest are characters that fill a good part of any Chinese text, in both
// scripts: the right encoding shows them, a wrong one does not.
const commonest = "的一是不了在人有我他她你您这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也对對生能而那得着著" +
	"下自之年后後作里裡用去过過家没沒好还還客户戶投诉訴退款服务務电電话話"

// guess returns the encoding of a sample with a byte beyond ASCII, nil for
// UTF-8. A sample that is mostly UTF-8 is UTF-8 with damage.
func guess(b []byte) encoding.Encoding {
	valid, invalid := weighUTF8(b)
	if valid >= 9*invalid {
		return nil
	}
	gbHits, gbBad, chars := weigh(b, simplifiedchinese.GB18030)
	bigHits, bigBad, _ := weigh(b, traditionalchinese.Big5)
	tolerable := chars / 50
	switch {
	case bigBad <= tolerable && bigHits > gbHits:
		return traditionalchinese.Big5
	case gbBad <= tolerable:
		return simplifiedchinese.GB18030
	}
	return nil
}

// weighUTF8 counts the bytes of valid multi-byte characters and the invalid
// bytes. A character cut at the end of the sample counts as neither.
func weighUTF8(b []byte) (valid, invalid int) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r != utf8.RuneError || n > 1:
			valid += n
		case !utf8.FullRune(b):
			return valid, invalid
		default:
			invalid++
		}
		b = b[n:]
	}
	return valid, invalid
}

// weigh decodes a sample and counts common characters, failures and all
// characters beyond ASCII. A character cut at the end is left out.
func weigh(b []byte, e encoding.Encoding) (hits, bad, chars int) {
	out := make([]byte, 3*len(b)+utf8.UTFMax)
	n, _, _ := e.NewDecoder().Transform(out, b, false)
	for _, r := range string(out[:n]) {
		switch {
		case r < utf8.RuneSelf:
			continue
		case r == utf8.RuneError:
			bad++
		case strings.ContainsRune(commonest, r):
			hits++
		}
		chars++
	}
	return hits, bad, chars
}
