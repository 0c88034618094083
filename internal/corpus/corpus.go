// Package corpus holds complaints that were written for this project and their
// labels. They train the shipped model and people the demo company. Nobody
// ever complained of these things: README.md says how they came about.
package corpus

import (
	"bufio"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed general/*.jsonl
var files embed.FS

// Item is one written complaint with its labels after the general pack.
type Item struct {
	ID       string `json:"id"`
	Industry string `json:"industry"`
	Text     string `json:"text"`
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	// Intensity is 0..3.
	Intensity int    `json:"intensity"`
	Demand    string `json:"demand"`
}

// Read returns all items in the order of files and lines. An error names the
// file and line that is not an Item.
func Read() ([]Item, error) {
	names, err := fs.Glob(files, "general/*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	var items []Item
	for _, name := range names {
		if items, err = appendFile(items, name); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func appendFile(items []Item, name string) ([]Item, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var it Item
		if err := json.Unmarshal(lines.Bytes(), &it); err != nil {
			return nil, fmt.Errorf("corpus: %s:%d: %w", name, n, err)
		}
		items = append(items, it)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("corpus: %s: %w", name, err)
	}
	return items, nil
}

// ReviewLabels holds labels of published reviews as lines of text key,
// sub-type, intensity and demand. The texts are not part of the project; the
// key is the beginning of the text's SHA-256.
//
//go:embed reviews.tsv
var ReviewLabels string
