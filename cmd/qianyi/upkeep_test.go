package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// filled makes a data folder with two cases and a user.
func filled(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	path := file(t, "a.jsonl", `{"id":"1","text":"宽带断网三天无人处理"}`+"\n"+`{"id":"2","text":"宽带又断网，要求赔偿"}`+"\n")
	imported(t, exitOK, "complaints", path, "--data", data)
	qianyi(t, "correct horse\n", "user", "add", "chief", "--role", "admin", "--data", data).must(t, exitOK)
	return data
}

func TestDoctorOfASoundFolder(t *testing.T) {
	t.Parallel()
	r := qianyi(t, "", "doctor", "--data", filled(t), "--json").must(t, exitOK)
	var findings []finding
	if err := json.Unmarshal([]byte(r.out), &findings); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, f := range findings {
		seen[f.Check] = f.Detail
	}
	if seen["cases"] != "2 received, 0 acknowledged, 0 closed" || seen["users"] != "1" || !strings.Contains(seen["search index"], "0 changes behind") {
		t.Errorf("got %+v", seen)
	}
}

func TestDoctorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	r := qianyi(t, "", "doctor", "--data", t.TempDir()).must(t, exitFailure)
	if !strings.Contains(r.out, "FAILED  database") || !strings.Contains(r.out, "-> ") {
		t.Errorf("an empty folder: got\n%s", r.out)
	}
	data := filled(t)
	damage(t, filepath.Join(data, "index"))
	r = qianyi(t, "", "doctor", "--data", data).must(t, exitFailure)
	if !strings.Contains(r.out, "qianyi reindex") {
		t.Errorf("a damaged index: got\n%s", r.out)
	}
}

// damage overwrites every file of a folder.
func damage(t *testing.T, dir string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			err = os.WriteFile(path, []byte("damaged"), 0o600)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReindexRepairsADamagedIndex(t *testing.T) {
	t.Parallel()
	data := filled(t)
	damage(t, filepath.Join(data, "index"))
	if r := qianyi(t, "", "reindex", "--data", data).must(t, exitOK); !strings.Contains(r.err, "2 cases") {
		t.Errorf("got %q", r.err)
	}
	r := qianyi(t, `{"id":"q","text":"宽带断网"}`, "triage", "--similar", "2", "--data", data).must(t, exitOK)
	if got := lines(t, r.out)[0].Similar; len(got) != 2 {
		t.Errorf("got %d similar cases after reindex, want 2", len(got))
	}
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	data := filled(t)
	copied := filepath.Join(t.TempDir(), "copy.db")
	qianyi(t, "", "backup", "--data", data, "--out", copied).must(t, exitOK)
	if r := qianyi(t, "", "backup", "--data", data, "--out", copied).must(t, exitFailure); !strings.Contains(r.err, copied) {
		t.Errorf("a second backup to one file: %q", r.err)
	}
	imported(t, exitOK, "complaints", file(t, "b.jsonl", `{"id":"3","text":"后来的投诉"}`), "--data", data)
	if r := qianyi(t, "", "restore", "--in", copied, "--data", data).must(t, exitFailure); !strings.Contains(r.err, "--force") {
		t.Errorf("restore over a database: %q", r.err)
	}
	qianyi(t, "", "restore", "--in", copied, "--data", data, "--force").must(t, exitOK)
	for id, want := range map[triage.ComplaintID]triage.Code{"1": "", "3": triage.CodeNotFound} {
		if got := caseCode(t, data, id); got != want {
			t.Errorf("case %s after restore: code %q, want %q", id, got, want)
		}
	}
	notBackup := file(t, "letter.db", strings.Repeat("a letter ", 1000))
	r := qianyi(t, "", "restore", "--in", notBackup, "--data", data, "--force").must(t, exitFailure)
	if !strings.Contains(r.err, notBackup) || caseCode(t, data, "1") != "" {
		t.Errorf("restore of a letter: %q", r.err)
	}
}

// caseCode opens the database of a folder and looks for a case.
func caseCode(t *testing.T, data string, id triage.ComplaintID) triage.Code {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Shutdown() //nolint:errcheck // only read
	_, err = db.Case(t.Context(), id)
	return triage.CodeOf(err)
}

func TestUserAddWantsAPassword(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for stdin, says := range map[string]string{"": "empty", "short\n": "at least 8"} {
		if r := qianyi(t, stdin, "user", "add", "chief", "--data", data).must(t, exitFailure); !strings.Contains(r.err, says) {
			t.Errorf("stdin %q: stderr is %q", stdin, r.err)
		}
	}
}

func TestJobRun(t *testing.T) {
	t.Parallel()
	data := filled(t)
	if r := qianyi(t, "", "job", "run", "index-catch-up", "--data", data).must(t, exitOK); !strings.Contains(r.err, "indexed 0") {
		t.Errorf("got %q", r.err)
	}
	db := opened(t, data)
	runs, err := db.RunLog().Runs(t.Context(), "index-catch-up", 1)
	if err := errors.Join(err, db.Shutdown()); err != nil || len(runs) != 1 || runs[0].By != cliActor {
		t.Errorf("got %+v, %v, want one run by %s", runs, err, cliActor)
	}
	if r := qianyi(t, "", "job", "run", "tea-break", "--data", data).must(t, exitFailure); !strings.Contains(r.err, `"tea-break"`) {
		t.Errorf("got %q", r.err)
	}
}
