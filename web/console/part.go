package console

import (
	"bytes"
	"fmt"
	"net/http"
)

// renderPart writes one template of a page without the frame around it, for a
// script that puts it into the page.
func (c *Console) renderPart(v *visit, name, part string, view any) error {
	var buf bytes.Buffer
	if err := c.pages[v.lang][name].ExecuteTemplate(&buf, part, view); err != nil {
		return fmt.Errorf("console: part %s of page %s: %w", part, name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(http.StatusOK)
	_, _ = buf.WriteTo(v.w) // the reader may have gone
	return nil
}
