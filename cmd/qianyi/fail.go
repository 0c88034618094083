package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
)

// usageError is a mistake in the command line, not in the data.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// exitCode writes an error as one line and returns the exit code.
func exitCode(stderr io.Writer, err error) int {
	switch {
	case err == nil, isClosedPipe(err):
		return exitOK
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "qianyi: interrupted")
		return exitFailure
	}
	fmt.Fprintln(stderr, "qianyi:", oneLine(err.Error()))
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailure
}

// isClosedPipe says that whoever read our output has had enough, as head does.
func isClosedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// oneLine joins the lines of a message.
func oneLine(message string) string {
	lines := strings.FieldsFunc(message, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "; ")
}
