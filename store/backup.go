package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"

	"github.com/qianyi-dev/qianyi/triage"
)

// Backup writes a consistent copy of the database to a new file, readable for
// its owner alone, while the service goes on. An existing file is CodeConflict.
// PostgreSQL has pg_dump for this: there the error is CodeInvalid.
func (db *DB) Backup(ctx context.Context, path string) error {
	if !db.dialect.vacuumInto {
		return triage.Errorf(triage.CodeInvalid, "%s: a PostgreSQL database is backed up with pg_dump", db.name)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return triage.Errorf(triage.CodeConflict, "%s exists already; give the backup another name", path)
	}
	if err != nil {
		return &triage.Error{Code: triage.CodeUnavailable, Message: "the backup file cannot be made; check its folder", Err: fmt.Errorf("store: back up to %s: %w", path, err)}
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("store: back up to %s: %w", path, err)
	}
	if err := db.copyTo(ctx, path); err != nil {
		return errors.Join(db.fail("back up to "+path, err), os.Remove(path))
	}
	return nil
}

// copyTo takes a connection from the readers, so that the writer goes on,
// frees it from their ban on writing, and throws it away.
func (db *DB) copyTo(ctx context.Context, path string) error {
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Raw(func(any) error { return driver.ErrBadConn }) //nolint:errcheck // the error is what closes it
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only(0)"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO $1", path)
	return err
}
