package report

import (
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Week is a week of ISO 8601, from Monday to Sunday. The zero Week is none.
type Week struct{ Year, Number int }

// WeekOf returns the week in which a day lies.
func WeekOf(d fact.Day) Week {
	year, number := d.Time().ISOWeek()
	return Week{year, number}
}

// LastWeek returns the last week that is over at a time in a zone.
func LastWeek(now time.Time, zone *time.Location) Week {
	return WeekOf(fact.DayOf(now, zone) - 7)
}

// ParseWeek reads a week such as 2026-W10; an error is of CodeInvalid.
func ParseWeek(s string) (Week, error) {
	var w Week
	if _, err := fmt.Sscanf(s, "%d-W%d", &w.Year, &w.Number); err != nil || w.Year < 1970 || w.Year > 9999 || w.Number < 1 ||
		WeekOf(w.first()) != w || w.String() != s {
		return Week{}, triage.FieldErrorf("week", "%.20q is not a week such as 2026-W10", s)
	}
	return w, nil
}

// String returns the week as 2026-W10.
func (w Week) String() string { return fmt.Sprintf("%04d-W%02d", w.Year, w.Number) }

// Days returns the first day of the week and the one after its last.
func (w Week) Days() (from, to fact.Day) { return w.first(), w.first() + 7 }

// Add returns the week so many weeks later.
func (w Week) Add(n int) Week { return WeekOf(w.first() + fact.Day(7*n)) }

// first counts from the week of January 4th, which is always the first.
func (w Week) first() fact.Day {
	return fact.Weekly.Start(fact.Date(w.Year, time.January, 4)) + fact.Day(7*(w.Number-1))
}

// MarshalText implements encoding.TextMarshaler.
func (w Week) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *Week) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWeek(string(text))
	return err
}
