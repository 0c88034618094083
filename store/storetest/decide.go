package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

var decideTests = map[string]func(*testing.T, Store){
	"a confirmation sets the type and leaves the status": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: "c0000", Type: "network", Subtype: "network.mobile", Suggested: "billing", By: "li", At: start}))
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "type, subtype and status", []string{got.Type, got.Subtype, string(got.Status)}, []string{"network", "network.mobile", "received"})
		equal(t, "suggested type", got.Assessment.Type, "billing")
	},
	"a closed case stays closed when its type is corrected": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0000", Resolution: "已退款", At: start}))
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: "c0000", Type: "network", At: start}))
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "status", got.Status, triage.StatusClosed)
	},
	"closing stores how it ended": func(t *testing.T, s Store) {
		accept(t, s, simple(0), simple(1))
		score, at := 95.0, start.Add(time.Hour)
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0000", Resolution: "已退款", Satisfaction: &score, By: "li", At: at}))
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0001", Resolution: "已解释", By: "li", At: at}))
		got, err := s.Cases(t.Context(), []triage.ComplaintID{"c0000", "c0001"})
		check(t, err)
		want := simple(0)
		want.Seq, want.Status, want.Resolution, want.Satisfaction, want.ClosedAt = 1, triage.StatusClosed, "已退款", &score, at
		want.Work = triage.Work{Owner: "li", EnteredAt: at, RespondedAt: at, VerifiedAt: at, Version: 1}
		equal(t, "case", got[0], want)
		if got[1].Satisfaction != nil {
			t.Errorf("satisfaction that was not asked is %v, want nil", *got[1].Satisfaction)
		}
	},
	"a case is closed once": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0000", Resolution: "已退款", At: start}))
		code(t, s.Close(t.Context(), triage.Closing{Complaint: "c0000", Resolution: "别的", At: start}), triage.CodeConflict)
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "resolution", got.Resolution, "已退款")
	},
	"an unknown case is not found and leaves no trace": func(t *testing.T, s Store) {
		code(t, s.Confirm(t.Context(), triage.Label{Complaint: "nobody", Type: "network", At: start}), triage.CodeNotFound)
		code(t, s.Close(t.Context(), triage.Closing{Complaint: "nobody", At: start}), triage.CodeNotFound)
		trail, err := s.Trail(t.Context(), "case:nobody")
		check(t, err)
		equal(t, "trail", trail, []triage.AuditEntry{})
		last, err := s.LastChange(t.Context())
		check(t, err)
		equal(t, "last change", last, int64(0))
	},
	"each decision leaves its audit entry": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: "c0000", Type: "network", Suggested: "billing", By: "li", At: start}))
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0000", Resolution: "给张三退款", By: "wang", At: start.Add(time.Hour)}))
		trail, err := s.Trail(t.Context(), "case:c0000")
		check(t, err)
		equal(t, "trail", trail, []triage.AuditEntry{
			{At: simple(0).ReceivedAt, Actor: "system", Action: "accept", Object: "case:c0000"},
			{At: start, Actor: "li", Action: "confirm", Object: "case:c0000", Detail: `{"subtype":"","suggested":"billing","type":"network"}`},
			{At: start.Add(time.Hour), Actor: "wang", Action: "settle", Object: "case:c0000",
				Detail: `{"department":"","from":"received","owner":"wang","to":"closed"}`},
		})
	},
}

var auditTests = map[string]func(*testing.T, Store){
	"the trail of an object is its own, oldest first": func(t *testing.T, s Store) {
		entries := []triage.AuditEntry{
			{At: start, Actor: "li", Action: "export", Object: "queue", Detail: `{"rows":12}`},
			{At: start, Actor: "li", Action: "reveal", Object: "customer:K-1"},
			{At: start.Add(-time.Hour), Actor: "wang", Action: "export", Object: "queue"},
		}
		for _, e := range entries {
			check(t, s.Append(t.Context(), e))
		}
		trail, err := s.Trail(t.Context(), "queue")
		check(t, err)
		equal(t, "trail", trail, []triage.AuditEntry{entries[0], entries[2]})
	},
	"each new case has one entry, a duplicate none": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		_, err := s.Accept(t.Context(), many(3))
		check(t, err)
		for _, c := range many(3) {
			trail, err := s.Trail(t.Context(), "case:"+string(c.ID))
			check(t, err)
			equal(t, "trail", trail, []triage.AuditEntry{{At: c.ReceivedAt, Actor: "system", Action: "accept", Object: "case:" + string(c.ID)}})
		}
	},
}
