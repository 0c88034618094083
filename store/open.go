package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// DB is an open database with the current schema. All methods are safe for
// concurrent use; a method whose error is nil has reached the disk.
//
// Times keep milliseconds and come back in UTC.
type DB struct {
	read    *sql.DB
	write   *sql.DB
	writer  *writer
	dialect dialect
	// name is what errors call the database: the file, or host and database.
	name string
}

var (
	_ triage.CaseStore     = (*DB)(nil)
	_ triage.DecisionStore = (*DB)(nil)
	_ triage.SolutionStore = (*DB)(nil)
	_ triage.QueueStore    = (*DB)(nil)
	_ triage.AuditStore    = (*DB)(nil)
	_ triage.AuditReader   = (*DB)(nil)
	_ triage.CustomerStore = (*DB)(nil)
	_ triage.HistoryStore  = (*DB)(nil)
	_ triage.UserStore     = (*DB)(nil)
	_ triage.SessionStore  = (*DB)(nil)
	_ triage.AccountStore  = (*DB)(nil)
	_ triage.SessionKeeper = (*DB)(nil)
	_ triage.KeyStore      = (*DB)(nil)
	_ triage.ReplayStore   = (*DB)(nil)
	_ triage.ChangeFeed    = (*DB)(nil)
	_ jobs.RunLog          = (*RunLog)(nil)

	_ solution.Store  = (*DB)(nil)
	_ solution.Solved = (*DB)(nil)
	_ reply.Store     = (*DB)(nil)

	_ prevention.ClusterStore      = (*DB)(nil)
	_ prevention.MembershipStore   = (*DB)(nil)
	_ prevention.ClusterCounter    = (*DB)(nil)
	_ prevention.DetectionStore    = (*DB)(nil)
	_ prevention.ArrivalFeed       = (*DB)(nil)
	_ prevention.ExposureReader    = (*DB)(nil)
	_ prevention.ExposureFeed      = (*DB)(nil)
	_ prevention.CustomerReader    = (*DB)(nil)
	_ prevention.ActionStore       = (*DB)(nil)
	_ prevention.AnnouncementStore = (*DB)(nil)
	_ prevention.PlanStore         = (*DB)(nil)
	_ prevention.NoticeStore       = (*Outbox)(nil)
	_ prevention.NoticeDecider     = (*Outbox)(nil)
	_ prevention.NoticeReader      = (*DB)(nil)
	_ prevention.GuardStore        = (*DB)(nil)
	_ prevention.SuppressionLister = (*DB)(nil)
	_ prevention.EventRuleStore    = (*DB)(nil)
)

// Option changes how a database is opened.
type Option func(*options)

type options struct {
	busy time.Duration
}

// WithBusyTimeout sets how long a statement waits for another process's lock
// before it fails with CodeUnavailable. The default is five seconds.
func WithBusyTimeout(d time.Duration) Option {
	return func(o *options) { o.busy = d }
}

// Open opens the database and brings its schema up to date, creating a SQLite
// file when there is none. dsn is a path, "sqlite:PATH" or a postgres:// URL.
// The error names the file (or host and database, never a password) and says
// what to do. A database written by a newer qianyi is refused untouched.
func Open(ctx context.Context, dsn string, opts ...Option) (*DB, error) {
	o := options{busy: 5 * time.Second}
	for _, opt := range opts {
		opt(&o)
	}
	open := openSQLite
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		open = openPostgres
	}
	db, err := open(dsn, o)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(db.fail("open", err), db.closePools())
	}
	if err := db.sealAudit(ctx); err != nil {
		return nil, errors.Join(db.fail("chain the audit trail", err), db.closePools())
	}
	db.writer = newWriter(context.WithoutCancel(ctx), db.write)
	return db, nil
}

// Shutdown lets the running transaction end, refuses the calls that wait with
// CodeUnavailable, and closes the database. Calling it again does nothing.
// (Close is taken: it closes a case.)
func (db *DB) Shutdown() error {
	db.writer.stop()
	return db.closePools()
}

func (db *DB) closePools() error {
	errRead := db.read.Close()
	if err := db.write.Close(); err != nil {
		return fmt.Errorf("store: close %s: %w", db.name, err)
	}
	if errRead != nil {
		return fmt.Errorf("store: close %s: %w", db.name, errRead)
	}
	return nil
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.fail("ping", db.read.PingContext(ctx))
}
