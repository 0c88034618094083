// Package intake reads the records of the input contract (complaints,
// customers, exposures, campaigns, solutions) from JSONL, CSV, TSV with a
// header, and XLSX. The format and the encoding are found by content; the name
// of a file only serves in messages.
//
// What it promises:
//
//   - One bad row costs one row. It comes out as a *RowError that names file,
//     line and field and carries the record as it was; reading goes on with the
//     next line. Only what makes a whole file unusable (unreadable, not text, no
//     header, no known column, the same column twice) ends the reading.
//   - Nothing of a complaint is lost: columns and JSON members that the contract
//     does not know become entries of Attrs, unless Attrs has an entry of that
//     name already.
//   - Memory does not grow with the length of a CSV, TSV or JSONL file. A record
//     is at most MaxRecord bytes of UTF-8.
//   - Bytes that are no character in the file's encoding do not cost a row,
//     unless they fall into a required field: there they would change what was
//     said, or the identity of the record. Elsewhere they become U+FFFD.
//   - Cells are plain text. Nothing is evaluated, whatever a cell begins with; a
//     formula of a workbook counts as the value that was stored with it.
//
// Readers are not safe for concurrent use; rows are, and stay valid after the
// reader has moved on.
package intake
