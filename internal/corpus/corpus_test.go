package corpus_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// demands are the codes of the labelling guide.
var demands = []string{"refund", "replace", "fix", "explain", "apology", "none"}

func read(t *testing.T) []corpus.Item {
	t.Helper()
	items, err := corpus.Read()
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// subtypes returns the type of every sub-type of the general pack.
func subtypes(t *testing.T) map[string]string {
	t.Helper()
	p, err := pack.Load("", "general")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, typ := range p.Infos() {
		for _, sub := range typ.Subtypes {
			known[sub.Code] = typ.Code
		}
	}
	return known
}

func TestItemsFollowTheGuide(t *testing.T) {
	t.Parallel()
	known := subtypes(t)
	for _, it := range read(t) {
		if typ, ok := known[it.Subtype]; !ok || typ != it.Type {
			t.Errorf("%s: %s/%s is not in the general pack", it.ID, it.Type, it.Subtype)
		}
		if it.Intensity < 0 || it.Intensity > 3 {
			t.Errorf("%s: intensity %d, want 0 to 3", it.ID, it.Intensity)
		}
		if !slices.Contains(demands, it.Demand) {
			t.Errorf("%s: demand %q, want one of %v", it.ID, it.Demand, demands)
		}
		if it.ID == "" || it.Industry == "" || strings.TrimSpace(it.Text) != it.Text || it.Text == "" {
			t.Errorf("%q: id, industry or text is empty or has blanks around it", it.ID)
		}
	}
}

func TestNothingComesTwice(t *testing.T) {
	t.Parallel()
	ids, texts := map[string]bool{}, map[string]string{}
	for _, it := range read(t) {
		if ids[it.ID] {
			t.Errorf("id %s is taken", it.ID)
		}
		ids[it.ID] = true
		key := nlp.Normalize(it.Text).Text
		if other, ok := texts[key]; ok {
			t.Errorf("%s has the text of %s", it.ID, other)
		}
		texts[key] = it.ID
	}
}

func TestEverySubtypeIsThere(t *testing.T) {
	t.Parallel()
	items := read(t)
	if len(items) < 2000 {
		t.Errorf("%d items, want at least 2000", len(items))
	}
	count := map[string]int{}
	for _, it := range items {
		count[it.Subtype]++
	}
	known := subtypes(t)
	if len(known) != 38 {
		t.Errorf("the general pack has %d sub-types, the guide 38", len(known))
	}
	for code := range known {
		if count[code] < 40 {
			t.Errorf("%s has %d items, want at least 40 to learn from", code, count[code])
		}
	}
}

// TestLinesAreStrict reads the files as they lie on disk: a misspelt or missing
// field would otherwise be a zero value in silence.
func TestLinesAreStrict(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("general/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(data) || bytes.Contains(data, []byte("\r")) || !bytes.HasSuffix(data, []byte("\n")) {
			t.Errorf("%s: want UTF-8, no CR and a final newline", name)
		}
		n := 0
		for line := range bytes.Lines(data) {
			n++
			var it corpus.Item
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(&it); err != nil {
				t.Errorf("%s:%d: %v", name, n, err)
			}
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(line, &fields); err == nil && len(fields) != 7 {
				t.Errorf("%s:%d: %d fields, want 7", name, n, len(fields))
			}
		}
	}
}

func TestReviewLabelsFollowTheGuide(t *testing.T) {
	t.Parallel()
	known := subtypes(t)
	keys := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(corpus.ReviewLabels, "\n"), "\n") {
		if i == 0 {
			continue // the header
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("reviews.tsv:%d: %d fields, want 4", i+1, len(f))
		}
		if _, ok := known[f[1]]; !ok || !slices.Contains(demands, f[3]) || !strings.Contains("0123", f[2]) || len(f[2]) != 1 {
			t.Errorf("reviews.tsv:%d: a code is not in the guide: %q", i+1, f[1:])
		}
		if len(f[0]) != 16 || keys[f[0]] {
			t.Errorf("reviews.tsv:%d: the key %s is not 16 digits or comes twice", i+1, f[0])
		}
		keys[f[0]] = true
	}
}
