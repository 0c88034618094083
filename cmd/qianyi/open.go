package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// newLogger writes text for people and JSON for programs.
func newLogger(w io.Writer, c *config) *slog.Logger {
	level, err := c.level()
	if err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "text" || c.Log.Format == "auto" && isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

// quietLogger is for commands that say themselves what matters.
func quietLogger() *slog.Logger { return slog.New(slog.DiscardHandler) }

// packOptions say which analyser a configuration asks for.
func (c *config) packOptions() pack.Options {
	return pack.Options{PackDir: c.Packs, Pack: c.Pack, Model: c.Model, Calendar: c.workingTime()}
}

// createStore opens the database, making folder and file when there are none.
func createStore(ctx context.Context, c *config) (*store.DB, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s cannot be made: %w", c.Data, err)
	}
	return store.Open(ctx, c.dsn())
}

// existingStore opens a database that must be there: a mistyped folder must not
// become an empty one.
func existingStore(ctx context.Context, c *config) (*store.DB, error) {
	if file := c.sqliteFile(); file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s: name the data folder of a service with --data", file)
		}
	}
	return store.Open(ctx, c.dsn())
}

// withStore opens a database that must be there, for do. The flags are those of
// a configuration and of its data, and more that do needs.
func withStore(
	ctx context.Context, s settings, d dataSettings, do func(*config, *store.DB) error, more ...map[string]string,
) (err error) {
	c, err := s.load(append(more, d.flags())...)
	if err != nil {
		return err
	}
	db, err := existingStore(ctx, &c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	return do(&c, db)
}

// place is the flag that leads another command to the same database.
func (c *config) place() string {
	if c.DB != "" {
		return "--db " + redactDSN(c.DB)
	}
	return "--data " + c.Data
}

// sqliteFile returns the database file, "" when the database is a server.
func (c *config) sqliteFile() string {
	dsn := c.dsn()
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return ""
	}
	return strings.TrimPrefix(dsn, "sqlite:")
}

// analyst judges complaints and knows the types it judges by.
type analyst interface {
	triage.Analyzer
	triage.Catalogue
}

// newService joins the domain service to a database. index may be nil.
func newService(c *config, a analyst, db *store.DB, index *shadow, log *slog.Logger) (*triage.Service, error) {
	customers, err := newCustomers(c, db, c.now, log)
	if err != nil {
		return nil, err
	}
	d := triage.Deps{
		Analyzer: a, Catalogue: a,
		Cases: db, Decisions: db, Queue: db, Solutions: db, Audit: db,
		Closer: life.New(life.Deps{Store: db, Calendar: c.workingTime(), Zone: c.zone(), Now: c.now}),
		Opener: life.NewOpener(c.workingTime()), Customers: db, Matcher: customers.Recogniser(),
		Now: c.now, Log: log,
	}
	if index != nil {
		d.Similar, d.Index = index, index
	}
	return triage.New(d), nil
}
