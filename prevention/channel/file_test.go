package channel_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/triage"
)

// handover opens a file in a format.
func handover(t *testing.T, path, format string) *channel.File {
	t.Helper()
	f, err := channel.OpenFile(channel.FileConfig{Path: path, Format: format}, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// keysIn reads a file as its receiver does.
func keysIn(t *testing.T, path, format string) []string {
	t.Helper()
	var keys []string
	if format == "jsonl" {
		for line := range strings.Lines(read(t, path)) {
			var m struct{ Key string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatalf("line %q: %v", line, err)
			}
			keys = append(keys, m.Key)
		}
		return keys
	}
	rows, err := csv.NewReader(strings.NewReader(read(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		keys = append(keys, row[0])
	}
	return keys
}

func send(t *testing.T, f *channel.File, key string) {
	t.Helper()
	m := notice
	m.Key = key
	if _, err := f.Send(t.Context(), m); err != nil {
		t.Error(err)
	}
}

func TestFileTellsOnceAcrossRestarts(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "jsonl"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "out")
			for range 3 {
				f := handover(t, path, format)
				for _, key := range []string{"a", "=b", "'c", "a"} {
					send(t, f, key)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
			want := []string{"a", "=b", "'c"}
			if format == "csv" {
				want = []string{"a", "'=b", "''c"}
			}
			if diff := cmp.Diff(want, keysIn(t, path, format)); diff != "" {
				t.Errorf("keys (-want +got)\n%s", diff)
			}
		})
	}
}

// The machine may stop at any byte: whatever of the last line reached the disk
// is removed, the lines before it stay, and the message can be written again.
func TestFileIsRepairedAtEveryByte(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "jsonl"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			whole := filepath.Join(dir, "whole")
			f := handover(t, whole, format)
			send(t, f, "a")
			first := len(read(t, whole))
			send(t, f, "b")
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			data := read(t, whole)
			for cut := range len(data) {
				path := filepath.Join(dir, fmt.Sprint(cut))
				if err := os.WriteFile(path, []byte(data[:cut]), 0o600); err != nil {
					t.Fatal(err)
				}
				f := handover(t, path, format)
				send(t, f, "a")
				send(t, f, "b")
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				if got := read(t, path); got != data {
					t.Fatalf("cut at byte %d of %d (first line ends at %d): got %q, want %q", cut, len(data), first, got, data)
				}
			}
		})
	}
}

func TestFileContent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.csv")
	f := handover(t, path, "")
	m := notice
	m.To, m.Subject, m.Text = "+8613800138001", "\t=1+1", "第一行\n\"引号\",逗号"
	if _, err := f.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	closing(t, f)
	data, found := strings.CutPrefix(read(t, path), "\ufeff")
	if !found {
		t.Error("the file does not begin with a byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"编号", "接收人", "标题", "内容", "变量", "时间"},
		{m.Key, "'+8613800138001", "'\t=1+1", m.Text, `{"name":"王小明"}`, "2026-03-02T09:00:00Z"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("the mode is %o, want 600", got)
	}
}

func TestFileTakesManyAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.jsonl")
	f := handover(t, path, "jsonl")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() { send(t, f, fmt.Sprint("k", i%10)) })
	}
	wg.Wait()
	closing(t, f)
	if got := len(keysIn(t, path, "jsonl")); got != 10 {
		t.Errorf("40 sends of 10 keys wrote %d lines", got)
	}
}

func TestFileRefusesStrangers(t *testing.T) {
	t.Parallel()
	for format, contents := range map[string][]string{
		"csv":   {"id,name\r\n1,a\r\n", "\ufeff编号,接收人,标题,内容,变量,时间\r\na,b\r\n", strings.Repeat("x", 1<<20)},
		"jsonl": {"{\"id\":1}\n", "text\n", strings.Repeat("x", 1<<20)},
	} {
		for i, content := range contents {
			t.Run(fmt.Sprint(format, i), func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "out")
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				_, err := channel.OpenFile(channel.FileConfig{Path: path, Format: format}, newClock().Now)
				wantField(t, err, "path")
				if read(t, path) != content {
					t.Error("the file was changed")
				}
			})
		}
	}
	_, err := channel.OpenFile(channel.FileConfig{Path: filepath.Join(t.TempDir(), "none", "out")}, newClock().Now)
	if triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("without its folder: got %v, want the code unavailable", err)
	}
}

func TestFileRefusesMessages(t *testing.T) {
	t.Parallel()
	f := handover(t, filepath.Join(t.TempDir(), "out"), "jsonl")
	m := notice
	m.Text = strings.Repeat("长", 100_000)
	_, err := f.Send(t.Context(), m)
	wantOutcome(t, err, prevention.OutcomeRejected)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = f.Send(t.Context(), notice)
	wantOutcome(t, err, prevention.OutcomeRetry)
}
