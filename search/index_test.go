package search_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestOpenMakesAMissingIndex(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	x := open(t, dir)
	if x.Fresh() == nil || x.Checkpoint() != 0 {
		t.Errorf("Fresh = %v, Checkpoint = %d, want a reason and 0", x.Fresh(), x.Checkpoint())
	}
	if got := ids(t, x, search.Query{}); len(got) != 0 {
		t.Errorf("an empty index finds %v", got)
	}
	hits, err := x.Similar(t.Context(), triage.SimilarQuery{Text: "话费", Limit: 5})
	if err != nil || len(hits) != 0 {
		t.Errorf("Similar on an empty index = %v, %v", hits, err)
	}
}

func TestOpenFindsWhatWasIndexed(t *testing.T) {
	t.Parallel()
	dir, f := t.TempDir(), &feed{changes: readCases(t, "telecom")}
	x := open(t, dir)
	catchUp(t, x, f, 5)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if x.Fresh() != nil || x.Checkpoint() != 5 {
		t.Errorf("Fresh = %v, Checkpoint = %d, want nil and 5", x.Fresh(), x.Checkpoint())
	}
	if diff := cmp.Diff([]string{"c2", "c1"}, ids(t, x, search.Query{Words: "充值"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADamagedIndexHeals(t *testing.T) {
	t.Parallel()
	damages := map[string]struct {
		pattern string
		damage  func([]byte) []byte
	}{
		"root.bolt cut short":      {"root.bolt", func(b []byte) []byte { return b[:100] }},
		"root.bolt overwritten":    {"root.bolt", func(b []byte) []byte { return bytes.Repeat([]byte{0x5a}, len(b)) }},
		"root.bolt empty":          {"root.bolt", func(b []byte) []byte { return nil }},
		"meta file is not JSON":    {"index_meta.json", func(b []byte) []byte { return []byte("{") }},
		"segment cut short":        {"*.zap", func(b []byte) []byte { return b[:len(b)/2] }},
		"segment empty":            {"*.zap", func(b []byte) []byte { return nil }},
		"one byte of a segment":    {"*.zap", func(b []byte) []byte { b[len(b)/3] ^= 1; return b }},
		"footer of a segment":      {"*.zap", func(b []byte) []byte { b[len(b)-20] ^= 0xff; return b }},
		"segment full of nonsense": {"*.zap", func(b []byte) []byte { return bytes.Repeat([]byte{0xff}, len(b)) }},
	}
	for name, d := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, f := t.TempDir(), &feed{changes: readCases(t, "telecom")}
			x := open(t, dir)
			catchUp(t, x, f, 5)
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir, d.pattern, d.damage)
			x = open(t, dir)
			// Bleve may go back to its last sound state by itself; the
			// checkpoint goes back with it.
			if x.Checkpoint() != 0 {
				t.Fatalf("Checkpoint = %d, want 0", x.Checkpoint())
			}
			_, err := os.Stat(filepath.Join(dir, "damaged"))
			if kept := err == nil; kept != (x.Fresh() != nil) {
				t.Errorf("damaged files kept: %t, but Fresh = %v", kept, x.Fresh())
			}
			catchUp(t, x, f, 5)
			if diff := cmp.Diff([]string{"c2", "c1"}, ids(t, x, search.Query{Words: "充值"})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func damage(t *testing.T, dir, pattern string, change func([]byte) []byte) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if ok, _ := filepath.Match(pattern, d.Name()); err != nil || !ok {
			return err
		}
		found++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, change(data), 0o600)
	})
	if err != nil || found == 0 {
		t.Fatalf("%d files match %s, %v", found, pattern, err)
	}
}

func TestOpenReplacesAnIndexMadeWithOtherWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	catchUp(t, x, &feed{changes: readCases(t, "telecom")}, 5)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	seg, err := segment.New([]segment.Word{{Text: "话费充值"}})
	if err != nil {
		t.Fatal(err)
	}
	x, err = search.Open(dir, seg, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if x.Fresh() == nil || !strings.Contains(x.Fresh().Error(), "other words") {
		t.Errorf("Fresh = %v, want a reason that speaks of other words", x.Fresh())
	}
}

func TestOpenRefusesADirectoryInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	catchUp(t, x, &feed{changes: readCases(t, "telecom")}, 5)
	_, err := search.Open(dir, segment.Default(), search.Options{})
	if triage.CodeOf(err) != triage.CodeUnavailable || !strings.Contains(err.Error(), dir) {
		t.Errorf("second Open: got error %v, want one of code %q naming %s", err, triage.CodeUnavailable, dir)
	}
	if got := ids(t, x, search.Query{}); len(got) != 5 {
		t.Errorf("the second Open disturbed the first: it finds %v", got)
	}
}

func TestOpenRefusesAPathThatIsAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := search.Open(path, segment.Default(), search.Options{}); triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("Open: got error %v, want one of code %q", err, triage.CodeUnavailable)
	}
}

func TestAClosedIndexIsUnavailable(t *testing.T) {
	t.Parallel()
	x, f := open(t, t.TempDir()), &feed{changes: readCases(t, "telecom")}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	calls := map[string]func(context.Context) error{
		"Search": func(ctx context.Context) error { _, err := x.Search(ctx, search.Query{}); return err },
		"Similar": func(ctx context.Context) error {
			_, err := x.Similar(ctx, triage.SimilarQuery{Text: "话费", Limit: 1})
			return err
		},
		"Put":     func(ctx context.Context) error { return x.Put(ctx, f.changes, 5) },
		"CatchUp": func(ctx context.Context) error { _, err := x.CatchUp(ctx, f, nil); return err },
		"Rebuild": func(ctx context.Context) error { _, err := x.Rebuild(ctx, f, nil); return err },
	}
	for name, call := range calls {
		if err := call(t.Context()); triage.CodeOf(err) != triage.CodeUnavailable {
			t.Errorf("%s: got error %v, want one of code %q", name, err, triage.CodeUnavailable)
		}
	}
	if err := x.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestACancelledQueryReturnsTheContextsError(t *testing.T) {
	t.Parallel()
	x := open(t, t.TempDir())
	catchUp(t, x, &feed{changes: readCases(t, "telecom")}, 5)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Similar(ctx, triage.SimilarQuery{Text: "话费充值", Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("Similar: got error %v, want %v", err, context.Canceled)
	}
}
