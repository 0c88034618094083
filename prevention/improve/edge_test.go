package improve_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// weekly are weeks of the same counts before and after a change in week 8.
func weekly(before, after, control, weeksAfter int) (weeks []improve.Week, change improve.Span) {
	for i := range 9 + weeksAfter {
		w := improve.Week{Day: monday + fact.Day(7*i), Scope: before, Control: control}
		if i > 8 {
			w.Scope = after
		}
		weeks = append(weeks, w)
	}
	return weeks, improve.Span{From: monday + 7*8, To: monday + 7*9}
}

func TestVerdictsAtTheEdges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after, control, weeks int
		want                          improve.Verdict
	}{
		"nothing after":     {20, 0, 300, 6, improve.Works},
		"nothing before":    {0, 20, 300, 6, improve.TooFew},
		"nothing at all":    {0, 0, 300, 6, improve.TooFew},
		"no control":        {20, 5, 0, 6, improve.TooFew},
		"three weeks after": {20, 2, 300, 3, improve.TooEarly},
		"no week after":     {20, 2, 300, 0, improve.TooEarly},
		"twice as many":     {20, 40, 300, 6, improve.Worse},
		"as before":         {20, 20, 300, 6, improve.NoEffect},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			weeks, change := weekly(c.before, c.after, c.control, c.weeks)
			e := improve.Estimate(weeks, change, improve.Span{})
			if e.Verdict != c.want {
				t.Errorf("got %s (%+v), want %s", e.Verdict, e.Ratio, c.want)
			}
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("cannot be kept: %v", err)
			}
			if len(e.Points) != len(weeks) {
				t.Errorf("%d points of %d weeks", len(e.Points), len(weeks))
			}
		})
	}
	if e := improve.Estimate(nil, improve.Span{}, improve.Span{}); e.Verdict != improve.TooEarly {
		t.Errorf("of no weeks: got %s", e.Verdict)
	}
}

// TestTheRatioIsThatOfTheFourCounts compares with a calculation by hand: 8 weeks
// of 20 and 300 before, 5 of 10 and 150 after; and with (1/160+1/50+1/2400+1/750)
// as the variance of the logarithm, t(11) = 3.497 for the 99.5 % of the first look.
func TestTheRatioIsThatOfTheFourCounts(t *testing.T) {
	t.Parallel()
	weeks, change := weekly(20, 10, 300, 5)
	for i := range weeks {
		if weeks[i].Day >= change.To {
			weeks[i].Control = 150
		}
	}
	e := improve.Estimate(weeks, change, improve.Span{})
	half := 3.4966 * math.Sqrt(1.0/160+1.0/50+1.0/2400+1.0/750)
	for name, pair := range map[string][2]float64{
		"ratio": {e.Ratio.Value, 1}, "low": {e.Ratio.Low, math.Exp(-half)}, "high": {e.Ratio.High, math.Exp(half)},
		"expected": {e.Expected, 50}, "dispersion": {e.Dispersion, 1},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-3 {
			t.Errorf("%s: got %.4f, want %.4f", name, pair[0], pair[1])
		}
	}
}
