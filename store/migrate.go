package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/qianyi-dev/qianyi/triage"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// dialect holds the few things that differ between the databases.
type dialect struct {
	goose      goose.Dialect
	migrations string
	// advisoryLock keeps two processes from migrating at the same time; SQLite
	// locks the file anyway.
	advisoryLock bool
	// explain recognises the driver's errors.
	explain func(error) (fault, bool)
	// drivenBy is the clause that makes a query on cases use an index, for a
	// planner that would guess.
	drivenBy func(index string) string
	// vacuumInto is set where a database is a file that can be copied.
	vacuumInto bool
	// emptyLog takes out of the database's log what is in its tables, "" where
	// the database does so itself.
	emptyLog string
}

// migrate applies the missing migrations, each in its own transaction.
func (db *DB) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, db.dialect.migrations)
	if err != nil {
		return fmt.Errorf("find migrations: %w", err)
	}
	var opts []goose.ProviderOption
	if db.dialect.advisoryLock {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("make migration lock: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(db.dialect.goose, db.write, folder, opts...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if current > target {
		return &triage.Error{
			Code:    triage.CodeConflict,
			Message: "the database was written by a newer qianyi; use that version or a later one",
			Err:     fmt.Errorf("store: %s: schema %d is newer than this program's %d", db.name, current, target),
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
