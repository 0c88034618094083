package channel

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/qianyi-dev/qianyi/prevention"
)

// maxLine bounds a line in bytes, and so how much of a file can be torn.
const maxLine = 256 << 10

var errLineTooLong = fmt.Errorf("line is longer than %d bytes", maxLine)

// torn says that what follows offset is a line that was not finished; anything
// longer than a line is damage that nobody should repair in silence.
func torn(data []byte, offset int64) error {
	if int64(len(data))-offset > maxLine {
		return fmt.Errorf("is damaged from byte %d", offset)
	}
	return nil
}

const byteOrderMark = "\ufeff"

// csvColumns are for the people who get the file.
var csvColumns = []string{"编号", "接收人", "标题", "内容", "变量", "时间"}

// csvLines are rows with CRLF, as RFC 4180 has them.
type csvLines struct{}

func csvRow(cells []string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(cells); err != nil {
		return nil, err
	}
	w.Flush()
	if b.Len() > maxLine {
		return nil, errLineTooLong
	}
	return b.Bytes(), w.Error()
}

func (csvLines) head() []byte {
	return []byte(byteOrderMark + strings.Join(csvColumns, ",") + "\r\n")
}

func (csvLines) line(m prevention.Message, at time.Time) ([]byte, error) {
	vars := ""
	if len(m.Vars) > 0 {
		b, err := json.Marshal(m.Vars)
		if err != nil {
			return nil, err
		}
		vars = string(b)
	}
	row := []string{m.Key, m.To, m.Subject, m.Text, vars, at.Format(time.RFC3339)}
	for i := range row {
		row[i] = neutral(row[i])
	}
	return csvRow(row)
}

func (l csvLines) scan(data []byte) (keys []string, end int64, err error) {
	head := l.head()
	if bytes.HasPrefix(head, data) && len(data) < len(head) {
		return nil, 0, nil // empty, or torn in its first line
	}
	if !bytes.HasPrefix(data, head) {
		return nil, 0, errors.New("does not begin with the columns of this program")
	}
	end = int64(len(head)) + lastRow(data[len(head):])
	r := csv.NewReader(bytes.NewReader(data[len(head):end]))
	r.FieldsPerRecord = len(csvColumns)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return keys, end, torn(data, end)
		}
		if err != nil {
			return nil, 0, err
		}
		keys = append(keys, strings.TrimPrefix(row[0], "'"))
	}
}

// lastRow returns where the last complete row ends: after a line break that is
// not between quotes.
func lastRow(data []byte) int64 {
	end, quoted := 0, false
	for i, c := range data {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			end = i + 1
		}
	}
	return int64(end)
}

// neutral keeps a spreadsheet from running a cell as a formula: an apostrophe
// goes before one that begins like a formula, blanks aside, or with an
// apostrophe, so that the first one can be taken away again.
func neutral(cell string) string {
	trimmed := strings.TrimLeftFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	if trimmed != "" && slices.Contains([]rune("'=+-@＝＋－＠"), []rune(trimmed)[0]) {
		return "'" + cell
	}
	return cell
}

// jsonLines are JSON objects, one a line.
type jsonLines struct{}

// handover is one line of JSON.
type handover struct {
	Key     string            `json:"key"`
	To      string            `json:"to"`
	Subject string            `json:"subject,omitempty"`
	Text    string            `json:"text"`
	Vars    map[string]string `json:"vars,omitempty"`
	At      time.Time         `json:"at"`
}

func (jsonLines) head() []byte { return nil }

func (jsonLines) line(m prevention.Message, at time.Time) ([]byte, error) {
	b, err := json.Marshal(handover{m.Key, m.To, m.Subject, m.Text, m.Vars, at})
	if err == nil && len(b) >= maxLine {
		err = errLineTooLong
	}
	return append(b, '\n'), err
}

func (jsonLines) scan(data []byte) (keys []string, end int64, err error) {
	for number := 1; ; number++ {
		line, _, complete := bytes.Cut(data[end:], []byte("\n"))
		if !complete {
			return keys, end, torn(data, end)
		}
		var h handover
		if err := json.Unmarshal(line, &h); err != nil || h.Key == "" {
			return nil, 0, fmt.Errorf("line %d is none of this program", number)
		}
		keys = append(keys, h.Key)
		end += int64(len(line)) + 1
	}
}
