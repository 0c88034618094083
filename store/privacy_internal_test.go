package store

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"
)

// impersonal are tables whose columns only look as if they were about
// customers, with the reason.
var impersonal = map[string]string{
	"cases":         "blankCases looks after it",
	"labels":        "a type, and who of the house gave it",
	"label_parts":   "what a label is used for",
	"opinions":      "types, tokens and costs",
	"mails":         "hashes, and the case a mail went to; without its mark a mail that is still in the box would come in again as a new complaint",
	"solution_uses": "which solution, and who of the house chose it",
}

// A table that a later migration adds must not be forgotten when a person asks
// for what is stored about them, or to be forgotten.
func TestEveryTableAboutPeopleIsKnown(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations (%v)", err)
	}
	table := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)`)
	telling := regexp.MustCompile(`(?m)^    (customer_id|case_id|complaint_id|person_id|phone|email|address|sender)\b`)
	for _, file := range files {
		sql, err := fs.ReadFile(migrations, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range table.FindAllStringSubmatch(string(sql), -1) {
			name := m[1]
			known := slices.ContainsFunc(personalTables, func(p personal) bool { return p.table == name })
			if column := telling.FindStringSubmatch(m[2]); column != nil && !known && impersonal[name] == "" {
				t.Errorf("%s: table %s has a column %s; add it to personalTables, or say in this test why not", file, name, column[1])
			}
		}
	}
}
