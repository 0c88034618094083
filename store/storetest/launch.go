package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// launchPorts are the checks of campaigns before their start.
type launchPorts interface {
	launch.Store
	launch.History
}

// checked returns a check with every field set.
func checked(of string) launch.Kept {
	return launch.Kept{
		Campaign: of, Version: 3,
		Draft: launch.Draft{Name: "充值送", Copy: "全网最低价😊", Rules: "充100送100", Channel: "sms", From: start, To: start.Add(72 * time.Hour), Reach: 5000},
		Report: launch.Report{Score: 85, Reasons: []string{"绝对化用语 1 处，扣 15 分"}, Findings: []launch.Finding{
			{Kind: launch.AbsoluteClaim, Severity: launch.High, In: launch.InCopy, Text: "全网最低价", End: 5, Advice: "改", Law: "《广告法》第九条第（三）项"},
		}},
		By: "li", At: start,
	}
}

func kept(t *testing.T, s Store, k launch.Kept) launch.Kept {
	t.Helper()
	id, err := s.KeepCheck(t.Context(), k, entryOf("launch_check:"))
	check(t, err)
	k.ID = id
	return k
}

var launchTests = map[string]func(*testing.T, Store){
	"a check comes back as it went in": func(t *testing.T, s Store) {
		want := kept(t, s, checked("C1"))
		got, err := s.LaunchCheck(t.Context(), want.ID)
		check(t, err)
		equal(t, "check", got, want)
		audited(t, s, launch.Object(want.ID), 1)
		_, err = s.LaunchCheck(t.Context(), want.ID+1)
		code(t, err, triage.CodeNotFound)
	},
	"a new wording keeps what was accepted": func(t *testing.T, s Store) {
		first := kept(t, s, checked("C1"))
		a := launch.Acceptance{Finding: first.Report.Findings[0].Key(), Reason: "有检测报告", By: "wang", At: start.Add(time.Hour)}
		second := checked("C1")
		second.Previous, second.Accepted = first.ID, []launch.Acceptance{a}
		second = kept(t, s, second)
		got, err := s.LaunchCheck(t.Context(), second.ID)
		check(t, err)
		equal(t, "check", got, second)
	},
	"a finding is accepted once": func(t *testing.T, s Store) {
		k := kept(t, s, checked("C1"))
		a := launch.Acceptance{Finding: k.Report.Findings[0].Key(), Reason: "有检测报告", By: "wang", At: start.Add(time.Hour)}
		check(t, s.AcceptFinding(t.Context(), k.ID, a, entryOf(launch.Object(k.ID))))
		code(t, s.AcceptFinding(t.Context(), k.ID, a, entryOf(launch.Object(k.ID))), triage.CodeConflict)
		code(t, s.AcceptFinding(t.Context(), k.ID+1, a, entryOf(launch.Object(k.ID))), triage.CodeNotFound)
		got, err := s.LaunchCheck(t.Context(), k.ID)
		check(t, err)
		equal(t, "accepted", got.Accepted, []launch.Acceptance{a})
		equal(t, "left open", len(got.Open()), 0)
		audited(t, s, launch.Object(k.ID), 2)
	},
	"checks are listed by campaign, the latest first": func(t *testing.T, s Store) {
		a, b, c := kept(t, s, checked("C1")), kept(t, s, checked("C2")), kept(t, s, checked("C1"))
		for _, tt := range []struct {
			campaign string
			limit    int
			want     []launch.Kept
		}{{"C1", 10, []launch.Kept{c, a}}, {"", 2, []launch.Kept{c, b}}, {"C9", 10, nil}} {
			got, err := s.LaunchChecks(t.Context(), tt.campaign, tt.limit)
			check(t, err)
			equal(t, "checks of "+tt.campaign, got, tt.want)
		}
	},
	"past campaigns have their reach and their complaints": pastCampaigns,
}

// attributor is what the test of past campaigns needs beside the ports.
type attributor interface {
	AttributeByHand(ctx context.Context, a campaign.Attribution, e triage.AuditEntry) error
	RecordReach(ctx context.Context, batch int64, counts []campaign.Recount) error
}

func pastCampaigns(t *testing.T, s Store) {
	w, ok := s.Ports.(attributor)
	if !ok {
		t.Fatalf("%T cannot attribute complaints", s.Ports)
	}
	_, err := s.PutCampaigns(t.Context(), []triage.Campaign{{ID: "C1", Name: "充值送", Rules: "充100送100", Channel: "sms"}})
	check(t, err)
	accept(t, s, simple(0), simple(1))
	for n := range 2 {
		check(t, w.AttributeByHand(t.Context(), campaign.Attribution{Complaint: simple(n).ID, Campaign: "C1", Basis: campaign.ByHand, Score: 1, By: "li", At: start}, entryOf("case:"+string(simple(n).ID))))
	}
	first := fact.Day(start.Unix() / 86400)
	reach := func(days ...fact.Day) (list []campaign.Reach) {
		for _, d := range days {
			list = append(list, campaign.Reach{Day: d, Customers: 50, Contacts: 60}, campaign.Reach{Day: d, Segment: "rule=new", Customers: 20, Contacts: 20})
		}
		return list
	}
	check(t, w.RecordReach(t.Context(), 1, []campaign.Recount{
		{Seen: campaign.Seen{ID: "C1", First: start}, From: first, Days: reach(first, first+9)},
		{Seen: campaign.Seen{ID: "C2", Name: "抽奖", First: start}, From: first, Days: reach(first + 40)},
	}))
	got, err := s.PastCampaigns(t.Context(), start.AddDate(0, 0, 30))
	check(t, err)
	want := launch.Past{ID: "C1", Name: "充值送", Text: "充100送100 ", Channel: "sms", Reached: 100, Complaints: 2, Days: 10}
	equal(t, "settled", got, []launch.Past{want})
	got, err = s.PastCampaigns(t.Context(), start.AddDate(0, 0, 90))
	check(t, err)
	equal(t, "all", got, []launch.Past{want, {ID: "C2", Name: "抽奖", Text: " ", Reached: 50, Days: 1}})
}
