package intake

import (
	"bytes"
	"errors"
	"io"
)

// MaxRecord is the greatest length of one record in bytes of UTF-8.
const MaxRecord = 4 << 20

const windowStart = 64 << 10

// window is a view of a text stream that can look ahead over one record and
// step back: what is not consumed is seen again.
type window struct {
	in         io.Reader
	buf        []byte
	start, end int
	// line is the number of lines consumed.
	line int
	// err is why there is no more input; io.EOF at the end.
	err error
}

func newWindow(in io.Reader) *window {
	return &window{in: in, buf: make([]byte, windowStart)}
}

// unread returns what has been read and not yet consumed. It is valid until
// the next call of more.
func (w *window) unread() []byte { return w.buf[w.start:w.end] }

// more reads on, and reports whether unread has grown. It does not when the
// input has ended or a record of MaxRecord bytes is unread.
func (w *window) more() bool {
	if w.err != nil || w.end-w.start > MaxRecord {
		return false
	}
	if w.end == len(w.buf) {
		w.makeRoom()
	}
	for range 100 {
		n, err := w.in.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// double reads on until unread is twice as long, so that looking at a growing
// record again and again takes linear time. It reports whether it has grown.
func (w *window) double() bool {
	before := w.end - w.start
	for w.more() {
		if w.end-w.start >= 2*before {
			return true
		}
	}
	return w.end-w.start > before
}

func (w *window) makeRoom() {
	target := w.buf
	if w.start < len(w.buf)/2 {
		target = make([]byte, 2*len(w.buf))
	}
	w.end = copy(target, w.buf[w.start:w.end])
	w.start = 0
	w.buf = target
}

// consume drops n bytes of unread, which hold the given number of line ends.
func (w *window) consume(n, lines int) {
	w.start += n
	w.line += lines
}

// peekLine returns the next line with its line end, if it has one, without
// consuming it. Long tells that the line goes on beyond MaxRecord. An empty
// line means the end of the input; w.err says why.
func (w *window) peekLine() (line []byte, long bool) {
	searched := 0
	for {
		b := w.unread()
		if i := bytes.IndexByte(b[searched:], '\n'); i >= 0 {
			return b[:searched+i+1], searched+i > MaxRecord
		}
		searched = len(b)
		if !w.more() {
			return w.unread(), w.end-w.start > MaxRecord
		}
	}
}

// skipLine consumes the rest of the current line, however long it is.
func (w *window) skipLine() {
	for {
		b := w.unread()
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			w.consume(i+1, 1)
			return
		}
		w.consume(len(b), 0)
		if !w.more() {
			w.line++
			return
		}
	}
}

// takeLine consumes the next line and returns it without its line end, and its
// number. After a line that is too long it returns long and the beginning.
func (w *window) takeLine() (line string, number int, long bool, err error) {
	b, long := w.peekLine()
	if len(b) == 0 || w.broken(b) {
		return "", w.line + 1, false, w.err
	}
	number = w.line + 1
	if long {
		line = shortened(b)
		w.skipLine()
		return line, number, true, nil
	}
	line = string(trimLineEnd(b))
	w.consume(len(b), 1)
	return line, number, false, nil
}

// broken tells that reading failed in the middle of the line b.
func (w *window) broken(b []byte) bool {
	return w.err != nil && !errors.Is(w.err, io.EOF) && !bytes.HasSuffix(b, []byte{'\n'})
}

func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return bytes.TrimSuffix(b, []byte{'\r'})
}

// shortened keeps the beginning of a record that is too long to be kept.
func shortened(b []byte) string {
	const keep = 1000
	if len(b) <= keep {
		return string(b)
	}
	return string(bytes.ToValidUTF8(b[:keep], nil)) + "…"
}
