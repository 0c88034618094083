package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// showQuality is one of the pages of figures.
func (c *Console) showQuality(tab qualityTab) action {
	return func(v *visit) error {
		view, err := c.qualityPage(v, tab)
		if err != nil {
			return err
		}
		for i := range view.Blocks {
			b := &view.Blocks[i]
			b.Left = max(len(b.Rows)-maxTableRows, 0)
			b.Rows = b.Rows[:len(b.Rows)-b.Left]
		}
		return c.render(v, http.StatusOK, "quality", page{Title: tab.key, Nav: "/quality", View: view})
	}
}

// qualityPage builds a page in full, with all rows of its tables.
func (c *Console) qualityPage(v *visit, tab qualityTab) (*qualityView, error) {
	q, err := c.qualityQuery(v)
	if err != nil {
		return nil, err
	}
	view := q.bar(tab)
	if err := tab.build(q, view); err != nil {
		return nil, fmt.Errorf("quality page %s: %w", tab.name, err)
	}
	for i := range view.Blocks {
		b := &view.Blocks[i]
		address := q.query()
		address.Set("table", tab.name+"."+b.Name)
		b.CSV, b.XLSX = "/quality/export.csv?"+address.Encode(), "/quality/export.xlsx?"+address.Encode()
		if b.Chart != "" {
			b.Picture = "/quality/picture.svg?" + address.Encode()
		}
	}
	return view, q.err
}

// block builds the table that an address names.
func (c *Console) block(v *visit) (*qualityBlock, error) {
	page, name, _ := strings.Cut(v.r.URL.Query().Get("table"), ".")
	i := slices.IndexFunc(qualityTabs, func(t qualityTab) bool { return t.name == page })
	if i < 0 {
		return nil, triage.Errorf(triage.CodeNotFound, "no such table")
	}
	view, err := c.qualityPage(v, qualityTabs[i])
	if err != nil {
		return nil, err
	}
	k := slices.IndexFunc(view.Blocks, func(b qualityBlock) bool { return b.Name == name })
	if k < 0 {
		return nil, triage.Errorf(triage.CodeNotFound, "no such table")
	}
	return &view.Blocks[k], nil
}

func (c *Console) exportQualityText(v *visit) error {
	b, err := c.block(v)
	if err != nil {
		return err
	}
	if err := c.auditTable(v); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+c.exportName("qianyi-"+b.Name, "csv")+`"`)
	return writeText(v.w, b.Head, b.texts())
}

func (c *Console) exportQualitySheet(v *visit) error {
	b, err := c.block(v)
	if err != nil {
		return err
	}
	columns := make([]sheetColumn, len(b.Head))
	for i, title := range b.Head {
		columns[i] = sheetColumn{title, 18}
	}
	book, err := newSheet(sheetName(b.Title), b.Title, columns)
	if err != nil {
		return err
	}
	defer book.close()
	for _, row := range b.texts() {
		if err := book.add(row); err != nil {
			return err
		}
	}
	if err := c.auditTable(v); err != nil {
		return err
	}
	return book.send(v, c.exportName("qianyi-"+b.Name, "xlsx"))
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

// auditTable notes which table somebody took along, and under which conditions.
func (c *Console) auditTable(v *visit) error {
	asked := v.r.URL.Query()
	detail := map[string]string{}
	for _, name := range []string{"table", "from", "to", "department", "type"} {
		if value := asked.Get(name); value != "" {
			detail[name] = cut(value, maxWho)
		}
	}
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("export of figures: %w", err)
	}
	return c.audit(v.r.Context(), v.user.Name, "export", "quality", string(text))
}

// texts are the cells as a file has them: numbers in full.
func (b *qualityBlock) texts() [][]string {
	rows := make([][]string, len(b.Rows))
	for i, row := range b.Rows {
		rows[i] = make([]string, len(row))
		for k := range row {
			rows[i][k] = cmp.Or(row[k].Full, row[k].Text)
		}
	}
	return rows
}

// saveQualityPicture sends a picture as a file.
func (c *Console) saveQualityPicture(v *visit) error {
	b, err := c.block(v)
	if err != nil {
		return err
	}
	if b.Chart == "" {
		return triage.Errorf(triage.CodeNotFound, "this table has no picture")
	}
	v.w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+c.exportName("qianyi-"+b.Name, "svg")+`"`)
	_, _ = io.WriteString(v.w, string(b.Chart)) // the reader may have gone
	return nil
}
