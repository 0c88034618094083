package effect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
)

// days makes a series of so many customers each day, under a clock of
// complaints each day.
func days(from time.Time, clock int, customers ...int) []prevention.DayCount {
	var list []prevention.DayCount
	for i, n := range customers {
		list = append(list, prevention.DayCount{Day: from.AddDate(0, 0, i), Customers: n, Complaints: clock})
	}
	return list
}

func TestBeforeAfter(t *testing.T) {
	t.Parallel()
	monday := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	told := monday.AddDate(0, 0, 5).Add(10 * time.Hour)
	surge := days(monday, 100, 8, 9, 7, 10, 8, 30, 24, 27, 25)
	for i := range surge[6:] {
		surge[6+i].Complaints = 300
	}
	for _, c := range []struct {
		name    string
		series  []prevention.DayCount
		verdict effect.Verdict
		words   string
	}{
		{"it falls", days(monday, 100, 8, 9, 7, 10, 8, 30, 1, 0, 2), effect.VerdictFewer, "没有对照组"},
		{"it goes on", days(monday, 100, 8, 9, 7, 10, 8, 30, 9, 7, 8), effect.VerdictOpen, "还不能断定"},
		{"it grows", days(monday, 100, 8, 9, 7, 10, 8, 30, 25, 30, 28), effect.VerdictMore, "仍在扩大"},
		{"everything grows", surge, effect.VerdictOpen, "还不能断定"},
		{"scattered days say less", days(monday, 100, 1, 20, 2, 19, 0, 0, 3, 4), effect.VerdictOpen, "还不能断定"},
		{"no past", days(told.Add(time.Hour), 100, 1, 2), effect.VerdictNone, "无法比较"},
		{"no days after", days(monday, 100, 1, 2), effect.VerdictNone, "无法比较"},
		{"nothing at all", nil, effect.VerdictNone, "无法比较"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := effect.BeforeAfter(c.series, told)
			if f.Verdict != c.verdict || !strings.Contains(f.Words, c.words) {
				t.Errorf("got %+v, want %s and %q", f, c.verdict, c.words)
			}
			if f.Low > f.Expected || f.Expected > f.High {
				t.Errorf("%f is outside of %f to %f", f.Expected, f.Low, f.High)
			}
		})
	}
}

// The day of the notice belongs to neither side, and days long past do not
// count.
func TestBeforeAfterTakesWholeDays(t *testing.T) {
	t.Parallel()
	monday := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	counts := make([]int, 30)
	counts[0], counts[20] = 500, 500
	f := effect.BeforeAfter(days(monday, 10, counts...), monday.AddDate(0, 0, 20).Add(time.Hour))
	if f.PastDays != 14 || f.Days != 9 || f.Seen != 0 || f.Expected > 1 {
		t.Errorf("got %+v, want 14 and 9 days without customers", f)
	}
}
