package main

import (
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	lines := auditLines(t, r.out)
	if len(lines) != 4 {
		t.Fatalf("got %d lines, want 4:\n%s", len(lines), r.out)
	}
	if e := lines[2]; e.Actor != "cli" || e.Action != "user.add" || e.Object != "user:chief" || string(e.Detail) != `{"role":"admin"}` {
		t.Errorf("got %+v, want the new user", e)
	}
	if e := lines[3]; e.Actor != "cli" || e.Action != "export" || e.Object != "audit" {
		t.Errorf("got %+v, want the export itself", e)
	}
	if r := qianyi(t, "", "audit", "export", "--to", "2001-01-01", "--data", data).must(t, exitOK); r.out != "" {
		t.Errorf("before everything: got %q", r.out)
	}
	qianyi(t, "", "audit", "export", "--from", "yesterday", "--data", data).must(t, exitUsage)
}

// Who exported is in the trail also when the data did not arrive.
func TestAuditExportIntoABrokenPipe(t *testing.T) {
	t.Parallel()
	data := filled(t)
	gone, out := io.Pipe()
	gone.Close()
	var errs strings.Builder
	execute(t.Context(), []string{"audit", "export", "--data", data}, &streams{out: out, err: &errs, load: loadOnce})
	lines := auditLines(t, qianyi(t, "", "audit", "export", "--data", data).must(t, exitOK).out)
	if len(lines) != 5 || lines[3].Action != "export" || errs.Len() > 0 {
		t.Errorf("got %+v and %q, want both exports", lines, errs.String())
	}
}

func auditLines(t *testing.T, out string) (lines []auditLine) {
	t.Helper()
	for text := range strings.Lines(out) {
		var l auditLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
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

// What the trail says of a key is JSON whatever its name, and names what the key
// may do.
func TestTrailOfKeys(t *testing.T) {
	t.Parallel()
	data := filled(t)
	const name = "bell\aof <\"月报\">"
	qianyi(t, "", "key", "add", name, "--owner", "chief", "--allow", "job.read,case.read", "--data", data).must(t, exitOK)
	lines := auditLines(t, qianyi(t, "", "audit", "export", "--data", data).must(t, exitOK).out)
	added := slices.IndexFunc(lines, func(l auditLine) bool { return l.Action == "key.add" })
	if added < 0 {
		t.Fatalf("got %+v", lines)
	}
	var got map[string]string
	if err := json.Unmarshal(lines[added].Detail, &got); err != nil {
		t.Fatalf("%s: %v", lines[added].Detail, err)
	}
	if want := map[string]string{"name": name, "permissions": "case.read job.read"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
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
