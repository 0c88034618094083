package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/qianyi-dev/qianyi/store"
)

// backupCmd copies the database; the search index is built again from it.
type backupCmd struct {
	settings
	dataSettings
	Out string `required:"" help:"File to write; it must not exist." placeholder:"FILE"`
}

// Run writes a consistent copy, also while a service writes.
func (cmd *backupCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(_ *config, db *store.DB) error {
		if err := db.Backup(ctx, cmd.Out); err != nil {
			return err
		}
		s.say("backup: wrote %s; it holds personal data, keep it safe", cmd.Out)
		return nil
	})
}

// restoreCmd puts a backup in the place of a database.
type restoreCmd struct {
	settings
	dataSettings
	In    string `required:"" help:"Backup to restore." placeholder:"FILE"`
	Force bool   `help:"Replace the database that is there; it is kept as qianyi.db.before-restore."`
}

// Run checks the backup before it touches anything. The service must be
// stopped: a running one would go on with the old files.
func (cmd *restoreCmd) Run(ctx context.Context, s *streams) error {
	c, err := cmd.load(cmd.dataSettings.flags())
	if err != nil {
		return err
	}
	target := c.sqliteFile()
	if target == "" {
		return usagef("restore is for SQLite; use pg_restore for PostgreSQL")
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if _, err := os.Stat(target); err == nil && !cmd.Force {
		return fmt.Errorf("%s exists; stop the service and use --force to replace it", target)
	}
	fresh := target + ".restoring"
	if err := copyFile(cmd.In, fresh); err != nil {
		return err
	}
	if err := tryStore(ctx, fresh); err != nil {
		return errors.Join(fmt.Errorf("%s is not a usable backup: %w", cmd.In, err), removeDatabase(fresh))
	}
	if err := replaceDatabase(fresh, target); err != nil {
		return err
	}
	// The index follows another history; it is built again at the next start.
	if err := os.RemoveAll(c.indexDir()); err != nil {
		return fmt.Errorf("remove the old search index: %w", err)
	}
	s.say("restore: %s is in place; the search index is built again at the next start", target)
	return nil
}

// copyFile copies to a new file that only its owner may read, and to the disk.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("restore: copy %s: %w", from, err)
	}
	return out.Sync()
}

// tryStore opens a database, checks it and brings its schema up to date.
func tryStore(ctx context.Context, file string) error {
	if info, err := os.Stat(file); err != nil || info.Size() == 0 {
		return errors.Join(errors.New("it is empty"), err)
	}
	db, err := store.Open(ctx, file)
	if err != nil {
		return err
	}
	_, err = db.Verify(ctx)
	return errors.Join(err, db.Shutdown())
}

// sides are the files that SQLite keeps beside a database.
var sides = []string{"", "-wal", "-shm"}

// replaceDatabase moves the database that is there aside, with the files that
// belong to it, and the new one in its place.
func replaceDatabase(fresh, target string) error {
	aside := target + ".before-restore"
	if err := removeDatabase(aside); err != nil {
		return err
	}
	for _, side := range sides {
		if err := os.Rename(target+side, aside+side); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("move the old database aside: %w", err)
		}
	}
	for _, side := range sides {
		if err := os.Rename(fresh+side, target+side); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("put the backup in place: %w", err)
		}
	}
	return nil
}

func removeDatabase(file string) error {
	for _, side := range sides {
		if err := os.Remove(file + side); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
