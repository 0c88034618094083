package playback_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/playback"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	day     = 24 * time.Hour
	changes = 30 // the day on which A's rules change
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// company has two campaigns that reach 60 customers a day; from some day on half
// of A's get other rules, and if troubled two of them complain every day.
func company(troubled bool) attribution.Replayed {
	var in attribution.Replayed
	n := 0
	complain := func(customer string, at time.Time, text string) {
		n++
		in.Complaints = append(in.Complaints, triage.Complaint{
			ID: triage.ComplaintID(fmt.Sprint("T", n)), CustomerID: triage.CustomerID(customer), At: at, Text: text,
		})
	}
	for d := range 45 {
		at := start.Add(time.Duration(d) * day)
		for i := range 120 {
			e := triage.Exposure{CustomerID: triage.CustomerID(fmt.Sprint("K", d, ".", i)), Kind: campaign.ExposureKind, Key: "B", At: at, Attrs: map[string]any{"name": "周五加油八折"}}
			if i < 60 {
				e.Key, e.Attrs = "A", map[string]any{"name": "充50送120话费返还", "rule": "old"}
				if i < 30 && d >= changes {
					e.Attrs["rule"] = "changed"
				}
			}
			in.Exposures = append(in.Exposures, e)
		}
		complain(fmt.Sprint("N", d), at, "宽带断网两天没人修")
		if d%10 == 5 {
			complain(fmt.Sprint("K", d, ".", 40), at.Add(time.Hour), "充50送120的话费晚了一天")
			complain(fmt.Sprint("K", d, ".", 80), at.Add(time.Hour), "周五加油八折没有打折")
		}
		if troubled && d >= changes {
			complain(fmt.Sprint("K", d, ".", 3), at.Add(time.Hour), "充50送120改了规则，不返了")
			complain(fmt.Sprint("K", d, ".", 4), at.Add(time.Hour), "说好充五十送一百二，现在不送了")
		}
	}
	return in
}

func TestPlayer(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Parallel()
	for _, troubled := range []bool{true, false} {
		t.Run(fmt.Sprint("troubled ", troubled), func(t *testing.T) {
			t.Parallel()
			attributed := 0
			var told []watch.Change
			p := playback.Player{Tokenizer: segment.Default(), Zone: time.UTC, Customers: 9000}
			p.Attributed = func(campaign.Attribution) error { attributed++; return nil }
			p.Changed = func(c watch.Change) error { told = append(told, c); return nil }
			if err := p.Run(t.Context(), company(troubled)); err != nil {
				t.Fatal(err)
			}
			if !troubled {
				if len(told) != 0 || attributed != 8 {
					t.Errorf("got the signals %+v and %d attributions, want none and 8", told, attributed)
				}
				return
			}
			if attributed != 8+2*(45-changes) || len(told) == 0 {
				t.Fatalf("got %d attributions and the signals %+v", attributed, told)
			}
			first := told[0]
			if late := first.Day - fact.DayOf(start, time.UTC) - changes; first.Campaign.ID != "A" || first.Verdict.Signal == verdict.Go || late < 0 || late > 6 {
				t.Errorf("got %s of %s %d days after the rules changed, want adjust or stop of A within 6", first.Verdict.Signal, first.Campaign.ID, late)
			}
			if first.At.Hour() != 23 || fact.DayOf(first.At, time.UTC) != first.Day {
				t.Errorf("judged at %s, want the end of %s", first.At, first.Day)
			}
			for _, c := range told {
				if c.Campaign.ID != "A" {
					t.Errorf("a signal of %s: %s", c.Campaign.ID, c.Verdict.English())
				}
			}
		})
	}
}
