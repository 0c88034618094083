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
	// message is for the user, advice for the operator's log.
	message string
	advice  string
}

var (
	faultFull       = fault{triage.CodeUnavailable, "磁盘空间已满，请联系管理员清理后重试", "the disk is full; free some space and try again"}
	faultLocked     = fault{triage.CodeUnavailable, "数据库正忙，请稍后重试", "another process holds the lock; wait for it or stop it, then try again"}
	faultGone       = fault{triage.CodeUnavailable, "数据库暂时无法连接，请稍后重试", "the server does not answer; check that it runs and can be reached"}
	faultPermission = fault{triage.CodeUnavailable, "没有访问数据库的权限，请联系管理员", "access is refused; check the owner and mode of the file and its folder, or user and password"}
	faultTooLarge   = fault{triage.CodeTooLarge, "内容过长，无法保存", "a value is longer than the database can store; shorten it"}
)

func (f fault) error(name, doing string, cause error) error {
	return &triage.Error{
		Code:    f.code,
		Message: f.message,
		Err:     fmt.Errorf("store: %s: %s: %s: %w", name, doing, f.advice, cause),
	}
}

// errClosed answers calls after Shutdown.
var errClosed = &triage.Error{Code: triage.CodeUnavailable, Message: "服务正在停止，请稍后重试", Err: errors.New("store: the database is closed")}

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
	return &triage.Error{Code: triage.CodeInternal, Message: "数据库出错，请联系管理员", Err: fmt.Errorf("store: %s: %s: %w", db.name, doing, err)}
}

// notFound turns the absence of a row into CodeNotFound.
func notFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return triage.Errorf(triage.CodeNotFound, format, args...)
	}
	return err
}
