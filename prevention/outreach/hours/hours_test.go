package hours_test

import (
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/qianyi-dev/qianyi/prevention/outreach/hours"
)

var shanghai = time.FixedZone("CST", 8*3600)

func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-05-06 "+clock, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	night := hours.Quiet{From: 21 * 60, To: 9 * 60}
	noon := hours.Quiet{From: 12 * 60, To: 13*60 + 30}
	for _, c := range []struct {
		name  string
		quiet hours.Quiet
		at    time.Time
		next  time.Time // the same as at when it is not quiet
	}{
		{"the minute before", night, at("20:59:59"), at("20:59:59")},
		{"the first moment", night, at("21:00:00"), at("09:00:00").AddDate(0, 0, 1)},
		{"after midnight", night, at("00:00:00"), at("09:00:00")},
		{"the last moment", night, at("08:59:59"), at("09:00:00")},
		{"the end", night, at("09:00:00"), at("09:00:00")},
		{"in another zone", night, at("22:00:00").UTC(), at("09:00:00").AddDate(0, 0, 1)},
		{"within one day", noon, at("12:10:00"), at("13:30:00")},
		{"after it", noon, at("13:30:00"), at("13:30:00")},
		{"none", hours.Quiet{}, at("03:00:00"), at("03:00:00")},
		{"to midnight", hours.Quiet{From: 22 * 60, To: 24 * 60}, at("23:00:00"), at("00:00:00").AddDate(0, 0, 1)},
	} {
		if got, want := c.quiet.Contains(c.at, shanghai), !c.next.Equal(c.at); got != want {
			t.Errorf("%s: contains: got %v, want %v", c.name, got, want)
		}
		if got := c.quiet.Next(c.at, shanghai); !got.Equal(c.next) {
			t.Errorf("%s: next: got %v, want %v", c.name, got, c.next)
		}
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	var q hours.Quiet
	if err := yaml.Unmarshal([]byte("from: \"21:30\"\nto: \"09:00\"\n"), &q); err != nil {
		t.Fatal(err)
	}
	if want := (hours.Quiet{From: 21*60 + 30, To: 9 * 60}); q != want {
		t.Errorf("got %v, want %v", q, want)
	}
	if err := yaml.Unmarshal([]byte("from: nine\n"), &q); err == nil {
		t.Error("a word was taken for a time of day")
	}
	for _, bad := range []hours.Quiet{{From: -1}, {To: 24*60 + 1}, {To: 24 * 60}} {
		if bad.Validate() == nil {
			t.Errorf("%+v is valid, want an error", bad)
		}
	}
}
