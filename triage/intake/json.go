package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// jsonLines reads one JSON object per line.
type jsonLines struct {
	w  *window
	in *textReader
}

func (s *jsonLines) next() (Row, error) {
	for {
		line, n, long, err := s.w.takeLine()
		if err != nil {
			return Row{Line: n}, err
		}
		r := Row{Line: n, raw: line}
		if long {
			return r, errTooLong("line")
		}
		start := skipSpace(line, 0)
		if start == len(line) {
			continue
		}
		r.damaged = isDamaged(line, s.in.converted)
		r.cells, err = jsonRow(line)
		return r, err
	}
}

// errTooLong refuses a record that could not be held.
func errTooLong(what string) error {
	return triage.Errorf(triage.CodeTooLarge, "%s is longer than %d MB; split it or send the text as an attachment", what, MaxRecord>>20)
}

// isDamaged tells whether the record holds bytes that were no character.
func isDamaged(record string, converted bool) bool {
	if !utf8.ValidString(record) {
		return true
	}
	if !converted {
		return false
	}
	for _, r := range record {
		if r == utf8.RuneError {
			return true
		}
	}
	return false
}

// jsonRow splits one line into cells under the contract's names.
func jsonRow(line string) ([]cell, error) {
	if !json.Valid([]byte(line)) {
		return nil, notJSON(line)
	}
	if line[skipSpace(line, 0)] != '{' {
		return nil, triage.Errorf(triage.CodeInvalid, `is JSON but not an object; expected one like {"id": "1", "text": "…"}`)
	}
	cells := members(line)
	for i := range cells {
		cells[i].name, _ = canonical(cells[i].name)
		for j := range i {
			if cells[j].name == cells[i].name {
				return nil, triage.FieldErrorf(cells[i].name, "is given twice in one object")
			}
		}
	}
	return cells, nil
}

// notJSON says where a line stops being JSON.
func notJSON(line string) error {
	var value json.RawMessage
	var syntax *json.SyntaxError
	err := json.Unmarshal([]byte(line), &value)
	if !errors.As(err, &syntax) || syntax.Offset >= int64(len(line)) {
		return triage.Errorf(triage.CodeInvalid, "is not a complete JSON object: the line is cut short")
	}
	return triage.Errorf(triage.CodeInvalid, "is not a JSON object: wrong at character %d", utf8.RuneCountInString(line[:syntax.Offset]))
}

// members splits a valid JSON object into its members, in order, without
// looking into compound values.
func members(object string) []cell {
	cells := make([]cell, 0, 12)
	i := skipSpace(object, 0) + 1
	for {
		i = skipSpace(object, i)
		if object[i] == '}' {
			return cells
		}
		if object[i] == ',' {
			i = skipSpace(object, i+1)
		}
		end := skipValue(object, i)
		name := unquote(object[i:end])
		i = skipSpace(object, skipSpace(object, end)+1) // over the colon
		end = skipValue(object, i)
		c := valueCell(object[i:end])
		c.name = name
		cells = append(cells, c)
		i = end
	}
}

// valueCell types one JSON value. Null and "" count as absent.
func valueCell(raw string) cell {
	switch raw[0] {
	case '"':
		if raw == `""` {
			return cell{}
		}
		return cell{kind: text, value: unquote(raw)}
	case '{', '[':
		return cell{kind: compound, value: raw}
	case 't', 'f':
		return cell{kind: boolean, value: raw}
	case 'n':
		return cell{}
	}
	return cell{kind: number, value: raw}
}

// unquote returns the text of a JSON string.
func unquote(raw string) string {
	inner := raw[1 : len(raw)-1]
	for i := range len(inner) {
		if inner[i] == '\\' {
			var s string
			if err := json.Unmarshal([]byte(raw), &s); err != nil {
				return inner
			}
			return s
		}
	}
	return inner
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}

// skipValue returns the end of the value that begins at i of valid JSON.
func skipValue(s string, i int) int {
	depth := 0
	for {
		switch s[i] {
		case '"':
			i = skipString(s, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
		i++
	}
}

// skipString returns the end of the string that begins at i.
func skipString(s string, i int) int {
	for i++; s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// object splits the JSON text of an object into Attrs.
func object(raw string) (map[string]any, error) {
	if !json.Valid([]byte(raw)) || raw[skipSpace(raw, 0)] != '{' {
		return nil, fmt.Errorf("%s is not a JSON object like {\"amount\": 100}", quoted(raw))
	}
	attrs := map[string]any{}
	for _, m := range members(raw) {
		if m.kind != absent {
			attrs[m.name] = m.attr()
		}
	}
	return attrs, nil
}
