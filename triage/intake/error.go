package intake

import (
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// RowError is one row that cannot be used. Reading goes on after it.
type RowError struct {
	// File and Line say where the record begins; lines (rows of a sheet) count
	// from 1.
	File string
	Line int
	// Field is the contract's name of the field at fault, "" when the row as a
	// whole cannot be read.
	Field  string
	Reason string
	// Record is the row as it was, for the rejects file. It holds personal data
	// and is no part of the message.
	Record string
	// Err is the cause; triage.CodeOf works on it.
	Err error
}

// Error prints like `complaints.csv:12: at: "2026-13-01" is not a time`.
func (e *RowError) Error() string {
	s := fmt.Sprintf("%s:%d: ", e.File, e.Line)
	if e.Field != "" {
		s += e.Field + ": "
	}
	return s + e.Reason
}

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }

// rowError makes the error of a row from what is wrong with it.
func rowError(r *Row, cause error) *RowError {
	e := &RowError{File: r.File, Line: r.Line, Reason: cause.Error(), Record: r.record(), Err: cause}
	if known, ok := errors.AsType[*triage.Error](cause); ok {
		e.Field, e.Reason = known.Field, known.Message
	}
	return e
}

// Refuse makes the error of a row that could be read but was not taken, from
// the reason of whoever refused it.
func (r *Row) Refuse(cause error) *RowError { return rowError(r, cause) }

// fileErrorf makes the error that ends the reading of a file.
func fileErrorf(format string, args ...any) error {
	return triage.Errorf(triage.CodeInvalid, format, args...)
}

// quoted shows a value of the input in a message, at most 40 characters of it.
func quoted(value string) string {
	const limit = 40
	n := 0
	for i := range value {
		if n == limit {
			return fmt.Sprintf("%q", value[:i]+"…")
		}
		n++
	}
	return fmt.Sprintf("%q", value)
}
