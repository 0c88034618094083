package console

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	// maxCell is the limit of the format, in UTF-16 units.
	maxCell = 32_767
	// sheetTime bounds how long a workbook may take to write and send; ordinary
	// pages have much less.
	sheetTime = 15 * time.Minute
)

// sheetColumn is one column: the heading and its width in characters.
type sheetColumn struct {
	title string
	width float64
}

// sheetColumns are columns of one width whose headings are keys of the
// catalogue.
func sheetColumns(l language, keys []string, width float64) ([]sheetColumn, error) {
	columns := make([]sheetColumn, len(keys))
	for i, key := range keys {
		title, err := l.text(key)
		if err != nil {
			return nil, err
		}
		columns[i] = sheetColumn{title, width}
	}
	return columns, nil
}

// export says what file leaves the console: its name, and what the trail notes.
type export struct{ name, object, detail string }

// sendSheet sends rows as a workbook, noted in the trail before its first byte.
func (c *Console) sendSheet(v *visit, name, title string, columns []sheetColumn, rows [][]string, e export) error {
	book, err := newSheet(name, title, columns)
	if err != nil {
		return err
	}
	defer book.close()
	for _, row := range rows {
		if err := book.add(row); err != nil {
			return err
		}
	}
	if err := c.audit(v.r.Context(), v.user.Name, "export", e.object, e.detail); err != nil {
		return err
	}
	return book.send(v, e.name)
}

// sheet is a workbook of one table that is written row by row. Its rows go to
// a temporary file once they pass 16 MB, so that memory does not grow with
// their number.
type sheet struct {
	book    *excelize.File
	out     *excelize.StreamWriter
	row     int
	columns int
	wrap    int // style of ordinary cells
}

// newSheet begins a workbook: a title over all columns, when there is one, and
// the header row, both frozen. The caller closes it.
func newSheet(name, title string, columns []sheetColumn) (s *sheet, err error) {
	s = &sheet{book: excelize.NewFile(), columns: len(columns)}
	defer func() {
		if err != nil {
			s.close()
			err = fmt.Errorf("workbook %s: %w", name, err)
		}
	}()
	if err = s.book.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	styles, err := s.styles()
	if err != nil {
		return nil, err
	}
	if s.out, err = s.book.NewStreamWriter(name); err != nil {
		return nil, err
	}
	head := 1
	if title != "" {
		head = 2
	}
	for i, c := range columns {
		if err = s.out.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, err
		}
	}
	corner, err := excelize.CoordinatesToCellName(1, head+1)
	if err != nil {
		return nil, err
	}
	err = s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: corner, ActivePane: "bottomLeft"})
	if err != nil {
		return nil, err
	}
	return s, s.begin(title, columns, styles)
}

// sheetStyles are the ids of the styles of title and header.
type sheetStyles struct{ title, header int }

func (s *sheet) styles() (ids sheetStyles, err error) {
	line := []excelize.Border{{Type: "bottom", Color: "B0B8C4", Style: 1}}
	if ids.title, err = s.book.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"},
	}); err != nil {
		return ids, err
	}
	if ids.header, err = s.book.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF9"}}, Border: line,
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	}); err != nil {
		return ids, err
	}
	s.wrap, err = s.book.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	return ids, err
}

// begin writes what stands above the rows.
func (s *sheet) begin(title string, columns []sheetColumn, styles sheetStyles) error {
	if title != "" {
		last, err := excelize.CoordinatesToCellName(len(columns), 1)
		if err != nil {
			return err
		}
		if err := s.write([]any{excelize.Cell{StyleID: styles.title, Value: title}}, excelize.RowOpts{Height: 32}); err != nil {
			return err
		}
		if err := s.out.MergeCell("A1", last); err != nil {
			return err
		}
	}
	header := make([]any, len(columns))
	for i, c := range columns {
		header[i] = excelize.Cell{StyleID: styles.header, Value: c.title}
	}
	return s.write(header, excelize.RowOpts{Height: 24})
}

func (s *sheet) write(values []any, opts ...excelize.RowOpts) error {
	s.row++
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.out.SetRow(at, values, opts...)
}

// add writes one row. Every cell becomes text that no spreadsheet runs.
func (s *sheet) add(cells []string) error {
	values := make([]any, len(cells))
	for i, cell := range cells {
		if cell != "" {
			values[i] = excelize.Cell{StyleID: s.wrap, Value: sheetText(cell)}
		}
	}
	if err := s.write(values); err != nil {
		return fmt.Errorf("workbook row %d: %w", s.row, err)
	}
	return nil
}

// sheetText is a cell as the format can hold it: no formula, no control
// characters, not too long.
func sheetText(cell string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(cell, "\uFFFD"))
	if len(clean) > maxCell {
		units := 0
		for i, r := range clean {
			if units++; r > 0xFFFF {
				units++
			}
			if units >= maxCell-1 { // leave room for the apostrophe and the dots
				clean = clean[:i] + "…"
				break
			}
		}
	}
	return neutral(clean)
}

// send ends the workbook and answers with it.
func (s *sheet) send(v *visit, fileName string) error {
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	h := v.w.Header()
	h.Set("Content-Type", xlsxType)
	h.Set("Content-Disposition", `attachment; filename="`+fileName+`"`)
	if err := s.book.Write(v.w); err != nil {
		return nil //nolint:nilerr // the reader has gone; there is nobody to tell
	}
	return nil
}

// close removes the temporary files.
func (s *sheet) close() {
	_ = s.book.Close() // of our own temporary files; nothing can be done
}

// patient lets an answer take as long as a large export needs.
func (v *visit) patient() {
	// A writer without deadlines, as in tests, needs none moved.
	_ = http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(sheetTime)) //nolint:forbidigo // connections live by the real clock
}
