package intake

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// Row is one record before its fields are understood.
type Row struct {
	// File is the name given to the reader; Line is where the record begins,
	// counted from 1 (in a sheet the row).
	File string
	Line int

	cells []cell
	// raw is the record as it was, "" when the cells have to do.
	raw string
	// damaged tells that some byte of the record was no character.
	damaged bool
	zone    *time.Location
	// from1904 tells that Excel dates count from 1904 instead of 1900.
	from1904 bool
}

// kind is the type that a value has in its source.
type kind uint8

const (
	absent kind = iota
	text
	number
	boolean
	compound // a JSON object or array
)

// cell is one value with the contract's name of its column, or the source's
// own name when the contract has none.
type cell struct {
	name  string
	kind  kind
	value string // JSON text for number, boolean and compound
}

// Text returns the value of a field by the contract's name, or by the source's
// own name of a column the contract does not know, as text: a number as it was
// written, an object as JSON. Of a field that is missing, empty or null it
// returns "".
func (r Row) Text(name string) string {
	c, _ := r.find(name)
	return strings.ToValidUTF8(c.value, "\uFFFD")
}

// find returns the cell of a field unless it is missing or empty.
func (r *Row) find(name string) (cell, bool) {
	for i := range r.cells {
		if r.cells[i].name == name {
			return r.cells[i], r.cells[i].kind != absent
		}
	}
	return cell{}, false
}

// harmed tells whether a value lost a character to bytes that were none.
func (r *Row) harmed(value string) bool {
	return r.damaged && (!utf8.ValidString(value) || strings.ContainsRune(value, utf8.RuneError))
}

// blank tells whether no cell holds anything.
func (r *Row) blank() bool {
	for i := range r.cells {
		if r.cells[i].kind != absent {
			return false
		}
	}
	return true
}

// record returns the row for the rejects file: as it was where that is one
// text, as CSV where it came from a sheet.
func (r *Row) record() string {
	if r.raw != "" {
		return r.raw
	}
	values := make([]string, len(r.cells))
	for i, c := range r.cells {
		values[i] = c.value
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(values); err != nil {
		return strings.Join(values, ",")
	}
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// attr returns the value of a cell as an entry of Attrs. A number that a
// float64 cannot hold exactly, such as a long order number, stays text.
func (c cell) attr() any {
	switch c.kind {
	case number:
		return exactNumber(c.value)
	case boolean:
		return c.value == "true"
	case compound:
		var v any
		if err := json.Unmarshal([]byte(c.value), &v); err != nil {
			return c.value
		}
		return v
	}
	return strings.ToValidUTF8(c.value, "\uFFFD")
}

func exactNumber(literal string) any {
	var f float64
	if err := json.Unmarshal([]byte(literal), &f); err != nil {
		return literal
	}
	const exact = 1 << 53
	if f >= exact || f <= -exact {
		return literal
	}
	return f
}
