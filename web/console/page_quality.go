package console

import (
	"encoding/json"
	"fmt"
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
func (c *Console) qualityBlock(v *visit) (*block, error) {
	page, name, _ := strings.Cut(v.r.URL.Query().Get("table"), ".")
	i := slices.IndexFunc(qualityTabs, func(t qualityTab) bool { return t.name == page })
	if i < 0 {
		return nil, triage.Errorf(triage.CodeNotFound, "no such table")
	}
	view, err := c.qualityPage(v, qualityTabs[i])
	if err != nil {
		return nil, err
	}
	k := slices.IndexFunc(view.Blocks, func(b block) bool { return b.Name == name })
	if k < 0 {
		return nil, triage.Errorf(triage.CodeNotFound, "no such table")
	}
	return &view.Blocks[k], nil
}

// exportQuality sends the table that an address names in a form of [Console.sendBlock].
func (c *Console) exportQuality(as string) action {
	return func(v *visit) error {
		b, err := c.qualityBlock(v)
		if err != nil {
			return err
		}
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
		return c.sendBlock(v, b, as, "quality", string(text))
	}
}
