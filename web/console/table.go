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
	header := make([]string, len(columns))
	for i, key := range columns {
		var err error
		if header[i], err = v.lang.text(key); err != nil {
			return err
		}
	}
	if err := c.audit(v.r.Context(), v.user.Name, "export", object, ""); err != nil {
		return err
	}
	name := "qianyi-" + c.d.Now().In(c.d.Zone).Format("20060102-1504") + ".csv"
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return writeText(v.w, header, rows)
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
