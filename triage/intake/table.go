package intake

import (
	"bytes"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// table reads CSV (RFC 4180, also with semicolons) and TSV. In CSV a quote
// only means something at the beginning of a cell; in TSV it never does.
//
// A record that cannot be parsed, because a quote is never closed, is followed
// by something else than a delimiter or has swallowed the rows after it, costs
// its first line only: reading goes on with the second. A quote run of odd length ends every look
// ahead, so this stays linear.
type table struct {
	w         *window
	delimiter byte
	header    header
	in        *textReader
}

func (t *table) next() (Row, error) {
	for {
		values, raw, line, err := t.record()
		if err != nil {
			return Row{Line: line, raw: raw}, err
		}
		r := Row{Line: line, raw: raw, damaged: isDamaged(raw, t.in.converted)}
		if r.cells, err = t.header.cells(values); err != nil || !r.blank() {
			return r, err
		}
	}
}

// cells puts the values of a record under the names of the columns. A record
// with fewer or more values than the header is refused: a lost or additional
// delimiter moves values into the wrong fields.
func (h header) cells(values []string) ([]cell, error) {
	for len(values) > len(h) && values[len(values)-1] == "" {
		values = values[:len(values)-1]
	}
	if len(values) == 1 && strings.TrimSpace(values[0]) == "" {
		return nil, nil
	}
	if len(values) != len(h) {
		return nil, triage.Errorf(triage.CodeInvalid, "has %d cells where the header has %d columns: a delimiter or a quote is missing or too many",
			len(values), len(h))
	}
	cells := make([]cell, len(h))
	for i, v := range values {
		cells[i].name = h[i]
		if v != "" {
			cells[i].kind, cells[i].value = text, v
		}
	}
	return cells, nil
}

// record consumes the next record and returns its values, its text and the
// number of its first line.
func (t *table) record() (values []string, raw string, line int, err error) {
	for {
		line = t.w.line + 1
		n, state := t.extent(t.w.unread())
		if (state == open || state == closedAtEnd) && t.w.double() {
			continue
		}
		b := t.w.unread()
		if len(b) == 0 || t.w.broken(b) {
			return nil, "", line, t.w.err
		}
		if state == closedAtEnd {
			n = len(b)
		}
		if state == open || state == malformed || n > MaxRecord {
			raw, err := t.drop(state)
			return nil, raw, line, err
		}
		raw = string(trimLineEnd(b[:n]))
		values = t.split(raw)
		if t.swallowsRows(raw, values) {
			raw, err := t.drop(malformed)
			return nil, raw, line, err
		}
		t.w.consume(n, max(1, bytes.Count(b[:n], []byte{'\n'})))
		return values, raw, line, nil
	}
}

// swallowsRows tells that a stray quote has made one record of several: the
// record has the wrong width and its second line alone has the right one.
func (t *table) swallowsRows(raw string, values []string) bool {
	first := strings.IndexByte(raw, '\n')
	if first < 0 || len(t.header) == 0 || len(values) == len(t.header) {
		return false
	}
	second := []byte(raw[first+1:])
	n, state := t.extent(second)
	if state != closed && state != closedAtEnd {
		return false
	}
	return len(t.split(string(trimLineEnd(second[:n])))) == len(t.header)
}

// drop consumes the first line of a record that cannot be read.
func (t *table) drop(state extentState) (raw string, err error) {
	first, long := t.w.peekLine()
	if long {
		raw = shortened(first)
		t.w.skipLine()
		return raw, errTooLong("record")
	}
	raw = string(trimLineEnd(first))
	t.w.consume(len(first), 1)
	if state == malformed {
		return raw, triage.Errorf(triage.CodeInvalid, "a quote is opened and closed in the wrong place; write a quote inside a quoted cell twice")
	}
	return raw, triage.Errorf(triage.CodeInvalid, "a quote is opened and not closed before the end of the file, or within %d MB", MaxRecord>>20)
}

// extentState is what is known of the record at the beginning of a window.
type extentState uint8

const (
	closed      extentState = iota // ends at a line end
	closedAtEnd                    // would end with the input
	open                           // the window ends inside quotes
	malformed
)

// extent measures the record at the beginning of b.
func (t *table) extent(b []byte) (n int, state extentState) {
	if t.delimiter == '\t' {
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			return i + 1, closed
		}
		return len(b), closedAtEnd
	}
	for i := 0; i < len(b); {
		if b[i] == '"' {
			end := closingQuote(b, i+1)
			if end < 0 {
				return 0, open
			}
			i = end + 1
			if i+1 == len(b) && b[i] == '\r' {
				return len(b), closedAtEnd
			}
			if i < len(b) && b[i] != t.delimiter && !atLineEnd(b, i) {
				return 0, malformed
			}
		}
		for i < len(b) && b[i] != t.delimiter && b[i] != '\n' {
			i++
		}
		if i < len(b) && b[i] == '\n' {
			return i + 1, closed
		}
		i++ // over the delimiter
	}
	return len(b), closedAtEnd
}

// closingQuote returns the place of the quote that ends a quoted cell whose
// content begins at i, or -1. A quote at the very end of b may be the first
// half of a doubled one; it counts as closing, and as closedAtEnd the record
// is measured again when more has been read.
func closingQuote[T string | []byte](b T, i int) int {
	for ; i < len(b); i++ {
		if b[i] != '"' {
			continue
		}
		if i+1 == len(b) || b[i+1] != '"' {
			return i
		}
		i++
	}
	return -1
}

func atLineEnd(b []byte, i int) bool {
	return b[i] == '\n' || b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n'
}

// split cuts a well-formed record into its values.
func (t *table) split(record string) []string {
	values := make([]string, 0, max(1, len(t.header)))
	if t.delimiter == '\t' {
		return append(values, strings.Split(record, "\t")...)
	}
	for {
		if strings.HasPrefix(record, `"`) {
			end := closingQuote(record, 1)
			values = append(values, strings.ReplaceAll(record[1:end], `""`, `"`))
			record = record[end+1:]
		} else {
			end := strings.IndexByte(record, t.delimiter)
			if end < 0 {
				return append(values, record)
			}
			values = append(values, record[:end])
			record = record[end:]
		}
		if record == "" {
			return values
		}
		record = record[1:]
	}
}
