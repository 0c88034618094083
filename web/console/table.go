package console

import (
	"encoding/csv"
	"io"
	"strconv"
)

// sendTable sends rows as CSV, masked cells being the caller's business, with
// an entry in the trail before the first byte. Columns are keys of the
// catalogue.
func (c *Console) sendTable(v *visit, object string, columns []string, rows [][]string) error {
	header, err := v.lang.headings(columns...)
	if err != nil {
		return err
	}
	if err := c.audit(v.r.Context(), v.user.Name, "export", object, ""); err != nil {
		return err
	}
	startText(v, c.exportName("qianyi", "csv"))
	return writeText(v.w, header, rows)
}

// headings are the titles of columns, which are keys of the catalogue.
func (l language) headings(keys ...string) ([]string, error) {
	titles := make([]string, len(keys))
	for i, key := range keys {
		var err error
		if titles[i], err = l.text(key); err != nil {
			return nil, err
		}
	}
	return titles, nil
}

// startText sends the headers of a CSV file.
func startText(v *visit, name string) {
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// writeText writes a header and rows as CSV. Cells that a spreadsheet would run
// are made text.
func writeText(w io.Writer, header []string, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // for spreadsheets to see that it is UTF-8
		return nil //nolint:nilerr // the reader has gone; there is nobody to tell
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write(header) // an error stays in the writer; the reader has gone then
	for _, row := range rows {
		for i := range row {
			row[i] = neutral(row[i])
		}
		_ = out.Write(row)
	}
	out.Flush()
	return nil
}

func count(n int) string { return strconv.Itoa(n) }
