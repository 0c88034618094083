package console

import (
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// lineRunes is how much of a text a table row shows.
const lineRunes = 120

// masked hides the personal data of a text and keeps its rune count. It uses
// the entities that are stored with the text and those it finds itself, so that
// a text without entities, or with wrong ones, is safe too.
func (c *Console) masked(text string, stored []nlp.Entity) string {
	n := nlp.Normalize(text)
	return nlp.MaskText(nlp.MaskText(text, c.finder.Find(&n)), stored)
}

// maskAll is masked for a text whose entities nobody has stored.
func (c *Console) maskAll(text string) string { return c.masked(text, nil) }

// maskedLine is the beginning of a text for a table row. Only as much of a
// long text is looked at as the row may need.
func (c *Console) maskedLine(text string) string {
	return oneLine(c.masked(strings.TrimSuffix(cut(text, 4*lineRunes), "…"), nil), lineRunes)
}

// personal kinds show their masked wording instead of their value.
var personal = map[nlp.EntityKind]bool{
	nlp.EntityPhone: true, nlp.EntityIDNumber: true, nlp.EntityEmail: true, nlp.EntityPlace: true,
}

// entityRow is one found entity as the case page lists it.
type entityRow struct {
	Kind  nlp.EntityKind
	Text  string
	Value string // "" when it says no more than Text
}

// entityRows lists the entities with their wording in body, which is masked or
// not. Spans outside the body are left out.
func entityRows(body []rune, entities []nlp.Entity, revealed bool) []entityRow {
	var rows []entityRow
	for _, e := range entities {
		if e.Start < 0 || e.End > len(body) || e.Start >= e.End {
			continue
		}
		row := entityRow{Kind: e.Kind, Text: string(body[e.Start:e.End]), Value: e.Value}
		if personal[e.Kind] && !revealed || row.Value == row.Text {
			row.Value = ""
		}
		rows = append(rows, row)
	}
	return rows
}
