package intake

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/qianyi-dev/qianyi/triage"
)

// Limits of a workbook once unpacked: the whole, and the part that is held in
// memory instead of a temporary file.
const (
	maxUnpacked = 2 << 30
	maxInMemory = 16 << 20
)

// sheet reads the first worksheet whose first filled row is a header.
type sheet struct {
	book     *excelize.File
	rows     *excelize.Rows
	header   header
	line     int
	from1904 bool
}

// openSheet opens a workbook. Close must follow.
func openSheet(name string, in io.Reader, want Kind) (s *sheet, err error) {
	defer damagedBook(&err)
	book, err := excelize.OpenReader(in, excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory,
	})
	if err != nil {
		return nil, fileErrorf("%s: cannot be read as an XLSX workbook (%v); open it in Excel or WPS and save it again", name, err)
	}
	props, err := book.GetWorkbookProps()
	s = &sheet{book: book, from1904: err == nil && props.Date1904 != nil && *props.Date1904}
	var found []string
	for _, title := range book.GetSheetList() {
		understood, err := s.begin(title)
		if err != nil {
			return nil, closing(s, fileErrorf("%s: sheet %s: %v", name, quoted(title), err))
		}
		if understood > 0 {
			if err := s.header.check(name, s.line, want); err != nil {
				return nil, closing(s, err)
			}
			return s, nil
		}
		found = append(found, fmt.Sprintf("sheet %s: %s", quoted(title), s.header))
	}
	return nil, closing(s, fileErrorf("%s: no sheet begins with a header that names a known column, such as id, text, customer_id (found: %s)",
		name, strings.Join(found, "; ")))
}

// closing closes the workbook on the way out with err.
func closing(s *sheet, err error) error {
	if closeErr := s.close(); closeErr != nil {
		return fmt.Errorf("%w (and closing it failed: %w)", err, closeErr)
	}
	return err
}

// begin reads the header of one worksheet.
func (s *sheet) begin(title string) (understood int, err error) {
	if err := s.closeRows(); err != nil {
		return 0, err
	}
	if s.rows, err = s.book.Rows(title); err != nil {
		return 0, err
	}
	s.line, s.header = 0, nil
	for s.rows.Next() {
		s.line++
		names, err := s.rows.Columns()
		if err != nil {
			return 0, err
		}
		if strings.TrimSpace(strings.Join(names, "")) != "" {
			s.header, understood = newHeader(names)
			return understood, nil
		}
	}
	return 0, s.rows.Error()
}

func (s *sheet) next() (r Row, err error) {
	defer damagedBook(&err)
	for s.rows.Next() {
		s.line++
		values, err := s.rows.Columns()
		if err != nil {
			return Row{}, err
		}
		r := Row{Line: s.line, from1904: s.from1904}
		for len(values) > len(s.header) && values[len(values)-1] == "" {
			values = values[:len(values)-1]
		}
		if len(values) > len(s.header) {
			for _, v := range values {
				r.cells = append(r.cells, cell{kind: text, value: v})
			}
			return r, triage.Errorf(triage.CodeInvalid, "has %d cells where the header has %d columns", len(values), len(s.header))
		}
		r.cells = make([]cell, len(s.header))
		for i, name := range s.header {
			r.cells[i].name = name
			if i < len(values) && values[i] != "" {
				r.cells[i].kind, r.cells[i].value = text, values[i]
			}
		}
		if !r.blank() {
			return r, nil
		}
	}
	if err := s.rows.Error(); err != nil {
		return Row{}, err
	}
	return Row{}, io.EOF
}

func (s *sheet) closeRows() error {
	if s.rows == nil {
		return nil
	}
	rows := s.rows
	s.rows = nil
	return rows.Close()
}

func (s *sheet) close() error {
	err := s.closeRows()
	if closeErr := s.book.Close(); err == nil {
		err = closeErr
	}
	return err
}

// damagedBook turns a panic of the workbook library on a damaged file into an
// error: a file may come from anywhere.
func damagedBook(err *error) {
	if p := recover(); p != nil {
		*err = fileErrorf("the workbook is damaged (%v); open it in Excel or WPS and save it again", p)
	}
}
