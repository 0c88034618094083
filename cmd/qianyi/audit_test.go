package main

import (
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to tamper with a database as its owner can

	"github.com/qianyi-dev/qianyi/triage/access"
)

func TestAuditVerify(t *testing.T) {
	t.Parallel()
	data := filled(t)
	r := qianyi(t, "", "audit", "verify", "--data", data).must(t, exitOK)
	noted := strings.TrimSpace(r.out[strings.LastIndexByte(strings.TrimSpace(r.out), '\n')+1:])
	if id, hash, _ := strings.Cut(noted, ":"); id != "3" || len(hash) != 64 {
		t.Fatalf("got %q, want the third entry and its hash", r.out)
	}
	qianyi(t, "", "user", "role", "chief", "admin", "--data", data).must(t, exitOK)
	qianyi(t, "", "audit", "verify", "--expect", noted, "--data", data).must(t, exitOK)
	qianyi(t, "", "audit", "verify", "--expect", "3:zz", "--data", data).must(t, exitUsage)

	tamper(t, data, `UPDATE audit SET actor = 'somebody' WHERE id = 2`)
	r = qianyi(t, "", "audit", "verify", "--json", "--data", data).must(t, exitFailure)
	var proof struct {
		Holds   bool
		Entries int64
		Broken  int64
		Reason  string
	}
	if err := json.Unmarshal([]byte(r.out), &proof); err != nil {
		t.Fatal(err)
	}
	if proof.Holds || proof.Entries != 1 || proof.Broken != 2 || !strings.Contains(r.err, "broken at entry 2") {
		t.Errorf("got %+v and %q, want entry 2 to be found", proof, r.err)
	}
}

// tamper changes the trail behind the back of the program.
func tamper(t *testing.T, data, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range []string{"DROP TRIGGER audit_no_update", statement} {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestAuditExport(t *testing.T) {
	t.Parallel()
	data := filled(t)
	r := qianyi(t, "", "audit", "export", "--data", data).must(t, exitOK)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	var last auditLine
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if len(lines) != 3 || last.Actor != "cli" || last.Action != "user.add" || last.Object != "user:chief" || string(last.Detail) != `{"role":"admin"}` {
		t.Errorf("got %d lines, the last of them %+v", len(lines), last)
	}
	if r := qianyi(t, "", "audit", "export", "--to", "2001-01-01", "--data", data).must(t, exitOK); r.out != "" {
		t.Errorf("before everything: got %q", r.out)
	}
	qianyi(t, "", "audit", "export", "--from", "yesterday", "--data", data).must(t, exitUsage)
}

func TestUsersOnTheCommandLine(t *testing.T) {
	t.Parallel()
	data := filled(t)
	qianyi(t, "correct horse\n", "user", "add", "li", "--department", "网络部", "--data", data).must(t, exitOK)
	qianyi(t, "", "user", "role", "li", "lead", "--data", data).must(t, exitOK)
	qianyi(t, "", "user", "disable", "li", "--data", data).must(t, exitOK)
	qianyi(t, "", "user", "reset", "li", "--data", data).must(t, exitOK)
	if r := qianyi(t, "", "user", "list", "--data", data).must(t, exitOK); !strings.Contains(strings.Join(strings.Fields(r.out), " "), "li lead 网络部 disabled") {
		t.Errorf("got\n%s", r.out)
	}
	for _, args := range [][]string{{"disable", "chief"}, {"role", "chief", "agent"}} {
		r := qianyi(t, "", append(append([]string{"user"}, args...), "--data", data)...).must(t, exitFailure)
		if !strings.Contains(r.err, "last administrator") {
			t.Errorf("%v: got %q", args, r.err)
		}
	}
	qianyi(t, "correct horse\n", "user", "add", "api:li", "--data", data).must(t, exitUsage)
	qianyi(t, "password1\n", "user", "add", "wang", "--data", data).must(t, exitFailure)
}

func TestKeysOnTheCommandLine(t *testing.T) {
	t.Parallel()
	data := filled(t)
	r := qianyi(t, "", "key", "add", "report", "--owner", "chief", "--allow", "case.read,job.read", "--expires", "2099-12-31", "--data", data).must(t, exitOK)
	secret := strings.TrimSpace(r.out)
	if !strings.HasPrefix(secret, "qy_") || len(secret) < 40 {
		t.Errorf("got the secret %q", secret)
	}
	if r := qianyi(t, "", "key", "list", "--data", data).must(t, exitOK); !strings.Contains(r.out, "case.read job.read") || strings.Contains(r.out, secret) {
		t.Errorf("got\n%s", r.out)
	}
	qianyi(t, "", "key", "revoke", "1", "--data", data).must(t, exitOK)
	qianyi(t, "", "key", "revoke", "1", "--data", data).must(t, exitFailure)
	qianyi(t, "", "key", "add", "report", "--owner", "chief", "--allow", "everything", "--data", data).must(t, exitUsage)
}

func TestNewSealer(t *testing.T) {
	t.Parallel()
	c := config{Data: t.TempDir()}
	none := func(string) (string, bool) { return "", false }
	first, err := newSealer(&c, none)
	if err != nil {
		t.Fatal(err)
	}
	again, err := newSealer(&c, none)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(first.Seal("x", "li"), "li"); err != nil || got != "x" {
		t.Errorf("after a restart: got %q, %v", got, err)
	}
	path := filepath.Join(c.Data, keyFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is %v, %v, want a file for its owner alone", info, err)
	}
	key := access.NewKey()
	variable := func(string) (string, bool) { return hex.EncodeToString(key[:]), true }
	if s, err := newSealer(&c, variable); err != nil {
		t.Error(err)
	} else if _, err := s.Open(first.Seal("x", "li"), "li"); err == nil {
		t.Error("the key of the environment is not the one in use")
	}
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newSealer(&c, none); err == nil || !strings.Contains(err.Error(), "64 hex digits") {
		t.Errorf("a damaged key: got %v", err)
	}
}
