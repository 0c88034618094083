package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// instant is a time as both databases store it: unix milliseconds. The zero
// time is the number of year 1, so that no column needs NULL, comparisons mean
// the same on both, and 1970-01-01 stays a date like any other.
type instant time.Time

// Value implements driver.Valuer.
func (i instant) Value() (driver.Value, error) { return time.Time(i).UnixMilli(), nil }

// Scan implements sql.Scanner.
func (i *instant) Scan(src any) error {
	ms, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T, want unix milliseconds", src)
	}
	*i = instant(time.UnixMilli(ms).UTC())
	return nil
}

func (i instant) time() time.Time { return time.Time(i) }

// zeroInstant is the time that nobody knows.
var zeroInstant = instant{}
