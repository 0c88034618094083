package intake

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// Lines reads complaints from what somebody has at hand: complaint JSONL, a
// table with a header that has a text or title, or plain text with one
// complaint per line, found by the first line that is not blank. A record
// without an id gets its line number. The order is that of the input, and each
// line is answered as soon as it is complete, so it serves a pipe.
//
// A *RowError is about one record and the sequence goes on; any other error
// ends it. Empty input gives an empty sequence.
func Lines(in io.Reader, name string, o Options) iter.Seq2[triage.Complaint, error] {
	return func(yield func(triage.Complaint, error) bool) {
		r, err := newLines(in, name, o)
		if err != nil {
			yield(triage.Complaint{}, err)
			return
		}
		wanted := r.each(yield)
		if err := r.Close(); err != nil && wanted {
			yield(triage.Complaint{}, err)
		}
	}
}

// each yields the rows as complaints and reports whether all were wanted.
func (r *Reader) each(yield func(triage.Complaint, error) bool) bool {
	for r.err == nil {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		c := triage.Complaint{}
		if err == nil {
			c, err = complaint(&row, strconv.Itoa(row.Line))
		}
		if !yield(c, err) {
			return false
		}
	}
	return true
}

// newLines is New for input that may also be plain lines, or nothing.
func newLines(in io.Reader, name string, o Options) (*Reader, error) {
	raw := bufio.NewReaderSize(in, sampleSize)
	head := sample(raw)
	if strings.HasPrefix(string(head), "PK\x03\x04") {
		return New(raw, name, o)
	}
	if err := notText(name, head); err != nil {
		return nil, err
	}
	zone, err := o.zone()
	if err != nil {
		return nil, err
	}
	decoded := newTextReader(raw)
	w := newWindow(decoded)
	return &Reader{name: name, zone: zone, src: &anyLines{name: name, w: w, in: decoded}}, nil
}

// anyLines decides at the first line that is not blank.
type anyLines struct {
	name string
	w    *window
	in   *textReader
	src  source
}

func (s *anyLines) next() (Row, error) {
	if s.src == nil {
		src, err := s.choose()
		if err != nil {
			return Row{}, err
		}
		s.src = src
	}
	return s.src.next()
}

func (s *anyLines) choose() (source, error) {
	for {
		b, _ := s.w.peekLine()
		if len(b) == 0 || s.w.broken(b) {
			return nil, s.w.err
		}
		line := strings.TrimSpace(string(b))
		switch {
		case line == "":
			s.w.consume(len(b), 1)
		case looksLikeObject(line) || looksLikeHeader(line):
			return findFormat(s.name, s.w, s.in, "")
		default:
			return &plainLines{w: s.w, in: s.in}, nil
		}
	}
}

// looksLikeHeader tells whether a line is a header with a text, and not a text
// with commas.
func looksLikeHeader(line string) bool {
	if len(line) > 10_000 {
		return false
	}
	for _, d := range []string{"\t", ",", ";"} {
		names := strings.Split(line, d)
		h, understood := newHeader(names)
		for _, name := range h {
			if (name == "text" || name == "title") && (len(h) == 1 || 2*understood >= len(h)) {
				return true
			}
		}
	}
	return false
}

// plainLines makes every line that is not blank the text of a record.
type plainLines struct {
	w  *window
	in *textReader
}

func (s *plainLines) next() (Row, error) {
	for {
		line, n, long, err := s.w.takeLine()
		if err != nil {
			return Row{Line: n}, err
		}
		r := Row{Line: n, raw: line}
		if long {
			return r, errTooLong("line")
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		r.damaged = isDamaged(line, s.in.converted)
		r.cells = []cell{{name: "text", kind: text, value: line}}
		return r, nil
	}
}
