package intake

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Believable times of complaints, as the domain has them.
const (
	firstYear = 1970
	lastYear  = 9999
)

// layouts are tried in order, after slashes and Chinese date signs have become
// dashes. A fraction of a second is accepted after each that has seconds.
var layouts = []string{
	"2006-1-2T15:04:05Z07:00",
	"2006-1-2T15:04:05",
	"2006-1-2 15:04:05",
	"2006-1-2",
	"2006-1-2 15:04",
	"2006-1-2T15:04",
	"2006-1-2 15:04:05Z07:00",
}

var dateSigns = strings.NewReplacer("/", "-", "年", "-", "月", "-", "日", "")

// parseTime understands the times of the input contract. A time without an
// offset is in the zone; a bare number is an Excel date.
func (r *Row) parseTime(value string) (time.Time, error) {
	value = strings.TrimSpace(value)
	t, ok := parseLayouts(dateSigns.Replace(value), r.zone)
	if !ok {
		t, ok = r.serialTime(value)
	}
	if !ok {
		return time.Time{}, fmt.Errorf("%s is not a time (use 2026-03-01T08:00:00)", quoted(value))
	}
	if y := t.Year(); y < firstYear || y > lastYear {
		return time.Time{}, fmt.Errorf("%s is not between the years %d and %d", quoted(value), firstYear, lastYear)
	}
	return t, nil
}

func parseLayouts(value string, zone *time.Location) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, value, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// serialTime reads an Excel date: days since 1900 (in some workbooks 1904),
// local time. Exports write them as text, too, where a cell lost its format.
func (r *Row) serialTime(value string) (time.Time, bool) {
	days, err := strconv.ParseFloat(value, 64)
	const tenThousandYears = 3_652_425
	if err != nil || !(days >= 0 && days < tenThousandYears) {
		return time.Time{}, false
	}
	t, err := excelize.ExcelDateToTime(days, r.from1904)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, r.zone), true
}
