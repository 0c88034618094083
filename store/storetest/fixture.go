package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// start is the time of the first complaint.
var start = time.Date(2026, time.March, 1, 9, 30, 0, 123e6, time.UTC)

// simple returns the n-th of many short cases, a minute after the one before.
func simple(n int) triage.Case {
	at := start.Add(time.Duration(n) * time.Minute)
	return triage.Case{
		Complaint:  triage.Complaint{ID: triage.ComplaintID(fmt.Sprintf("c%04d", n)), At: at, Text: "话费多扣了", Channel: triage.ChannelApp},
		Assessment: triage.Assessment{ID: triage.ComplaintID(fmt.Sprintf("c%04d", n)), Type: "billing", Urgency: nlp.Urgency{Level: nlp.UrgencyNormal}},
		Status:     triage.StatusReceived,
		ReceivedAt: at.Add(time.Second),
	}
}

// many returns the first n simple cases.
func many(n int) []triage.Case {
	cases := make([]triage.Case, n)
	for i := range cases {
		cases[i] = simple(i)
	}
	return cases
}

// full returns a case with every field set.
func full() triage.Case {
	score := 87.5
	return triage.Case{
		Complaint: triage.Complaint{
			ID: "T-2026-0001", CustomerID: "K-7", Channel: triage.ChannelHotline, At: start,
			Title: "宽带故障", Text: "宽带断了三天没人来修😡\r\n「再不来就投诉到工信部」", Region: "广东/深圳", Product: "宽带",
			Campaign: "spring", OrderID: "D-1", Attrs: map[string]any{"speed": 100.0, "paid": true, "note": "光猫", "none": nil},
			Type: "network", Subtype: "network.broadband", Resolution: "已上门更换光猫", ClosedAt: start.Add(48 * time.Hour), Satisfaction: &score,
		},
		Assessment: triage.Assessment{
			ID: "T-2026-0001", Pack: "telecom", Type: "network", Subtype: "network.broadband", TypeName: "网络质量", Confidence: 0.93,
			Alternatives: []nlp.Alternative{{Type: "service", Confidence: 0.04}}, NeedsReview: true,
			Sentiment: nlp.Sentiment{Label: nlp.Negative, Score: -0.8, Intensity: 3, Reasons: []nlp.Reason{{Text: "再不来", Weight: 1.5}}},
			Urgency:   nlp.Urgency{Level: nlp.UrgencyHigh, Reasons: []string{"扬言升级投诉"}}, Demand: nlp.DemandFix, Style: nlp.StyleEmotional,
			Entities:   []nlp.Entity{{Kind: nlp.EntityTime, Text: "三天", Start: 4, End: 6, Value: "P3D"}},
			Reasons:    []nlp.Reason{{Text: "宽带", Weight: 2.25}},
			Department: "网络部", SLA: triage.SLA{RespondBy: start.Add(time.Hour), VerifyBy: start.Add(2 * time.Hour), ResolveBy: start.Add(24 * time.Hour)},
		},
		Status: triage.StatusClosed, ReceivedAt: start.Add(time.Minute), Predecessor: "T-2025-0900",
	}
}

// accept stores cases that must all be new.
func accept(t *testing.T, s Store, cases ...triage.Case) {
	t.Helper()
	accepted, err := s.Accept(t.Context(), cases)
	check(t, err)
	for i, a := range accepted {
		if !a.New {
			t.Fatalf("case %s is not new", cases[i].ID)
		}
	}
}

// ids lists the ids of cases in order.
func ids(cases []triage.Case) []triage.ComplaintID {
	list := make([]triage.ComplaintID, len(cases))
	for i, c := range cases {
		list[i] = c.ID
	}
	return list
}
