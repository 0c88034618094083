package store

import (
	"encoding/json"

	"github.com/qianyi-dev/qianyi/triage"
)

// encodeJSON writes a part of a record; an error names the field that has no
// JSON form, such as an infinite number.
func encodeJSON(field string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", triage.FieldErrorf(field, "cannot be stored: %v", err)
	}
	return string(b), nil
}

// document reads a column that holds JSON, or ”.
type document struct {
	of string
	to any
}

// Scan implements sql.Scanner.
func (d document) Scan(src any) error {
	var text []byte
	switch v := src.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return triage.Errorf(triage.CodeInternal, "%s is stored as %T, want text", d.of, src)
	}
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, d.to); err != nil {
		return triage.Errorf(triage.CodeInternal, "stored %s: %v", d.of, err)
	}
	return nil
}
