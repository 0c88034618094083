package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/qianyi-dev/qianyi/triage"
)

var sqliteDialect = dialect{
	goose:      goose.DialectSQLite3,
	migrations: "migrations/sqlite",
	explain:    explainSQLite,
	drivenBy:   func(index string) string { return " INDEXED BY " + index },
	vacuumInto: true,
	emptyLog:   "PRAGMA wal_checkpoint(TRUNCATE)",
}

// walPages lets the log grow to 32 MB before it is copied into the file: pages
// of the indexes that a bulk import touches again and again are copied once.
const walPages = "wal_autocheckpoint(8000)"

// overwrite puts zeros in the place of what is deleted: what a person had erased
// must not be left in the free parts of the file, and in copies of it.
const overwrite = "secure_delete(1)"

// openSQLite opens one connection for writing and a pool for reading. PRAGMAs
// go into the DSN because one run by Exec reaches a single connection only.
func openSQLite(dsn string, o options) (*DB, error) {
	path := strings.TrimPrefix(dsn, "sqlite:")
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return nil, triage.Errorf(triage.CodeInvalid, "store: %q is not a file: give the path of the database file", dsn)
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", sqliteDSN(path, o, "synchronous(FULL)", "cache_size(-16384)", overwrite, walPages)+"&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", sqliteDSN(path, o, "query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: open %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	return &DB{read: read, write: write, dialect: sqliteDialect, name: path}, nil
}

// createPrivate creates the file readable for its owner alone, because it
// holds personal data; SQLite gives its side files the same mode.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	switch {
	case err == nil:
		return f.Close()
	case errors.Is(err, fs.ErrNotExist):
		return fault{triage.CodeInvalid, "the database's folder does not exist; create it or give another path"}.error(path, "open", err)
	case errors.Is(err, fs.ErrPermission):
		return faultPermission.error(path, "open", err)
	default:
		return fault{triage.CodeInvalid, "the database file cannot be opened for writing; check that it is a plain file"}.error(path, "open", err)
	}
}

func sqliteDSN(path string, o options, pragmas ...string) string {
	q := url.Values{"_pragma": {
		"busy_timeout(" + strconv.FormatInt(o.busy.Milliseconds(), 10) + ")",
		"journal_mode(WAL)",
		"foreign_keys(1)",
		"temp_store(MEMORY)",
	}}
	q["_pragma"] = append(q["_pragma"], pragmas...)
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path))
	return "file:" + escaped + "?" + q.Encode()
}

// explainSQLite knows the result codes by their low byte, the primary code.
func explainSQLite(err error) (fault, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fault{}, false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return faultFull, true
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return faultLocked, true
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return fault{triage.CodeUnavailable, "reading or writing the database failed; check the disk, its free space and the folder"}, true
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return faultPermission, true
	case sqlite3.SQLITE_NOTADB:
		return fault{triage.CodeInvalid, "the file is not a database; give another path or restore a backup"}, true
	case sqlite3.SQLITE_CORRUPT:
		return fault{triage.CodeInternal, "the database is damaged; stop the service and restore a backup"}, true
	case sqlite3.SQLITE_INTERRUPT:
		return fault{triage.CodeUnavailable, "the call was cancelled or took too long; try again"}, true
	case sqlite3.SQLITE_TOOBIG:
		return faultTooLarge, true
	}
	return fault{}, false
}
