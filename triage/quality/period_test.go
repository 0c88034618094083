package quality_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

func day(t *testing.T, text string) fact.Day {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return fact.Date(at.Date())
}

// span is a period by its first and last day.
func span(t *testing.T, first, last string) quality.Period {
	t.Helper()
	return quality.Period{From: day(t, first), To: day(t, last) + 1}
}

func TestCompared(t *testing.T) {
	t.Parallel()
	const later = "2030-01-01"
	for name, c := range map[string]struct {
		first, last string
		base        quality.Base
		today       string
		now, then   [2]string
	}{
		"a day":                       {"2026-03-04", "2026-03-04", quality.Before, later, [2]string{"2026-03-04", "2026-03-04"}, [2]string{"2026-03-03", "2026-03-03"}},
		"a Wednesday":                 {"2026-03-04", "2026-03-04", quality.YearBefore, later, [2]string{"2026-03-04", "2026-03-04"}, [2]string{"2025-03-05", "2025-03-05"}},
		"a leap day":                  {"2028-02-29", "2028-02-29", quality.YearBefore, later, [2]string{"2028-02-29", "2028-02-29"}, [2]string{"2027-03-02", "2027-03-02"}},
		"week 1 over new year":        {"2025-12-29", "2026-01-04", quality.YearBefore, later, [2]string{"2025-12-29", "2026-01-04"}, [2]string{"2024-12-30", "2025-01-05"}},
		"week 53":                     {"2026-12-28", "2027-01-03", quality.YearBefore, later, [2]string{"2026-12-28", "2027-01-03"}, [2]string{"2025-12-29", "2026-01-04"}},
		"30 days":                     {"2026-03-02", "2026-03-31", quality.Before, later, [2]string{"2026-03-02", "2026-03-31"}, [2]string{"2026-01-31", "2026-03-01"}},
		"March":                       {"2026-03-01", "2026-03-31", quality.Before, later, [2]string{"2026-03-01", "2026-03-31"}, [2]string{"2026-02-01", "2026-02-28"}},
		"February of a leap year":     {"2028-02-01", "2028-02-29", quality.YearBefore, later, [2]string{"2028-02-01", "2028-02-29"}, [2]string{"2027-02-01", "2027-02-28"}},
		"February after one":          {"2029-02-01", "2029-02-28", quality.YearBefore, later, [2]string{"2029-02-01", "2029-02-28"}, [2]string{"2028-02-01", "2028-02-29"}},
		"a quarter":                   {"2026-01-01", "2026-03-31", quality.Before, later, [2]string{"2026-01-01", "2026-03-31"}, [2]string{"2025-10-01", "2025-12-31"}},
		"a year":                      {"2028-01-01", "2028-12-31", quality.Before, later, [2]string{"2028-01-01", "2028-12-31"}, [2]string{"2027-01-01", "2027-12-31"}},
		"a month that runs":           {"2026-03-01", "2026-03-31", quality.Before, "2026-03-11", [2]string{"2026-03-01", "2026-03-10"}, [2]string{"2026-02-01", "2026-02-10"}},
		"more days than the base has": {"2026-03-01", "2026-03-31", quality.Before, "2026-03-31", [2]string{"2026-03-01", "2026-03-30"}, [2]string{"2026-02-01", "2026-02-28"}},
		"a week that runs":            {"2026-03-02", "2026-03-08", quality.Before, "2026-03-05", [2]string{"2026-03-02", "2026-03-04"}, [2]string{"2026-02-23", "2026-02-25"}},
		"a leap month that runs":      {"2028-02-01", "2028-02-29", quality.YearBefore, "2028-02-29", [2]string{"2028-02-01", "2028-02-28"}, [2]string{"2027-02-01", "2027-02-28"}},
		"today is not over":           {"2026-03-02", "2026-03-04", quality.Before, "2026-03-04", [2]string{"2026-03-02", "2026-03-03"}, [2]string{"2026-02-27", "2026-02-28"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, then := quality.Compared(span(t, c.first, c.last), c.base, day(t, c.today))
			if diff := cmp.Diff(span(t, c.now[0], c.now[1]), now); diff != "" {
				t.Errorf("now (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(span(t, c.then[0], c.then[1]), then); diff != "" {
				t.Errorf("then (-want +got):\n%s", diff)
			}
		})
	}
}

// Weekdays meet, and no day of the year before is further than three days from
// the same date.
func TestYearBeforeMeetsWeekdays(t *testing.T) {
	t.Parallel()
	for d := day(t, "2019-01-01"); d < day(t, "2033-01-01"); d++ {
		_, then := quality.Compared(quality.Period{From: d, To: d + 1}, quality.YearBefore, d+1)
		if d.Time().Weekday() != then.From.Time().Weekday() {
			t.Fatalf("%s meets %s", d, then.From)
		}
		if off := then.From.Time().Sub(d.Time().AddDate(-1, 0, 0)).Abs(); off > 72*time.Hour {
			t.Fatalf("%s meets %s", d, then.From)
		}
	}
}

func TestCompareSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	first := day(t, "2026-02-01")
	for name, c := range map[string]struct {
		p     quality.Period
		base  quality.Base
		today string
		want  quality.State
	}{
		"known":            {span(t, "2026-03-01", "2026-03-31"), quality.Before, "2026-04-02", quality.Known},
		"no year":          {span(t, "2026-03-01", "2026-03-31"), quality.YearBefore, "2026-04-02", quality.NoData},
		"half of the base": {span(t, "2026-02-11", "2026-03-02"), quality.Before, "2026-04-02", quality.NoData},
		"only today":       {span(t, "2026-04-02", "2026-04-02"), quality.Before, "2026-04-02", quality.Unfinished},
		"to come":          {span(t, "2026-05-01", "2026-05-31"), quality.Before, "2026-04-02", quality.Unfinished},
	} {
		if got := quality.Compare(c.p, c.base, first, day(t, c.today)).State; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	got := span(t, "2026-12-30", "2027-01-12").Units(fact.Weekly)
	want := []quality.Period{span(t, "2026-12-30", "2027-01-03"), span(t, "2027-01-04", "2027-01-10"), span(t, "2027-01-11", "2027-01-12")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (quality.Period{From: 9, To: 3}).Units(fact.Daily); got != nil || (quality.Period{From: 9, To: 3}).Days() != 0 {
		t.Errorf("an upside-down period has the units %v", got)
	}
}
