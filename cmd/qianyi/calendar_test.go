package main

import (
	"path/filepath"
	"testing"
	"time"
)

// A folder of holidays that is gone while the service runs takes nothing else of
// the configured working time with it.
func TestWorkingTimeWithoutItsHolidays(t *testing.T) {
	t.Parallel()
	c := defaultConfig()
	c.Calendar.Hours, c.Calendar.AroundTheClock = "08:00-12:00", []string{}
	c.Calendar.Holidays = filepath.Join(t.TempDir(), "gone")
	cal := c.workingTime()
	monday := time.Date(2026, time.March, 2, 11, 0, 0, 0, c.zone())
	if got, want := cal.Add(monday, 2*time.Hour), monday.AddDate(0, 0, 1).Add(-2*time.Hour); !got.Equal(want) {
		t.Errorf("two working hours from %s end at %s, want %s", monday, got, want)
	}
	if got, want := cal.Clock("critical").Add(monday, 2*time.Hour), monday.AddDate(0, 0, 1).Add(-2*time.Hour); !got.Equal(want) {
		t.Errorf("two hours of a critical case end at %s, want %s", got, want)
	}
	if spring := time.Date(2026, time.February, 17, 9, 0, 0, 0, c.zone()); cal.Working(spring) {
		t.Error("the Spring Festival is worked")
	}
}
