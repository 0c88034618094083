package life_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// urgent returns a case of a level and tier that came in some hours after
// monday.
func urgent(id string, level nlp.UrgencyLevel, tier triage.Tier, hours int) triage.Case {
	c := complaint(id)
	c.At = monday.Add(time.Duration(hours) * time.Hour)
	c.Assessment.Urgency.Level, c.Work.Tier = level, tier
	return c
}

func TestPriority(t *testing.T) {
	t.Parallel()
	calm := urgent("calm safety report", nlp.UrgencyCritical, triage.TierOrdinary, 72)
	loud := urgent("shouting about a coupon", nlp.UrgencyHigh, triage.TierVIP, 0)
	loud.Assessment.Sentiment = nlp.Sentiment{Label: nlp.Negative, Score: -1, Intensity: 3}
	for name, test := range map[string]struct{ first, second triage.Case }{
		"harm before noise":                      {calm, loud},
		"VIP first at equal urgency":             {urgent("vip", nlp.UrgencyNormal, triage.TierVIP, 0), urgent("ordinary", nlp.UrgencyNormal, triage.TierOrdinary, 0)},
		"potential before ordinary":              {urgent("potential", nlp.UrgencyNormal, triage.TierPotential, 0), urgent("ordinary", nlp.UrgencyNormal, triage.TierOrdinary, 0)},
		"urgent before ordinary":                 {urgent("high", nlp.UrgencyHigh, triage.TierOrdinary, 0), urgent("normal", nlp.UrgencyNormal, triage.TierOrdinary, 0)},
		"an old ordinary case overtakes a fresh": {urgent("old", nlp.UrgencyNormal, triage.TierOrdinary, -120), urgent("fresh", nlp.UrgencyHigh, triage.TierVIP, 0)},
		"but not at once":                        {urgent("fresh", nlp.UrgencyHigh, triage.TierVIP, 0), urgent("old", nlp.UrgencyNormal, triage.TierOrdinary, -90)},
		"the older of two equals":                {urgent("older", nlp.UrgencyLow, triage.TierHigh, -1), urgent("younger", nlp.UrgencyLow, triage.TierHigh, 0)},
		"the older of two dangers":               {urgent("older", nlp.UrgencyCritical, triage.TierOrdinary, -1), urgent("younger", nlp.UrgencyCritical, triage.TierOrdinary, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, test.first, test.second)
			a, b := h.cases[test.first.ID], h.cases[test.second.ID]
			if !a.Work.PriorityAt.Before(b.Work.PriorityAt) {
				t.Errorf("%s is sorted at %s, %s at %s", a.ID, a.Work.PriorityAt, b.ID, b.Work.PriorityAt)
			}
			// The static order is that of the score, whenever it is asked for.
			for _, days := range []int{4, 40} {
				now := monday.AddDate(0, 0, days)
				x, y := life.Priority(&a, now), life.Priority(&b, now)
				if x.Critical == y.Critical && x.Score <= y.Score || y.Critical && !x.Critical {
					t.Errorf("after %d days %s scores %v, %s %v", days, a.ID, x.Score, b.ID, y.Score)
				}
			}
		})
	}
}

func TestToneIsNoPriority(t *testing.T) {
	t.Parallel()
	calm, loud := complaint("calm"), complaint("loud")
	loud.Assessment.Sentiment = nlp.Sentiment{Label: nlp.Negative, Score: -1, Intensity: 3}
	loud.Assessment.Style = nlp.StyleEmotional
	h := newHouse(t, calm, loud)
	if a, b := h.cases["calm"].Work.PriorityAt, h.cases["loud"].Work.PriorityAt; !a.Equal(b) {
		t.Errorf("the calm case is sorted at %s, the loud one at %s", a, b)
	}
}

func TestPriorityReasons(t *testing.T) {
	t.Parallel()
	c := urgent("c1", nlp.UrgencyHigh, triage.TierVIP, 0)
	got := life.Priority(&c, monday.Add(48*time.Hour))
	want := life.Rank{Score: 6, Reasons: []life.Reason{
		{Factor: "urgency", Value: "high", Times: 4, Text: "紧急程度高（×4）"},
		{Factor: "tier", Value: "vip", Times: 4, Text: "VIP 客户（×4）"},
		{Factor: "age", Value: "48", Times: 4, Text: "已等待 2 天"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("other reasons (-want +got)\n%s", diff)
	}
	c.Assessment.Urgency.Level = nlp.UrgencyCritical
	if r := life.Priority(&c, monday); !r.Critical || r.Reasons[0].Factor != "harm" {
		t.Errorf("got %+v, want harm first", r)
	}
}
