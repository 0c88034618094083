package triage

import (
	"errors"
	"fmt"
)

// Code classifies an error for those who must react to it; web maps codes to
// HTTP statuses in one table.
type Code string

// The error codes.
const (
	CodeInvalid     Code = "invalid"      // the input is wrong: say which field
	CodeNotFound    Code = "not_found"    // no such thing
	CodeConflict    Code = "conflict"     // clashes with what is stored
	CodeUnavailable Code = "unavailable"  // storage is full, locked or gone: try again later
	CodeTooLarge    Code = "too_large"    // over a stated limit
	CodeForbidden   Code = "forbidden"    // known user, not allowed
	CodeUnauthed    Code = "unauthorized" // unknown user
	CodeInternal    Code = "internal"     // our fault
)

// Error is an error with a code, the field at fault and a message that may be
// shown to users.
type Error struct {
	Code    Code
	Field   string
	Message string
	// Err is the cause, for logs only.
	Err error
}

// Error says field and message, and the cause when there is one.
func (e *Error) Error() string {
	s := e.Message
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error without a field.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// FieldErrorf makes an Error of CodeInvalid about one field.
func FieldErrorf(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of the first Error in err's chain, CodeInternal when
// there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
