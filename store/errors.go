package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// fault is a failure of the database that somebody can do something about.
type fault struct {
	code triage.Code
	// message says what is wrong and what to do. It reaches clients of the API,
	// so that it names no file and no server.
	message string
}

var (
	faultFull       = fault{triage.CodeUnavailable, "the disk is full; free some space and try again"}
	faultLocked     = fault{triage.CodeUnavailable, "the database is busy: another process holds the lock; wait for it or stop it, then try again"}
	faultGone       = fault{triage.CodeUnavailable, "the database server does not answer; check that it runs and can be reached"}
	faultPermission = fault{triage.CodeUnavailable, "access to the database is refused; check the owner and mode of the file and its folder, or user and password"}
	faultTooLarge   = fault{triage.CodeTooLarge, "a value is longer than the database can store; shorten it"}
)

func (f fault) error(name, doing string, cause error) error {
	return &triage.Error{
		Code:    f.code,
		Message: f.message,
		Err:     fmt.Errorf("store: %s: %s: %w", name, doing, cause),
	}
}

// errClosed answers calls after Shutdown.
var errClosed = &triage.Error{Code: triage.CodeUnavailable, Message: "the service is stopping; try again later", Err: errors.New("store: the database is closed")}

// fail gives a database error its code, and the name of the database and what
// was being done for the log. An error that already has a code, and the end of
// the caller's context, pass through.
func (db *DB) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	if _, coded := errors.AsType[*triage.Error](err); coded {
		return err
	}
	if f, ok := db.dialect.explain(err); ok {
		return f.error(db.name, doing, err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	return &triage.Error{Code: triage.CodeInternal, Message: "the database failed", Err: fmt.Errorf("store: %s: %s: %w", db.name, doing, err)}
}

// notFound turns the absence of a row into CodeNotFound.
func notFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return triage.Errorf(triage.CodeNotFound, format, args...)
	}
	return err
}
