package calendar_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/calendar"
)

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config calendar.Config
		want   string
	}{
		"hours that are no time":     {calendar.Config{Hours: "nine to five"}, "hours:"},
		"hours that end too early":   {calendar.Config{Hours: "18:00-09:00"}, "hours:"},
		"parts that overlap":         {calendar.Config{Hours: "09:00-13:00,12:00-18:00"}, "hours:"},
		"an unknown level":           {calendar.Config{AroundTheClock: []string{"extreme"}}, "around_the_clock:"},
		"a folder that is not there": {calendar.Config{Holidays: filepath.Join(t.TempDir(), "none")}, "holidays:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := calendar.New(test.config, shanghai)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want an error of %s", err, test.want)
			}
		})
	}
}

func TestHolidaysOfAFolder(t *testing.T) {
	t.Parallel()
	folder := func(t *testing.T, files map[string]string) string {
		t.Helper()
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	t.Run("the next year can be dropped in, and a year replaced", func(t *testing.T) {
		t.Parallel()
		cal := office(t, calendar.Config{Holidays: folder(t, map[string]string{
			"2027.json": `{"$schema": "x", "year": 2027, "papers": [], "days": [
				{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, {"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}`,
			"2025.json":   `{"year": 2025, "days": [{"name": "国庆节", "date": "2025-10-01", "isOffDay": true}]}`,
			"schema.json": `{}`,
		})})
		for day, want := range map[string]bool{
			"2027-01-01": false, "2027-01-02": false, "2027-01-03": true, "2025-10-01": false, "2025-10-02": true, "2026-10-02": false,
		} {
			if got := cal.Working(at(t, day+" 10:00")); got != want {
				t.Errorf("%s: worked %v, want %v", day, got, want)
			}
		}
		if !cal.Known(2027) || cal.Known(2028) {
			t.Error("2027 should be known, 2028 not")
		}
	})
	for name, text := range map[string]string{
		"no JSON":      `days`,
		"other year":   `{"year": 2026, "days": [{"date": "2026-10-01", "isOffDay": true}]}`,
		"no days":      `{"year": 2027, "days": []}`,
		"a bad date":   `{"year": 2027, "days": [{"date": "1 Oct", "isOffDay": true}]}`,
		"off or work?": `{"year": 2027, "days": [{"date": "2027-10-01"}]}`,
	} {
		t.Run("a file with "+name+" is refused by name", func(t *testing.T) {
			t.Parallel()
			_, err := calendar.New(calendar.Config{Holidays: folder(t, map[string]string{"2027.json": text})}, shanghai)
			if err == nil || !strings.Contains(err.Error(), "2027.json") {
				t.Errorf("got %v, want an error that names the file", err)
			}
		})
	}
}

// The lists of the program are checked against what decrees have in common:
// days off come with workdays that are moved onto weekends, never onto another
// weekday, and every year has its seven festivals.
func TestOwnHolidays(t *testing.T) {
	t.Parallel()
	cal, plain := office(t, calendar.Config{}), office(t, calendar.Config{Holidays: t.TempDir()})
	for year := 2019; year <= 2026; year++ {
		off, worked := 0, 0
		for day := at(t, "2018-12-31 12:00").AddDate(year-2019, 0, 1); day.Year() == year; day = day.AddDate(0, 0, 1) {
			weekend := day.Weekday() == 0 || day.Weekday() == 6
			if cal.Working(day) != plain.Working(day) {
				t.Fatalf("%s differs with an empty folder", day)
			}
			switch {
			case weekend && cal.Working(day):
				worked++
			case !weekend && !cal.Working(day):
				off++
			}
		}
		// 11 statutory days until 2024 and 13 since, some of them on weekends.
		if net := off - worked; net < 9 || net > 14 {
			t.Errorf("%d has %d more days off on weekdays than worked weekends, want 11 or so", year, net)
		}
	}
}
