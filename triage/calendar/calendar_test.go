package calendar_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func office(t testing.TB, c calendar.Config) *calendar.Calendar {
	t.Helper()
	cal, err := calendar.New(c, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// at reads a time on the clocks of Shanghai.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWorking(t *testing.T) {
	t.Parallel()
	cal := office(t, calendar.Config{})
	for day, want := range map[string]bool{
		"2026-03-02": true, "2026-03-07": false, "2026-03-08": false,
		"2026-09-20": true, "2026-09-24": true, "2026-09-25": false, // 中秋, and the Sunday worked for 国庆
		"2026-10-01": false, "2026-10-07": false, "2026-10-08": true, "2026-10-10": true, "2026-10-11": false,
		"2026-02-14": true, "2026-02-16": false, "2026-02-23": false, "2026-02-24": true, "2026-02-28": true,
		"2020-01-31": false, "2020-02-03": true, "2019-12-31": true, "2018-12-29": true, "2018-12-31": false,
		"2022-12-31": false, "2023-01-02": false,
		"2031-10-01": true, "2031-10-04": false, // no data: a Wednesday and a Saturday
	} {
		if got := cal.Working(at(t, day+" 12:00")); got != want {
			t.Errorf("%s: worked %v, want %v", day, got, want)
		}
	}
	for year, want := range map[int]bool{2018: false, 2019: true, 2026: true, 2027: false} {
		if cal.Known(year) != want {
			t.Errorf("year %d known: %v, want %v", year, !want, want)
		}
	}
}

func TestAddAndBetween(t *testing.T) {
	t.Parallel()
	cal := office(t, calendar.Config{})
	lunch := office(t, calendar.Config{Hours: "09:00-12:00,13:30-18:00"})
	for name, test := range map[string]struct {
		cal  *calendar.Calendar
		from string
		d    time.Duration
		want string
	}{
		"within a day":                   {cal, "2026-03-02 10:00", 4 * time.Hour, "2026-03-02 14:00"},
		"over night":                     {cal, "2026-03-02 16:00", 4 * time.Hour, "2026-03-03 11:00"},
		"to the closing, not the next":   {cal, "2026-03-02 16:00", 2 * time.Hour, "2026-03-02 18:00"},
		"over a weekend":                 {cal, "2026-03-06 17:00", 2 * time.Hour, "2026-03-09 10:00"},
		"from a Saturday":                {cal, "2026-03-07 11:00", time.Hour, "2026-03-09 10:00"},
		"from the night":                 {cal, "2026-03-03 23:00", time.Hour, "2026-03-04 10:00"},
		"from early morning":             {cal, "2026-03-03 03:00", time.Hour, "2026-03-03 10:00"},
		"over 国庆 into a worked Thursday": {cal, "2026-09-30 17:00", 2 * time.Hour, "2026-10-08 10:00"},
		"over 国庆 with 调休":                {cal, "2026-09-30 17:00", 28 * time.Hour, "2026-10-10 18:00"},
		"a worked Sunday":                {cal, "2026-09-18 17:00", 2 * time.Hour, "2026-09-20 10:00"},
		"over noon":                      {lunch, "2026-03-02 11:00", 2 * time.Hour, "2026-03-02 14:30"},
		"from noon":                      {lunch, "2026-03-02 12:30", 30 * time.Minute, "2026-03-02 14:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, want := at(t, test.from), at(t, test.want)
			if got := test.cal.Add(from, test.d); !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
			if got := test.cal.Between(from, want); got != test.d {
				t.Errorf("got %s between, want %s", got, test.d)
			}
			if got := test.cal.Between(want, from); got != -test.d {
				t.Errorf("got %s backwards, want -%s", got, test.d)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	cal := office(t, calendar.Config{})
	for name, test := range map[string]struct {
		level nlp.UrgencyLevel
		from  string
		limit time.Duration
		want  string
	}{
		"a day is the same time tomorrow":    {nlp.UrgencyNormal, "2026-03-02 10:30", 24 * time.Hour, "2026-03-03 10:30"},
		"three days over a weekend":          {nlp.UrgencyNormal, "2026-03-05 10:30", 72 * time.Hour, "2026-03-10 10:30"},
		"a day from the evening":             {nlp.UrgencyNormal, "2026-03-02 20:00", 24 * time.Hour, "2026-03-03 18:00"},
		"a day from a Sunday":                {nlp.UrgencyNormal, "2026-03-08 11:00", 24 * time.Hour, "2026-03-09 18:00"},
		"two days before 国庆":                 {nlp.UrgencyNormal, "2026-09-30 15:00", 48 * time.Hour, "2026-10-09 15:00"},
		"three days before 国庆 with 调休":       {nlp.UrgencyNormal, "2026-09-30 15:00", 72 * time.Hour, "2026-10-10 15:00"},
		"hours are worked":                   {nlp.UrgencyNormal, "2026-03-02 16:00", 4 * time.Hour, "2026-03-03 11:00"},
		"many hours are a day at most":       {nlp.UrgencyNormal, "2026-03-02 10:00", 20 * time.Hour, "2026-03-03 10:00"},
		"days and hours":                     {nlp.UrgencyNormal, "2026-03-02 10:00", 26 * time.Hour, "2026-03-03 12:00"},
		"hours from a Sunday":                {nlp.UrgencyNormal, "2026-03-08 11:00", 4 * time.Hour, "2026-03-09 13:00"},
		"high runs around the clock":         {nlp.UrgencyHigh, "2026-03-08 08:00", 4 * time.Hour, "2026-03-08 12:00"},
		"critical runs around the clock":     {nlp.UrgencyCritical, "2026-03-07 23:00", 2 * time.Hour, "2026-03-08 01:00"},
		"critical runs through the holidays": {nlp.UrgencyCritical, "2026-10-01 10:00", 24 * time.Hour, "2026-10-02 10:00"},
		"nothing ends at once":               {nlp.UrgencyNormal, "2026-03-02 10:00", 0, "2026-03-02 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, want := cal.Limit(test.level, at(t, test.from), test.limit), at(t, test.want); !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestProperties checks what must hold of all times: in years with and without
// data, at the ends of time, with one and with several parts of a day.
func TestProperties(t *testing.T) {
	t.Parallel()
	for _, hours := range []string{"", "09:00-12:00,13:30-18:00", "00:00-24:00", "08:15-08:20"} {
		cal := office(t, calendar.Config{Hours: hours})
		r := rand.New(rand.NewPCG(1, uint64(len(hours))))
		for range 4000 {
			a := time.UnixMilli(r.Int64N(4_000_000_000_000) - 1_000_000_000_000).In(shanghai)
			d, longer := time.Duration(r.Int64N(int64(900*time.Hour))), time.Duration(r.Int64N(int64(50*time.Hour)))
			b := cal.Add(a, d)
			if got := cal.Between(a, b); got != d {
				t.Fatalf("%q: between %s and %s plus %s are %s", hours, a, a, d, got)
			}
			if b.Before(a) || cal.Add(a, d+longer).Before(b) {
				t.Fatalf("%q: adding %s and %s to %s goes backwards", hours, d, longer, a)
			}
			if twice, once := cal.Add(b, longer), cal.Add(a, d+longer); cal.Between(twice, once) != 0 {
				t.Fatalf("%q: %s: %s and then %s is %s, at once %s", hours, a, d, longer, twice, once)
			}
			if d > 0 && !cal.Working(b) {
				t.Fatalf("%q: %s plus %s ends on %s, a day off", hours, a, d, b)
			}
			later := a.Add(time.Duration(r.Int64N(int64(96 * time.Hour))))
			limit := time.Duration(r.Int64N(int64(200 * time.Hour)))
			first, second := cal.Limit(nlp.UrgencyNormal, a, limit), cal.Limit(nlp.UrgencyNormal, later, limit)
			if first.Before(a) || second.Before(first) || cal.Limit(nlp.UrgencyNormal, a, limit+longer).Before(first) {
				t.Fatalf("%q: the limit %s of %s ends at %s, of %s at %s", hours, limit, a, first, later, second)
			}
		}
	}
}

func TestFarApart(t *testing.T) {
	t.Parallel()
	cal := office(t, calendar.Config{})
	end := time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC)
	if got := cal.Between(time.Time{}, end); got <= 0 {
		t.Errorf("got %s over all of time, want something long", got)
	}
	if got := cal.Add(end, 72*time.Hour); !got.After(end) {
		t.Errorf("got %s, want a time after %s", got, end)
	}
}

// Clock must count as the calendar does, and by the hour where it never stops.
func TestClock(t *testing.T) {
	t.Parallel()
	cal := office(t, calendar.Config{AroundTheClock: []string{"high"}})
	from := at(t, "2026-03-06 17:00")
	for level, want := range map[nlp.UrgencyLevel]string{
		nlp.UrgencyHigh: "2026-03-06 19:00", nlp.UrgencyCritical: "2026-03-09 10:00", nlp.UrgencyNormal: "2026-03-09 10:00",
	} {
		clock := cal.Clock(level)
		end := clock.Add(from, 2*time.Hour)
		if !end.Equal(at(t, want)) || clock.Between(from, end) != 2*time.Hour {
			t.Errorf("%s: two hours end at %s and count %s, want %s", level, end, clock.Between(from, end), want)
		}
	}
}

func BenchmarkCalendar(b *testing.B) {
	cal := office(b, calendar.Config{})
	from := at(b, "2026-09-18 16:20")
	to := from.AddDate(20, 0, 0)
	b.Run("limit", func(b *testing.B) {
		for b.Loop() {
			cal.Limit(nlp.UrgencyNormal, from, 72*time.Hour)
		}
	})
	b.Run("between", func(b *testing.B) {
		for b.Loop() {
			cal.Between(from, to)
		}
	})
}
