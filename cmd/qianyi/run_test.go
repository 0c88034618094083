package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// commandEnv makes the test binary behave as the program itself, for tests
// that have to kill it.
const commandEnv = "QIANYI_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandEnv) != "" {
		main()
	}
	gin.SetMode(gin.ReleaseMode)
	os.Exit(m.Run())
}

// analyzers remembers one analyser per choice: loading one takes half a second.
var analyzers sync.Map

func loadOnce(o pack.Options) (*pack.Analyzer, error) {
	if o.PackDir != "" || o.Model != "" {
		return pack.NewAnalyzer(o) // files may change between tests
	}
	once, _ := analyzers.LoadOrStore(o.Pack+map[bool]string{true: "/words"}[o.WordsOnly]+officeOf(o.Calendar),
		sync.OnceValues(func() (*pack.Analyzer, error) { return pack.NewAnalyzer(o) }))
	return once.(func() (*pack.Analyzer, error))()
}

// officeOf tells calendars apart: by when an urgent and an ordinary complaint of
// a Sunday are due.
func officeOf(c pack.Calendar) string {
	if c == nil {
		return ""
	}
	sunday := time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)
	return c.Limit(nlp.UrgencyHigh, sunday, 4*time.Hour).String() + c.Limit(nlp.UrgencyNormal, sunday, 4*time.Hour).String()
}

// result is what one command line did.
type result struct {
	code     int
	out, err string
}

// qianyi runs a command line with the given standard input.
func qianyi(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	return qianyiFrom(t, strings.NewReader(stdin), args...)
}

func qianyiFrom(t *testing.T, stdin io.Reader, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := execute(t.Context(), args, &streams{in: stdin, out: &out, err: &errs, load: loadOnce})
	return result{code, out.String(), errs.String()}
}

// must fails the test unless the command ended with the code.
func (r result) must(t *testing.T, code int) result {
	t.Helper()
	if r.code != code {
		t.Fatalf("got exit code %d, want %d\nstdout: %.500s\nstderr: %.2000s", r.code, code, r.out, r.err)
	}
	return r
}

// file writes a file of the test and returns its path.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUsage(t *testing.T) {
	t.Parallel()
	absent := filepath.Join(t.TempDir(), "absent")
	tests := []struct {
		name string
		args []string
		code int
		says string // on stderr
	}{
		{"no command", nil, exitUsage, "expected one of"},
		{"unknown command", []string{"launch"}, exitUsage, "launch"},
		{"unknown flag", []string{"serve", "--adr", ":1"}, exitUsage, "--adr"},
		{"missing argument", []string{"import", "complaints"}, exitUsage, "file"},
		{"unknown kind of records", []string{"import", "letters", "a.csv"}, exitUsage, "letters"},
		{"missing required flag", []string{"train", "--task", "type"}, exitUsage, "--in"},
		{"bad value of an enum", []string{"train", "--task", "topic", "--in", "a", "--out", "b"}, exitUsage, "topic"},
		{"bad number", []string{"triage", "--similar", "few"}, exitUsage, "similar"},
		{"number out of range", []string{"triage", "--similar", "-1"}, exitUsage, "--similar"},
		{"bad address", []string{"serve", "--addr", "8080"}, exitUsage, "--addr"},
		{"bad zone", []string{"triage", "--zone", "Mars/Olympus"}, exitUsage, "--zone"},
		{"nothing to measure", []string{"eval", "--in", absent}, exitUsage, "--model"},
		{"unknown pack", []string{"triage", "--pack", "telekom"}, exitFailure, `"telekom"`},
		{"input that is not there", []string{"triage", "--in", absent}, exitFailure, absent},
		{"input that is a folder", []string{"triage", "--in", t.TempDir()}, exitFailure, "is a folder"},
		{"import file that is not there", []string{"import", "complaints", absent, "--data", t.TempDir()}, exitFailure, absent},
		{"model that is not there", []string{"triage", "--model", absent}, exitFailure, absent},
		{"no database", []string{"reindex", "--data", absent}, exitFailure, absent},
		{"configuration that is not there", []string{"config", "check", "--config", absent}, exitFailure, absent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := qianyi(t, "", tt.args...).must(t, tt.code)
			if r.out != "" {
				t.Errorf("data on stdout: %q", r.out)
			}
			if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, tt.says) {
				t.Errorf("stderr is %q, want one line that says %q", r.err, tt.says)
			}
		})
	}
}

func TestHelpOfEveryCommand(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"", "serve", "triage", "import", "train", "eval", "detect", "reindex", "backup", "restore", "doctor",
		"config check", "user add", "key add", "audit verify", "job run", "simulate", "lint-reply", "version",
	} {
		args := append(strings.Fields(command), "--help")
		r := qianyi(t, "", args...).must(t, exitOK)
		if !strings.Contains(r.out, "Usage: qianyi") || r.err != "" {
			t.Errorf("%v: stdout %.60q, stderr %q", args, r.out, r.err)
		}
	}
}

func TestInterruptedCommandSaysSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	s := &streams{in: strings.NewReader("退款\n"), out: &out, err: &errs, load: loadOnce}
	if code := execute(ctx, []string{"triage"}, s); code != exitFailure || errs.String() != "qianyi: interrupted\n" {
		t.Errorf("got exit code %d and %q", code, errs.String())
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if r := qianyi(t, "", "version").must(t, exitOK); !strings.HasPrefix(r.out, "qianyi ") {
		t.Errorf("got %q", r.out)
	}
	if r := qianyi(t, "", "version", "--json").must(t, exitOK); !strings.Contains(r.out, `"go":"go`) {
		t.Errorf("got %q", r.out)
	}
}

// defaultOptions is the analyser that commands use when nothing is said.
func defaultOptions() pack.Options {
	c := defaultConfig()
	return c.packOptions()
}
