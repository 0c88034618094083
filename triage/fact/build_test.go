package fact_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

var (
	zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	noon = time.Date(2026, time.March, 1, 17, 30, 0, 0, time.UTC) // 01:30 on the second in Shanghai
)

func after(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func TestBuild(t *testing.T) {
	t.Parallel()
	score := 55.5
	s := fact.Source{
		Case: triage.Case{
			Seq: 7, Status: triage.StatusClosed, ReceivedAt: after(90), Predecessor: "c0",
			Complaint: triage.Complaint{
				ID: "c1", CustomerID: "k1", At: noon, Channel: triage.ChannelApp, Text: "再不处理就打12315", Region: "广东", Product: "宽带", Campaign: "spring",
				Type: "network", Subtype: "network.slow", ClosedAt: after(100), Satisfaction: &score,
			},
			Assessment: triage.Assessment{
				Type: "billing", Subtype: "billing.fee", Department: "客服部", NeedsReview: true, Demand: nlp.DemandRefund, Style: nlp.StyleEmotional,
				Sentiment: nlp.Sentiment{Label: nlp.Negative, Intensity: 2}, Urgency: nlp.Urgency{Level: nlp.UrgencyHigh},
			},
			Work: triage.Work{
				Owner: "li", Tier: triage.TierVIP, Cause: triage.CauseService, CauseDepartment: "营销部", Reopened: 1,
				Clocks:      triage.SLA{RespondBy: after(10), VerifyBy: after(50), ResolveBy: after(99)},
				RespondedAt: after(10), VerifiedAt: after(51),
			},
		},
		Steps: []life.Step{
			{From: triage.StatusReceived, To: triage.StatusAcknowledged, Department: "客服部", Owner: "li", Entered: after(10)},
			{From: triage.StatusAcknowledged, To: triage.StatusAcknowledged, Department: "客服部", Owner: "li", Entered: after(12)},
			{From: triage.StatusAcknowledged, To: triage.StatusClosed, Department: "网络部", Owner: "li", Entered: after(100)},
		},
		HandOvers: []life.HandOver{
			{Facts: map[string]string{"contact": "138", "demand": "refund", "product": " ", "checked": "Unknown: 没查", "task": "修", "due": "2026", "more": "x"}},
			{}, // forgotten
		},
		Reasons: []survey.Reason{survey.ReasonSlow},
		Replies: []fact.Reply{{Text: "很抱歉"}, {}, {Text: "unmarked"}},
	}
	got := fact.Build(&s, zone, func(reply, complaint string) int {
		if reply == "unmarked" || complaint != s.Case.Text {
			return 0
		}
		return 9
	})
	want := fact.Row{
		Seq: 7, Day: fact.Date(2026, time.March, 2), Minute: 90, Customer: got.Customer, Satisfaction: 55.5,
		Values: [fact.Dims]string{
			"network", "network.slow", "app", "广东", "宽带", "spring", "客服部", "li", "vip", "high",
			"negative", "2", "refund", "emotional", "service", "营销部", "closed",
		},
		Flags: fact.Repeat | fact.Reopened | fact.Ended | fact.LateVerify | fact.LateResolve | fact.Labelled | fact.Corrected |
			fact.To12315 | fact.Slow,
		Respond: 10, Verify: 51, Resolve: 100,
		HandOvers: 2, FactsNeeded: 7, FactsKnown: 4, Replies: 1, Points: 5,
		Stays: []fact.Stay{
			{Status: "received", Department: "客服部", Minutes: 10},
			{Status: "acknowledged", Department: "客服部", Owner: "li", Minutes: 90},
		},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Customer == 0 {
		t.Error("the customer is not told apart from nobody")
	}
}

// What a source did not say is not there: neither early nor late.
func TestBuildOfHistory(t *testing.T) {
	t.Parallel()
	got := fact.Build(&fact.Source{Case: triage.Case{
		Seq: 1, Status: triage.StatusMerged, ReceivedAt: noon,
		Complaint: triage.Complaint{Text: "多扣了费", ClosedAt: noon.Add(-time.Hour)},
	}}, zone, nil)
	want := fact.Row{
		Seq: 1, Day: fact.Date(2026, time.March, 2), Minute: 90, Flags: fact.Withdrawn,
		Respond: fact.None, Verify: fact.None, Resolve: 0, Satisfaction: fact.None,
	}
	want.Values[fact.Intensity], want.Values[fact.Status] = "0", "merged"
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A day begins when its first moment comes, also where midnight is skipped or
// comes twice.
func TestADayBeginsWithItsFirstMoment(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Asia/Shanghai", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Pacific/Apia", "Asia/Kathmandu"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Skipf("this machine has no time zones: %v", err)
		}
		for day := fact.Date(2009, time.January, 1); day < fact.Date(2013, time.January, 1); day++ {
			begin := day.In(zone)
			before := fact.DayOf(begin.Add(-time.Millisecond), zone)
			if before >= day || fact.DayOf(begin, zone) < day {
				t.Fatalf("%s begins in %s at %s, where it is still %s, and before %s", day, name, begin, fact.DayOf(begin, zone), before)
			}
		}
	}
}

// An open case of an import that says its type counts as answered, but nobody
// knows when: that is no answer within no time.
func TestAnAnswerAtTheMomentOfTheComplaintHasNoTime(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := fact.Source{Case: triage.Case{Complaint: triage.Complaint{At: noon}, Work: triage.Work{RespondedAt: noon}}}
	if r := fact.Build(&s, time.UTC, nil); r.Respond != fact.None {
		t.Errorf("it was answered after %d minutes, want none", r.Respond)
	}
	s.Case.Work.RespondedAt = noon.Add(time.Minute)
	if r := fact.Build(&s, time.UTC, nil); r.Respond != 1 {
		t.Errorf("it was answered after %d minutes, want 1", r.Respond)
	}
}
