package console

import (
	"cmp"
	"html/template"
	"io"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// block is a table, with its picture where it has one.
type block struct {
	Name, Title, Note string
	Chart             template.HTML
	Head              []string
	Rows              [][]figure
	Left              int // rows that are in the export only
	// The addresses of the table as CSV and XLSX and of the picture.
	CSV, XLSX, Picture string
}

// figure is one cell: what it says, in full when the pointer rests on it, and
// the cases behind it.
type figure struct {
	Text, Title, Href string
	// Full is Text as a file has it, when that is longer.
	Full string
	// Tone is good, bad, clear, flat or "".
	Tone  string
	Words bool // no number
	// Improve is the address of a new improvement for the row, "" for none.
	Improve string
}

func words(text string) figure { return figure{Text: text, Words: true} }

// texts are the cells as a file has them: numbers in full.
func (b *block) texts() [][]string {
	rows := make([][]string, len(b.Rows))
	for i, row := range b.Rows {
		rows[i] = make([]string, len(row))
		for k := range row {
			rows[i][k] = cmp.Or(row[k].Full, row[k].Text)
		}
	}
	return rows
}

// sendBlock sends a table as "csv", "xlsx", or, as "svg", its picture. A table is
// noted in the trail before its first byte, under the object and detail given.
func (c *Console) sendBlock(v *visit, b *block, as, object, detail string) error {
	if as == "svg" {
		if b.Chart == "" {
			return triage.Errorf(triage.CodeNotFound, "this table has no picture")
		}
		sendPicture(v, c.exportName("qianyi-"+b.Name, as), b.Chart)
		return nil
	}
	if as == "xlsx" {
		return c.sendBlockSheet(v, b, object, detail)
	}
	if err := c.audit(v.r.Context(), v.user.Name, "export", object, detail); err != nil {
		return err
	}
	startText(v, c.exportName("qianyi-"+b.Name, "csv"))
	return writeText(v.w, b.Head, b.texts())
}

func (c *Console) sendBlockSheet(v *visit, b *block, object, detail string) error {
	columns := make([]sheetColumn, len(b.Head))
	for i, title := range b.Head {
		columns[i] = sheetColumn{title, 18}
	}
	return c.sendSheet(v, sheetName(b.Title), b.Title, columns, b.texts(), export{c.exportName("qianyi-"+b.Name, "xlsx"), object, detail})
}

// sheetName is a title as the format allows it for a sheet.
func sheetName(title string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, title)
	return strings.TrimSuffix(cut(name, 30), "…")
}

// sendPicture sends a picture (SVG) as a file.
func sendPicture(v *visit, name string, picture template.HTML) {
	v.w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = io.WriteString(v.w, string(picture)) // the reader may have gone
}
