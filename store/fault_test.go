package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// cases returns n cases with ids that begin with prefix.
func cases(prefix string, n int) []triage.Case {
	at := time.Date(2026, time.March, 1, 9, 30, 0, 0, time.UTC)
	list := make([]triage.Case, n)
	for i := range list {
		list[i].ID = triage.ComplaintID(fmt.Sprintf("%s-%06d", prefix, i))
		list[i].Text = strings.Repeat("宽带断了三天没人来修。", 8)
		list[i].At, list[i].ReceivedAt = at.Add(time.Duration(i)*time.Second), at
		list[i].Assessment.Type = "network"
	}
	return list
}

// unavailable checks code and text of an error that the operator must act on.
func unavailable(t *testing.T, err error, words ...string) {
	t.Helper()
	if triage.CodeOf(err) != triage.CodeUnavailable {
		t.Fatalf("got %v, want an error of CodeUnavailable", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not say %q", err, w)
		}
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "q.db")
	db := open(t, path)
	if _, err := db.Accept(t.Context(), cases("early", 10)); err != nil {
		t.Fatal(err)
	}
	limit := func(pages int) {
		if _, err := db.WritePool().ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes the present size when the limit is below it
	_, err := db.Accept(t.Context(), cases("late", 1000))
	unavailable(t, err, path, "disk is full; free some space")

	if got, err := db.Case(t.Context(), "early-000009"); err != nil || got.Seq != 10 {
		t.Errorf("what was stored before reads as %d, %v", got.Seq, err)
	}
	limit(1 << 30)
	accepted, err := db.Accept(t.Context(), cases("late", 1000))
	if err != nil {
		t.Fatalf("with space again: %v", err)
	}
	if accepted[0] != (triage.Accepted{Seq: 11, New: true}) {
		t.Errorf("the repeated call was answered %+v, want number 11, new", accepted[0])
	}
}

func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "q.db")
	db := open(t, path, store.WithBusyTimeout(20*time.Millisecond))
	other := open(t, path)
	conn, err := other.WritePool().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err = db.Accept(t.Context(), cases("a", 1))
	unavailable(t, err, path, "another process holds the lock")
	if _, err := db.Queue(t.Context(), triage.QueueFilter{}); err != nil {
		t.Errorf("reading while another process writes: %v", err)
	}
	if _, err := conn.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Accept(t.Context(), cases("a", 1)); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestOpenBadPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		dsn   string
		words []string
	}{
		"not a database": {garbage, []string{garbage, "is not a database", "restore a backup"}},
		"no folder":      {filepath.Join(dir, "none", "q.db"), []string{"none", "folder does not exist"}},
		"a folder":       {"sqlite:" + dir, []string{dir, "plain file"}},
		"memory":         {":memory:", []string{"path of the database file"}},
		"nothing":        {"", []string{"path of the database file"}},
		"bad address":    {"postgres://user:secret@[::1/db", []string{"postgres://USER"}},
		"no server":      {"postgres://user:secret@127.0.0.1:1/db?connect_timeout=2", []string{"postgres://127.0.0.1:1/db", "does not answer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, err := store.Open(t.Context(), tt.dsn)
			if err == nil {
				t.Fatalf("opened, want an error; shut down: %v", db.Shutdown())
			}
			for _, w := range tt.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error %q does not say %q", err, w)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error %q shows the password", err)
			}
		})
	}
}

func TestOddFileNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "客服 100%?mode=memory#1.db")
	for range 2 {
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Accept(t.Context(), cases("a", 1)); err != nil {
			t.Fatal(err)
		}
		if err := db.Shutdown(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("the file has mode %o, want 600: it holds personal data", got)
	}
	db := open(t, path)
	if last, err := db.LastChange(t.Context()); err != nil || last != 1 {
		t.Errorf("after opening again the last change is %d (%v), want 1", last, err)
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "q.db"))
	if _, err := db.Accept(t.Context(), cases("a", 100)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "copy.db")
	if err := db.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), path); triage.CodeOf(err) != triage.CodeConflict {
		t.Errorf("an existing file: got %v, want CodeConflict", err)
	}
	if _, err := open(t, path).Case(t.Context(), "a-000099"); err != nil {
		t.Errorf("reading the copy: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(ctx, filepath.Join(dir, "stopped.db")); err == nil {
		t.Error("a stopped backup is no error")
	}
	if _, err := os.Stat(filepath.Join(dir, "stopped.db")); !os.IsNotExist(err) {
		t.Errorf("a stopped backup left its file: %v", err)
	}
}
