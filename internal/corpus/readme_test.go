package corpus_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/corpus"
)

var writeCounts = flag.Bool("write-counts", false, "write the counts of the corpus into README.md")

// The counts stand between these lines of README.md.
const (
	countsBegin = "<!-- counts: written by the test -->\n"
	countsEnd   = "<!-- end of counts -->\n"
)

// TestReadmeCounts keeps the tables of README.md true; with -write-counts it writes
// them.
func TestReadmeCounts(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), countsBegin)
	got, after, ok2 := strings.Cut(rest, countsEnd)
	if !ok || !ok2 {
		t.Fatal("README.md has lost the lines around its counts")
	}
	want := counts(t)
	if *writeCounts {
		if err := os.WriteFile("README.md", []byte(before+countsBegin+want+countsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the counts in README.md are out of date; run: go test ./internal/corpus -run TestReadmeCounts -write-counts\ngot\n%s\nwant\n%s", got, want)
	}
}

// counts renders one table of files, one of types and one of demands.
func counts(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("general/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	byFile, byType, byDemand := tally{}, tally{}, tally{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var it corpus.Item
			if err := json.Unmarshal(line, &it); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			byFile.add(filepath.Base(name), it.Intensity)
			byType.add(it.Type, it.Intensity)
			byDemand.add(it.Demand, it.Intensity)
		}
	}
	var b strings.Builder
	byFile.write(&b, "file")
	byType.write(&b, "type")
	byDemand.write(&b, "demand")
	return b.String()
}

// tally counts items by a name and by intensity.
type tally map[string]*[4]int

func (y tally) add(name string, intensity int) {
	if y[name] == nil {
		y[name] = &[4]int{}
	}
	y[name][intensity&3]++
}

func (y tally) write(b *strings.Builder, title string) {
	fmt.Fprintf(b, "\n| %s | items | intensity 0 | 1 | 2 | 3 |\n|---|--:|--:|--:|--:|--:|\n", title)
	total := [4]int{}
	for _, name := range slices.Sorted(maps.Keys(y)) {
		n := y[name]
		writeRow(b, name, *n)
		for i := range n {
			total[i] += n[i]
		}
	}
	writeRow(b, "**all**", total)
	b.WriteString("\n")
}

func writeRow(b *strings.Builder, name string, n [4]int) {
	fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", name, n[0]+n[1]+n[2]+n[3], n[0], n[1], n[2], n[3])
}
