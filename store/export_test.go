package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
)

// Submit lets tests put their own work into the writer's queue.
func (db *DB) Submit(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	return db.fail("test", db.writer.submit(ctx, 1, do))
}

// WritePool is the connection of the writer.
func (db *DB) WritePool() *sql.DB { return db.write }

// ReadPool is the pool of the readers.
func (db *DB) ReadPool() *sql.DB { return db.read }

// AppendAudit adds an entry within a call of the writer.
func AppendAudit(ctx context.Context, tx *sql.Tx, e triage.AuditEntry) error {
	return appendAudit(ctx, tx, e)
}
