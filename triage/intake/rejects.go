package intake

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Rejects writes the rows that could not be used as CSV that Excel and WPS
// open as it is: UTF-8 with a byte order mark, the columns line, field, reason,
// record, file, and no cell that a spreadsheet would take for a formula.
//
// The file holds the records themselves, with the personal data in them.
type Rejects struct {
	w   *csv.Writer
	out io.Writer
	// begun tells that the header has been written.
	begun bool
}

// NewRejects writes to w; Flush must follow. Nothing is written before the
// first Write or Flush.
func NewRejects(w io.Writer) *Rejects { return &Rejects{w: csv.NewWriter(w), out: w} }

// Write adds one row.
func (r *Rejects) Write(e *RowError) error {
	if err := r.begin(); err != nil {
		return err
	}
	row := []string{strconv.Itoa(e.Line), e.Field, e.Reason, e.Record, e.File}
	for i := range row {
		row[i] = neutral(row[i])
	}
	if err := r.w.Write(row); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

func (r *Rejects) begin() error {
	if r.begun {
		return nil
	}
	r.begun = true
	if _, err := io.WriteString(r.out, "\ufeff"); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return r.w.Write([]string{"line", "field", "reason", "record", "file"})
}

// Flush writes out what is buffered; without any row, the header alone.
func (r *Rejects) Flush() error {
	if err := r.begin(); err != nil {
		return err
	}
	r.w.Flush()
	if err := r.w.Error(); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

// neutral puts an apostrophe before what a spreadsheet would take for a
// formula.
func neutral(cell string) string {
	if cell == "" {
		return cell
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return "'" + cell
	}
	return cell
}
