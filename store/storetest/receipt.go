package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

func delivered(t *testing.T, s Store, channel string, d prevention.Delivery, want bool) {
	t.Helper()
	known, err := s.Delivered(t.Context(), channel, d)
	check(t, err)
	equal(t, "known", known, want)
}

var receiptTests = map[string]func(*testing.T, Store){
	"a report is stored once": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B")
		n := sent(t, s, id, "A", start)
		report := prevention.Delivery{Key: n.Key, Delivered: true, At: start.Add(time.Minute)}
		delivered(t, s, "sms", report, true)
		n.State, n.DeliveredAt = prevention.NoticeDelivered, report.At
		equal(t, "notice", noticeOf(t, s, id, "A"), n)
		report.At = start.Add(time.Hour)
		delivered(t, s, "sms", report, true)
		delivered(t, s, "sms", prevention.Delivery{Key: n.Key, Reason: "late"}, true)
		equal(t, "after reports that repeat or contradict", noticeOf(t, s, id, "A"), n)
	},
	"a report of failure names its reason": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A")
		n := sent(t, s, id, "A", start)
		delivered(t, s, "sms", prevention.Delivery{Reference: n.Reference, Reason: "空号"}, true)
		n.State, n.Reason = prevention.NoticeFailed, "空号"
		equal(t, "notice", noticeOf(t, s, id, "A"), n)
	},
	"unknown messages are said to be": func(t *testing.T, s Store) {
		n := sent(t, s, running(t, s, "K1", "A", "B"), "A", start)
		delivered(t, s, "sms", prevention.Delivery{Key: "other", Delivered: true}, false)
		delivered(t, s, "email", prevention.Delivery{Key: n.Key, Delivered: true}, false)
		delivered(t, s, "", prevention.Delivery{Delivered: true}, false)
		equal(t, "state", stateOf(t, s, n.Plan, "A"), prevention.NoticeSent)
	},
	"who has the message is not sent it again": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B", "C")
		a, b, c := began(t, s, id, "A"), began(t, s, id, "B"), began(t, s, id, "C")
		b.State, b.Reason = prevention.NoticeUnclear, "unknown"
		settle(t, s, b, true)
		c.State, c.Reason = prevention.NoticeQueued, "unknown"
		settle(t, s, c, true)
		for _, n := range []prevention.Notice{a, b, c} {
			delivered(t, s, "sms", prevention.Delivery{Key: n.Key, Delivered: true, At: start.Add(time.Hour)}, true)
			got := noticeOf(t, s, id, n.Customer)
			equal(t, "state", got.State, prevention.NoticeDelivered)
			equal(t, "sent", got.SentAt, n.BegunAt)
		}
		a.State = prevention.NoticeQueued
		settle(t, s, a, false)
	},
	"an answer is to the latest notice": func(t *testing.T, s Store) {
		first, second, third := running(t, s, "K1", "A"), running(t, s, "K2", "A"), running(t, s, "K3", "A")
		sent(t, s, second, "A", start.Add(2*time.Hour))
		sent(t, s, first, "A", start.Add(time.Hour))
		sent(t, s, third, "A", start.Add(5*time.Hour))
		check(t, s.Answered(t.Context(), "nobody", start))
		for _, at := range []time.Duration{3, 4} {
			check(t, s.Answered(t.Context(), "A", start.Add(at*time.Hour)))
			equal(t, "states", []prevention.NoticeState{stateOf(t, s, first, "A"), stateOf(t, s, second, "A"), stateOf(t, s, third, "A")},
				[]prevention.NoticeState{prevention.NoticeSent, prevention.NoticeAnswered, prevention.NoticeSent})
		}
		equal(t, "time", noticeOf(t, s, second, "A").AnsweredAt, start.Add(3*time.Hour))
	},
	"all randomised customers are followed to their first later complaint": func(t *testing.T, s Store) {
		p := created(t, s, draft("K1"))
		notices := toldOf("K1", "K-0", "K-1", "K-2", "K-3")
		notices[1].Arm = prevention.ArmHeld
		for i := range notices {
			notices[i].CreatedAt = start.Add(90 * time.Second)
		}
		_, _, err := s.FixPlan(t.Context(), p, notices, entryOf("plans"))
		check(t, err)
		settleAs(t, s, p.ID, "K-3", prevention.NoticeSkipped, "opted_out")
		m := members(8)
		m[2].Customer = "K-2"                            // later
		m[3].Customer = "K-2"                            // later still
		m[4].Customer, m[5].Customer = "K-0", "stranger" // K-0 complained before, and again
		m[6].Customer = "K-1"                            // about another problem
		raised(t, s, "K1", append(m[:6:6], m[7])...)
		raised(t, s, "K2", m[6])
		want := []prevention.Followed{
			{Customer: "K-0", Arm: prevention.ArmTold, From: notices[0].CreatedAt, Complained: m[4].At},
			{Customer: "K-2", Arm: prevention.ArmTold, From: notices[0].CreatedAt, Complained: m[2].At},
			{Customer: "K-3", Arm: prevention.ArmTold, From: notices[0].CreatedAt},
			{Customer: "K-1", Arm: prevention.ArmHeld, From: notices[0].CreatedAt},
		}
		got, err := s.Followed(t.Context(), p.ID)
		check(t, err)
		equal(t, "followed", got, want)
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMerge, Cluster: "K1", Target: "K2"})
		want[3].Complained = m[6].At
		got, err = s.Followed(t.Context(), p.ID)
		check(t, err)
		equal(t, "followed after a merge", got, want)
		_, err = s.Followed(t.Context(), "P9")
		code(t, err, triage.CodeNotFound)
	},
	"of an event rule any later complaint counts": func(t *testing.T, s Store) {
		of := draft("")
		of.Rule = "R1"
		p := created(t, s, of)
		_, _, err := s.FixPlan(t.Context(), p, toldOf("x", "A", "B"), entryOf("plans"))
		check(t, err)
		cases := many(3)
		for i := range cases {
			cases[i].CustomerID = "A"
		}
		accept(t, s, cases...) // the first one at the time of the notice
		got, err := s.Followed(t.Context(), p.ID)
		check(t, err)
		equal(t, "followed", got, []prevention.Followed{
			{Customer: "A", Arm: prevention.ArmTold, From: start, Complained: cases[1].At}, {Customer: "B", Arm: prevention.ArmTold, From: start},
		})
	},
}
