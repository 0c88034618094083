package store

import (
	"context"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// Verify checks the whole file of a SQLite database, which takes time with its
// size, and returns the number of the schema. A damaged file is CodeInternal.
// PostgreSQL looks after its own files: there only the schema is read.
func (db *DB) Verify(ctx context.Context) (schema int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&schema)
	if err != nil {
		return 0, db.fail("read the schema version", err)
	}
	if !db.dialect.vacuumInto {
		return schema, nil
	}
	var verdict string
	if err := db.read.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return schema, db.fail("check the file", err)
	}
	if verdict != "ok" {
		return schema, &triage.Error{
			Code: triage.CodeInternal, Message: "the database is damaged; stop the service and restore a backup",
			Err: fmt.Errorf("store: %s: %s", db.name, verdict),
		}
	}
	return schema, nil
}
