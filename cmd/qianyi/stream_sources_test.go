package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

func TestNoJobJudgesFiguresThatAreStillRead(t *testing.T) {
	t.Parallel()
	f := &figures{book: fact.NewBook()}
	ran := 0
	job := f.whenRead(func(context.Context) (string, error) { ran++; return "", nil })
	if _, err := job(t.Context()); triage.CodeOf(err) != triage.CodeUnavailable || ran != 0 {
		t.Errorf("over a book that is not read: ran %d times, %v", ran, err)
	}
	f.book.Filled()
	if _, err := job(t.Context()); err != nil || ran != 1 {
		t.Errorf("over a book that is read: ran %d times, %v", ran, err)
	}
}

// What could not be told is told with the next run, and only until then.
func TestChangesOfSignalsAreToldAgain(t *testing.T) {
	t.Parallel()
	broken := errors.New("no mail server")
	now, told := time.Date(2026, time.March, 9, 8, 15, 0, 0, time.UTC), []string{}
	n := &signalNews{now: func() time.Time { return now }, tell: func(_ context.Context, c *watch.Change) error {
		if broken != nil {
			return broken
		}
		told = append(told, c.Campaign.ID)
		return nil
	}}
	old := watch.Change{Campaign: triage.Campaign{ID: "old"}, Told: watch.Told{At: now.Add(-25 * time.Hour)}}
	if err := n.add(t.Context(), []watch.Change{old, {Campaign: triage.Campaign{ID: "A"}, Told: watch.Told{At: now}}}); err == nil {
		t.Error("nothing could be told, and nobody was told so")
	}
	broken, now = nil, now.Add(time.Hour)
	for range 2 {
		if err := n.add(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
	if len(told) != 1 || told[0] != "A" {
		t.Errorf("told of %v, want A once", told)
	}
}

// A report names the rate that a signal is about and the one that it is compared
// with, or the share that it rests on.
func TestReportSignal(t *testing.T) {
	t.Parallel()
	all, recent, part := verdict.Rate{Value: 5, Low: 4, High: 6}, verdict.Rate{Value: 12, Low: 9, High: 15}, verdict.Rate{Value: 30, Low: 20, High: 40}
	v := verdict.Verdict{
		Signal: verdict.Adjust, Rate: all, Recent: recent, SegmentRate: part, Own: verdict.Ratio{Value: 4}, Rest: verdict.Ratio{Value: 10},
		SimilarRate: verdict.Rate{Value: 2}, Escalated: 3, Complaints: 12, Unwelcome: 30, Contacts: 40,
	}
	for _, c := range []struct {
		why         verdict.Why
		since       fact.Day
		segment     string
		rate, usual float64
		share       float64
	}{
		{why: verdict.WhyChange, since: 20_000, rate: 12, usual: 3},
		{why: verdict.WhySegment, segment: "rule=changed", rate: 30, usual: 3},
		{why: verdict.WhyAbove, segment: "rule=changed", rate: 5, usual: 2},
		{why: verdict.WhyFar, rate: 5, usual: 2},
		{why: verdict.WhyEscalated, rate: 5, share: 0.25},
		{why: verdict.WhyUnwelcome, rate: 5, share: 0.75},
	} {
		v.Why, v.Since, v.Segment = c.why, c.since, c.segment
		if got := reportSignal(&v); got.Rate != c.rate || got.Usual != c.usual || got.Share != c.share || got.Advice != "adjust" {
			t.Errorf("%s: got %+v, want %+v", c.why, got, c)
		}
	}
}

type standingsOf []watch.Standing

func (s standingsOf) Standings(context.Context, campaign.Filter) ([]watch.Standing, error) {
	return s, nil
}

func TestCampaignsAreToldOfTheLastWeekOnly(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, time.March, 9, 8, 0, 0, 0, time.UTC) }
	tell := reportCampaigns(standingsOf{{}}, time.UTC, now)
	for number, want := range map[int]int{9: 0, 10: 1} {
		got, err := tell(t.Context(), report.Scope{Week: report.Week{Year: 2026, Number: number}})
		if err != nil || len(got) != want || (got == nil) != (want == 0) {
			t.Errorf("week %d: got %v, %v", number, got, err)
		}
	}
}

func TestAnActionIsNoProofWithTooFewComplaints(t *testing.T) {
	t.Parallel()
	for v, want := range map[improve.Verdict]bool{improve.Works: false, improve.TooFew: true, improve.TooEarly: true} {
		a := improve.Improvement{Done: 20_000, Effect: &improve.Effect{Verdict: v, Avoided: 6, AvoidedLow: 1, AvoidedHigh: 9}}
		if got := reportAction(&a).Effect.Early; got != want {
			t.Errorf("%s: early is %v, want %v", v, got, want)
		}
	}
	if reportedWeeks*7 < 7+6+12*7+7 { // to reach customers, to a Monday, to count, to the end of a week
		t.Error("an improvement is no longer told of when its effect is known")
	}
}
