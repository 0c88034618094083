package intake

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// fields reads the fields of one row into typed values. The first failure is
// kept and makes the rest return zero values.
type fields struct {
	row *Row
	err error
}

func (f *fields) fail(name, format string, args ...any) {
	if f.err == nil {
		f.err = triage.FieldErrorf(name, format, args...)
	}
}

// get returns a field that is there.
func (f *fields) get(name string) (cell, bool) {
	if f.err != nil {
		return cell{}, false
	}
	return f.row.find(name)
}

// verbatim returns a text exactly as it came.
func (f *fields) verbatim(name string) string {
	c, ok := f.get(name)
	if !ok {
		return ""
	}
	if c.kind != text {
		f.fail(name, "is %s; expected a text", c.describe())
		return ""
	}
	if f.row.harmed(c.value) {
		return strings.ToValidUTF8(c.value, "\uFFFD")
	}
	return c.value
}

// text returns a text without blanks around it.
func (f *fields) text(name string) string { return strings.TrimSpace(f.verbatim(name)) }

// code returns a text or a number as it was written: ids, keys, phone numbers.
func (f *fields) code(name string) string {
	c, ok := f.get(name)
	if !ok || c.kind == text {
		return f.text(name)
	}
	if c.kind != number {
		f.fail(name, "is %s; expected a text or a number", c.describe())
		return ""
	}
	return c.value
}

// intact refuses the row when one of the fields lost a character to bytes that
// are none in the file's encoding.
func (f *fields) intact(names ...string) {
	for _, name := range names {
		if c, ok := f.get(name); ok && f.row.harmed(c.value) {
			f.fail(name, "holds bytes that are no text in the encoding of the file; save the file as UTF-8 and send the row again")
		}
	}
}

// required refuses the row when a value is empty.
func (f *fields) required(name, value, why string) {
	if value == "" {
		f.fail(name, "is missing: %s", why)
	}
}

// time returns the zero time for a field that is missing.
func (f *fields) time(name string) time.Time {
	value := f.text(name)
	if value == "" {
		return time.Time{}
	}
	t, err := f.row.parseTime(value)
	if err != nil {
		f.fail(name, "%v", err)
	}
	return t
}

// number returns nil for a field that is missing.
func (f *fields) number(name string, low, high float64) *float64 {
	c, ok := f.get(name)
	if !ok {
		return nil
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(c.value), 64)
	if err != nil || c.kind != text && c.kind != number {
		f.fail(name, "%s is not a number", quoted(c.value))
		return nil
	}
	if !(v >= low && v <= high) {
		f.fail(name, "%v is outside %v..%v", v, low, high)
		return nil
	}
	return &v
}

// count returns 0 for a field that is missing.
func (f *fields) count(name string) int {
	v := f.number(name, 0, math.MaxInt32)
	if v == nil {
		return 0
	}
	if *v != math.Trunc(*v) {
		f.fail(name, "%v is not a whole number", *v)
	}
	return int(*v)
}

// flag returns false for a field that is missing.
func (f *fields) flag(name string) bool {
	c, ok := f.get(name)
	if !ok {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(c.value)) {
	case "0", "false", "no", "n", "否":
		return false
	case "1", "true", "yes", "y", "是":
		return true
	}
	f.fail(name, "%s is neither 0 nor 1", quoted(c.value))
	return false
}

// object returns nil for a field that is missing. In a table the object is
// written as JSON.
func (f *fields) object(name string) map[string]any {
	c, ok := f.get(name)
	if !ok || c.kind == text && strings.TrimSpace(c.value) == "" {
		return nil
	}
	if c.kind != text && c.kind != compound {
		f.fail(name, "is %s; expected an object", c.describe())
		return nil
	}
	attrs, err := object(c.value)
	if err != nil {
		f.fail(name, "%v", err)
	}
	return attrs
}

// choice returns one of a fixed set of values by its name or another name of
// it, and otherwise when the field is missing.
func choice[T ~string](f *fields, name string, otherwise T, values map[string]T, list string) T {
	value := f.text(name)
	if value == "" {
		return otherwise
	}
	v, ok := values[strings.ToLower(value)]
	if !ok {
		f.fail(name, "%s is unknown; use one of %s", quoted(value), list)
	}
	return v
}

// result returns the failure as the error of the row.
func (f *fields) result() error {
	if f.err == nil {
		return nil
	}
	return rowError(f.row, f.err)
}

// describe names a value that has the wrong type.
func (c cell) describe() string {
	switch c.kind {
	case number:
		return "the number " + strings.Trim(quoted(c.value), `"`)
	case boolean:
		return "the truth value " + c.value
	case compound:
		if c.value[0] == '[' {
			return "a list"
		}
		return "an object"
	}
	return "a text"
}
