package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Kind names the records that a file should hold.
type Kind string

// The kinds of records, named as `qianyi import` names them.
const (
	Complaints Kind = "complaints"
	Customers  Kind = "customers"
	Exposures  Kind = "exposures"
	Campaigns  Kind = "campaigns"
	Solutions  Kind = "solutions"
)

// required are the columns without which no row of a file can be used.
var required = map[Kind][]string{
	Complaints: {"id", "text"},
	Customers:  {"customer_id"},
	Exposures:  {"customer_id", "kind", "at"},
	Campaigns:  {"id"},
	Solutions:  {"id", "text"},
}

// Options say how to read.
type Options struct {
	// Zone is where times without an offset are; nil means Asia/Shanghai.
	Zone *time.Location
	// Kind, when given, refuses at once a table without the columns that such
	// records need, instead of every row of it.
	Kind Kind
}

// zone returns the time zone to use.
func (o Options) zone() (*time.Location, error) {
	if o.Zone != nil {
		return o.Zone, nil
	}
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, fmt.Errorf("intake: no time zone given and the usual one is missing here: %w", err)
	}
	return z, nil
}

// source yields rows. The error is io.EOF at the end; an error that comes with
// a line number is about that row alone.
type source interface {
	next() (Row, error)
}

// Reader yields the rows of one file.
type Reader struct {
	name    string
	zone    *time.Location
	src     source
	closers []func() error
	err     error
}

// Open opens a file; Close must follow.
func Open(path string, o Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	r, err := New(f, path, o)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r.closers = append(r.closers, f.Close)
	return r, nil
}

// New reads from in, which messages call name. It takes what it needs to find
// encoding and format, and fails when there is none. A workbook is read as a
// whole, everything else as a stream. Close frees what a workbook holds; it
// does not close in.
func New(in io.Reader, name string, o Options) (*Reader, error) {
	zone, err := o.zone()
	if err != nil {
		return nil, err
	}
	r := &Reader{name: name, zone: zone}
	raw := bufio.NewReaderSize(in, sampleSize)
	head := sample(raw)
	if err := notText(name, head); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		s, err := openSheet(name, raw, o.Kind)
		if err != nil {
			return nil, err
		}
		r.src, r.closers = s, append(r.closers, s.close)
		return r, nil
	}
	decoded := newTextReader(raw)
	w := newWindow(decoded)
	r.src, err = findFormat(name, w, decoded, o.Kind)
	return r, err
}

// findFormat looks at the first line that is not blank.
func findFormat(name string, w *window, in *textReader, want Kind) (source, error) {
	first, err := firstLine(name, w)
	if err != nil {
		return nil, err
	}
	switch {
	case looksLikeObject(first):
		return &jsonLines{w: w, in: in}, nil
	case first[0] == '[':
		return nil, fileErrorf("%s: is one JSON array; expected one JSON object per line", name)
	}
	t := &table{w: w, in: in}
	understood, err := t.begin(first)
	if err != nil {
		return nil, fmt.Errorf("%s:%d: header: %w", name, w.line, err)
	}
	if understood == 0 {
		return nil, fileErrorf("%s:%d: not a header with a known column, such as id, text, customer_id (found: %s); "+
			"expected JSONL, or CSV, TSV or XLSX with a header", name, w.line, t.header)
	}
	return t, t.header.check(name, w.line, want)
}

// firstLine skips blank lines and returns the beginning of the file without
// consuming it.
func firstLine(name string, w *window) (string, error) {
	for {
		b, long := w.peekLine()
		switch {
		case len(b) == 0 || w.broken(b):
			if w.err != nil && !errors.Is(w.err, io.EOF) {
				return "", fmt.Errorf("%s: %w", name, w.err)
			}
			return "", fileErrorf("%s: is empty; expected JSONL, or CSV, TSV or XLSX with a header", name)
		case long:
			return "", fileErrorf("%s: the first line is longer than %d MB; expected JSONL, or CSV, TSV or XLSX with a header", name, MaxRecord>>20)
		}
		if line := strings.TrimSpace(string(b)); line != "" {
			return line, nil
		}
		w.consume(len(b), 1)
	}
}

// looksLikeObject tells whether a line begins like a JSON object, and not like
// a text in braces.
func looksLikeObject(line string) bool {
	if !strings.HasPrefix(line, "{") {
		return false
	}
	rest := strings.TrimSpace(line[1:])
	return rest == "" || rest[0] == '"' || rest[0] == '}'
}

// begin consumes the header. The delimiter is the one that gives the most
// columns the contract knows; of equals the one that gives the most columns.
func (t *table) begin(first string) (understood int, err error) {
	columns := 0
	for _, d := range []byte{',', '\t', ';'} {
		names := strings.Split(first, string(d))
		for i := range names {
			names[i] = strings.Trim(names[i], `"`)
		}
		h, n := newHeader(names)
		if n > understood || n == understood && len(h) > columns {
			t.delimiter, understood, columns = d, n, len(h)
		}
	}
	names, _, _, err := t.record()
	if err != nil {
		return 0, err
	}
	t.header, understood = newHeader(names)
	return understood, nil
}

// notText refuses files that are known not to be text.
func notText(name string, head []byte) error {
	is := ""
	switch {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return fileErrorf("%s: is an old Excel workbook (.xls); save it as .xlsx or CSV", name)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		is = "compressed with gzip; unpack it first"
	case bytes.HasPrefix(head, []byte("%PDF")):
		is = "a PDF"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil
	case bytes.IndexByte(head, 0) >= 0:
		is = "no text (it has zero bytes)"
	default:
		return nil
	}
	return fileErrorf("%s: is %s; expected JSONL, or CSV, TSV or XLSX with a header", name, is)
}

// Next returns the next row that is not blank, and io.EOF after the last. With
// a *RowError that row cannot be used and Next may be called again; any other
// error is final.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.src.next()
	row.File, row.zone = r.name, r.zone
	switch {
	case err == nil:
		return row, nil
	case row.raw != "" || len(row.cells) > 0:
		return Row{}, rowError(&row, err)
	case errors.Is(err, io.EOF):
		r.err = io.EOF
	case triage.CodeOf(err) == triage.CodeInvalid: // about the file, and names it
		r.err = err
	default:
		r.err = fmt.Errorf("%s: after line %d: %w", r.name, max(row.Line-1, 0), err)
	}
	return Row{}, r.err
}

// Close frees what the reader holds. Closing twice does nothing.
func (r *Reader) Close() error {
	var err error
	for _, c := range r.closers {
		err = errors.Join(err, c())
	}
	r.closers = nil
	return err
}
