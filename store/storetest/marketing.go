package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
)

// marketingPorts are the signals and score cards of campaigns.
type marketingPorts interface {
	watch.Signals
	watch.Cards
	watch.Causes
	watch.People
	AttributeByHand(ctx context.Context, a campaign.Attribution, e triage.AuditEntry) error
}

// complained stores cases of customers about a campaign.
func complained(t *testing.T, s Store, about string, customers ...triage.CustomerID) []triage.ComplaintID {
	t.Helper()
	cases := many(len(customers))
	ids := make([]triage.ComplaintID, len(cases))
	for i := range cases {
		cases[i].CustomerID, ids[i] = customers[i], cases[i].ID
	}
	accept(t, s, cases...)
	for _, id := range ids {
		check(t, s.AttributeByHand(t.Context(), campaign.Attribution{
			Complaint: id, Campaign: about, Basis: campaign.ByHand, Score: 1, By: "li", At: start,
		}, entryOf("case:"+string(id))))
	}
	return ids
}

var marketingTests = map[string]func(*testing.T, Store){
	"the latest signal of a day and of a campaign counts": func(t *testing.T, s Store) {
		told := func(id string, day int, signal verdict.Signal) watch.Told {
			return watch.Told{Campaign: id, Day: 20_000, At: start, Verdict: verdict.Verdict{
				Signal: signal, Why: verdict.WhyChange, Sure: true, Count: day, Rate: verdict.Rate{Value: 12.5, Low: 1, High: 30}, Segment: "rule=changed",
			}}
		}
		early, noon, next, other := told("A", 1, verdict.Go), told("A", 1, verdict.Adjust), told("A", 2, verdict.Stop), told("B", 1, verdict.Go)
		next.Day++
		check(t, s.RecordSignals(t.Context(), []watch.Told{early, other}))
		check(t, s.RecordSignals(t.Context(), []watch.Told{noon}))
		check(t, s.RecordSignals(t.Context(), []watch.Told{next}))
		check(t, s.RecordSignals(t.Context(), nil))
		last, err := s.LatestSignals(t.Context())
		check(t, err)
		equal(t, "latest signals", last, map[string]watch.Told{"A": next, "B": other})
		list, err := s.SignalsOf(t.Context(), "A", 10)
		check(t, err)
		equal(t, "signals of A", list, []watch.Told{next, noon})
		list, err = s.SignalsOf(t.Context(), "A", 1)
		check(t, err)
		equal(t, "one signal of A", list, []watch.Told{next})
	},
	"a lesson is written once for each version": func(t *testing.T, s Store) {
		first := card.Lesson{Campaign: "A", Version: 1, Text: "先想好备货😊", By: "li", At: start}
		second := card.Lesson{Campaign: "A", Version: 2, Text: "规则不能中途改", By: "wang", At: start.Add(time.Hour)}
		check(t, s.PutLesson(t.Context(), first, entryOf("campaign:A")))
		code(t, s.PutLesson(t.Context(), first, entryOf("campaign:A")), triage.CodeConflict)
		check(t, s.PutLesson(t.Context(), second, entryOf("campaign:A")))
		got, err := s.Lessons(t.Context(), "A")
		check(t, err)
		equal(t, "lessons", got, []card.Lesson{second, first})
		audited(t, s, "campaign:A", 2)
	},
	"the latest assumptions hold, at first ours": func(t *testing.T, s Store) {
		got, err := s.CostAssumptions(t.Context())
		check(t, err)
		equal(t, "assumptions of nobody", got, card.Assumed())
		want := card.Assumptions{Hourly: 85.5, Case: 15, Reply: 6, HandOver: 0, By: "li", At: start}
		check(t, s.PutCostAssumptions(t.Context(), card.Assumptions{Hourly: 1, At: start}, entryOf("campaign-cost")))
		check(t, s.PutCostAssumptions(t.Context(), want, entryOf("campaign-cost")))
		got, err = s.CostAssumptions(t.Context())
		check(t, err)
		equal(t, "assumptions", got, want)
		audited(t, s, "campaign-cost", 2)
	},
	"a cause by hand stays": func(t *testing.T, s Store) {
		ids := complained(t, s, "A", "K-1", "K-2", "K-3")
		unread, err := s.Unjudged(t.Context(), 10)
		check(t, err)
		equal(t, "unjudged complaints", len(unread), 3)
		check(t, s.CorrectCause(t.Context(), card.Judged{Complaint: ids[0], Cause: card.Planning, By: "li"}, entryOf("case:"+string(ids[0]))))
		code(t, s.CorrectCause(t.Context(), card.Judged{Complaint: "none", Cause: card.Planning, By: "li"}, entryOf("case:none")), triage.CodeNotFound)
		machine := []card.Judged{{Complaint: ids[0], Cause: card.RandomSMS, Words: []string{"短信"}}, {Complaint: ids[1], Cause: card.RandomSMS, Words: []string{"短信😡"}}}
		check(t, s.RecordCauses(t.Context(), machine, start))
		got, err := s.CausesOf(t.Context(), ids)
		check(t, err)
		equal(t, "causes", got, map[triage.ComplaintID]card.Judged{
			ids[0]: {Complaint: ids[0], Cause: card.Planning, By: "li"}, ids[1]: machine[1],
		})
		counts, err := s.CauseCounts(t.Context(), "A")
		check(t, err)
		equal(t, "counts of causes", counts, []card.CauseCount{{Cause: card.Planning, Count: 1, ByHand: 1}, {Cause: card.RandomSMS, Count: 1}})
		unread, err = s.Unjudged(t.Context(), 10)
		check(t, err)
		equal(t, "unjudged complaints afterwards", unread, []watch.Unread{{Complaint: ids[2], Text: "话费多扣了"}})
	},
	"who complained, and what reached them before": func(t *testing.T, s Store) {
		complained(t, s, "A", "K-1", "K-1", "K-2", "")
		_, err := s.PutExposures(t.Context(), []triage.Exposure{
			{CustomerID: "K-1", Kind: campaign.ExposureKind, Key: "A", At: start.Add(-time.Hour), Attrs: map[string]any{"rule": "changed", "step": 2.0}},
			{CustomerID: "K-1", Kind: campaign.ExposureKind, Key: "A", At: start.Add(time.Hour), Attrs: map[string]any{"late": "yes"}},
			{CustomerID: "K-1", Kind: campaign.ExposureKind, Key: "B", At: start.Add(-time.Hour), Attrs: map[string]any{"other": "yes"}},
		})
		check(t, err)
		got, err := s.Complainers(t.Context(), "A")
		check(t, err)
		equal(t, "complainers", got, []watch.Complainer{
			{At: start, Segments: []string{"rule=changed", "step=2"}}, {At: start.Add(2 * time.Minute)},
		})
	},
	"who opted out, among those reached and others": func(t *testing.T, s Store) {
		_, err := s.PutCustomers(t.Context(), []triage.Customer{{ID: "K-1", OptedOut: true}, {ID: "K-2"}, {ID: "K-3", OptedOut: true}})
		check(t, err)
		_, err = s.PutExposures(t.Context(), []triage.Exposure{
			{CustomerID: "K-1", Kind: campaign.ExposureKind, Key: "A", At: start}, {CustomerID: "K-2", Kind: campaign.ExposureKind, Key: "A", At: start},
			{CustomerID: "K-1", Kind: campaign.ExposureKind, Key: "A", At: start.Add(time.Hour)},
		})
		check(t, err)
		got, err := s.Departures(t.Context(), "A")
		check(t, err)
		equal(t, "departures", got, card.Departures{Reached: 2, ReachedOut: 1, Others: 1, OthersOut: 1})
		n, err := s.CustomerCount(t.Context())
		check(t, err)
		equal(t, "customers", n, 3)
	},
}
