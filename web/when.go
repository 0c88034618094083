package web

import (
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// localLayouts are the forms of a time without an offset; months, days and
// hours may have one digit.
var localLayouts = []string{
	"2006-1-2T15:04:05", "2006-1-2T15:04", "2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2",
	"2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2",
}

// lastYear is the last one that is believed: what counts from a time, as the
// service levels do, must still have a year of four digits.
const lastYear = 9000

// parseTime reads a time of the contract; "" is the zero time. The error names
// the field.
func (s *Server) parseTime(field, value string) (time.Time, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, value)
	for _, layout := range localLayouts {
		if err == nil {
			break
		}
		t, err = time.ParseInLocation(layout, value, s.d.Zone)
	}
	if err != nil {
		return time.Time{}, triage.FieldErrorf(field, "is not a time; write 2026-03-01T08:00:00+08:00, 2026-03-01T08:00:00 or 2026/3/1 08:00:00")
	}
	if t.Year() > lastYear {
		return time.Time{}, triage.FieldErrorf(field, "%s is not a believable time", t.Format(time.DateOnly))
	}
	return t, nil
}

// local shows a time in the zone of the server; nil for the zero time.
func (s *Server) local(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = s.inZone(t)
	return &t
}

// inZone moves a time to the zone of the server, but not out of the year 9999:
// JSON knows no later one, and one such case would make every list fail.
func (s *Server) inZone(t time.Time) time.Time {
	if in := t.In(s.d.Zone); in.Year() <= 9999 {
		return in
	}
	return t.UTC()
}
