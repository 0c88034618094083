// Package hours knows the quiet hours of people: a part of each day in which
// nobody is disturbed.
package hours

import (
	"fmt"
	"time"
)

// OfDay is a time of day in minutes since midnight. It is written "21:00";
// "24:00" is the end of the day.
type OfDay int

const day = OfDay(24 * 60)

// UnmarshalText reads "21:00".
func (o *OfDay) UnmarshalText(text []byte) error {
	if string(text) == "24:00" {
		*o = day
		return nil
	}
	t, err := time.Parse("15:04", string(text))
	if err != nil {
		return fmt.Errorf("%q is not a time of day; write it like 21:00", text)
	}
	*o = OfDay(t.Hour()*60 + t.Minute())
	return nil
}

// MarshalText writes "21:00".
func (o OfDay) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String writes "21:00".
func (o OfDay) String() string { return fmt.Sprintf("%02d:%02d", o/60, o%60) }

// Quiet is a part of every day: From <= t < To, over midnight when To is not
// after From. The zero Quiet, and one whose ends are equal, is empty.
type Quiet struct {
	From OfDay `yaml:"from"`
	To   OfDay `yaml:"to"`
}

// Validate says which end is no time of day.
func (q Quiet) Validate() error {
	for _, end := range []struct {
		name string
		at   OfDay
	}{{"from", q.From}, {"to", q.To}} {
		if end.at < 0 || end.at > day {
			return fmt.Errorf("%s: %d minutes is not a time of day; write it like 21:00", end.name, int(end.at))
		}
	}
	if q.From == 0 && q.To == day {
		return fmt.Errorf("from: 00:00 to 24:00 leaves no time at all")
	}
	return nil
}

// Contains says whether t is quiet by the clock of the zone.
func (q Quiet) Contains(t time.Time, zone *time.Location) bool {
	local := t.In(zone)
	now := OfDay(local.Hour()*60 + local.Minute())
	if q.From <= q.To {
		return q.From <= now && now < q.To
	}
	return now >= q.From || now < q.To
}

// Next returns t when it is not quiet, else the end of the quiet hours it is in.
func (q Quiet) Next(t time.Time, zone *time.Location) time.Time {
	if !q.Contains(t, zone) {
		return t
	}
	local := t.In(zone)
	y, m, d := local.Date()
	end := time.Date(y, m, d, 0, int(q.To), 0, 0, zone)
	if !end.After(local) {
		end = time.Date(y, m, d+1, 0, int(q.To), 0, 0, zone)
	}
	return end
}
