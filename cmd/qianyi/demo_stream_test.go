package main

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// demoChanged is the one whose rules were changed while it ran.
const demoChanged = "HD07"

// checkCampaigns asks for the one campaign that must not go on as it is.
func (d filledDemo) checkCampaigns(t *testing.T) {
	all, err := d.stream.watch.Standings(t.Context(), campaign.Filter{State: campaign.Running})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 4 {
		t.Fatalf("%d campaigns run, want at least 4", len(all))
	}
	for i := range all {
		s := &all[i]
		t.Logf("%s %s: %s, %s", s.Campaign.ID, s.Campaign.Name, s.Told.Verdict.Signal, s.Told.Verdict.Chinese())
		if worse := s.Told.Verdict.Signal != verdict.Go; worse != (s.Campaign.ID == demoChanged) {
			t.Errorf("%s has the signal %s", s.Campaign.Name, s.Told.Verdict.Signal)
		}
		if s.Reached == 0 || s.Complaints == 0 {
			t.Errorf("%s reached %d with %d complaints, want some of both", s.Campaign.Name, s.Reached, s.Complaints)
		}
	}
	detail, err := d.stream.watch.Campaign(t.Context(), demoChanged)
	if err != nil {
		t.Fatal(err)
	}
	if len(detail.Told) < 10 || detail.Reaction.Count[campaign.Annoyed] == 0 {
		t.Errorf("%d signals and the reactions %v, want the signals of its days and annoyed customers", len(detail.Told), detail.Reaction.Count)
	}
	checks, err := d.stream.launch.List(t.Context(), "", 10)
	if err != nil || len(checks) != 1 || len(checks[0].Open()) < 3 {
		t.Errorf("got the checks %+v (%v), want one with at least three findings", checks, err)
	}
}

func (d filledDemo) checkImprovements(t *testing.T) {
	all, err := d.stream.improve.List(t.Context(), improve.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	today := fact.DayOf(demoNow, demoNow.Location())
	statuses := map[improve.Status]int{}
	works, overdue, clusters := 0, 0, 0
	for i := range all {
		a := &all[i]
		statuses[a.Status]++
		if e := a.Effect; e != nil {
			t.Logf("%s: %s, %.2f (%.2f to %.2f)", a.Title, e.Verdict, e.Ratio.Value, e.Ratio.Low, e.Ratio.High)
			if e.Verdict == improve.Works {
				works++
			}
		}
		if a.Overdue(today) {
			overdue++
		}
		if a.Cluster != "" {
			clusters++
		}
	}
	if works == 0 || overdue != 1 || clusters != 1 || statuses[improve.Planned] == 0 || statuses[improve.Doing] == 0 || statuses[improve.Verified] == 0 {
		t.Errorf("%d work, %d are overdue, %d have a cluster, statuses %v", works, overdue, clusters, statuses)
	}
}

func (d filledDemo) checkReport(t *testing.T) {
	for _, department := range []string{"", "市场部"} {
		r, err := d.stream.maker.Make(t.Context(), report.Scope{Week: report.LastWeek(demoNow, demoNow.Location()), Department: department})
		if err != nil {
			t.Fatal(err)
		}
		sentences := 0
		for _, part := range r.Sections {
			sentences += len(part.Sentences)
		}
		if sentences < 3 {
			t.Errorf("the report of %q has %d sentences", department, sentences)
		}
	}
	schedules, err := d.stream.dispatch.Schedules(t.Context())
	if err != nil || len(schedules) != 2 {
		t.Errorf("%d schedules (%v), want 2", len(schedules), err)
	}
}

// demoStreamPages are the pages of the stream by who opens them, and what each must
// show.
var demoStreamPages = []struct{ who, path, shows string }{
	{"周婷", "/campaigns", "/campaigns/" + demoChanged},
	{"周婷", "/campaigns/" + demoChanged, "<svg"},
	{"周婷", "/campaigns/" + demoChanged + "/card", "<table"},
	{"周婷", "/campaigns/ranking", "/campaigns/HD01"},
	{"周婷", "/campaigns/check", "/launch/1"},
	{"周婷", "/launch/1", "<mark"},
	{"周婷", "/counter/log", "<td"},
	{"林悦", "/counter?walk_in=1", "/counter/take"},
	{"林悦", "/staff/me", "<table"},
	{"赵敏", "/quality", "<svg"},
	{"赵敏", "/quality?base=year", "<svg"},
	{"赵敏", "/quality/types", "<svg"},
	{"赵敏", "/quality/season", "<svg"},
	{"赵敏", "/quality/times", "<table"},
	{"赵敏", "/quality/satisfaction", "<table"},
	{"赵敏", "/quality/escalations", "<table"},
	{"赵敏", "/figures/cases", "/cases/TS"},
	{"赵敏", "/staff", "/staff/agents/"},
	{"赵敏", "/improvements", "/improvements/4"},
	{"赵敏", "/improvements/1", "<svg"},
	{"赵敏", "/improvements/worked", "/improvements/"},
	{"赵敏", "/reports", "/reports/20"},
	{"赵敏", "/reports/schedules", "市场部"},
	{"赵敏", "/silence", "<svg"},
}

func checkDemoStream(t *testing.T, s *instance) {
	t.Helper()
	visitors := map[string]visitor{}
	for _, p := range demoStreamPages {
		v, here := visitors[p.who]
		if !here {
			v = visit(t, s, p.who)
			visitors[p.who] = v
		}
		body := v.page(t, p.path)
		if strings.Contains(body, "card empty") || !strings.Contains(body, p.shows) {
			t.Errorf("%s: %s does not show %s, or has nothing to show", p.who, p.path, p.shows)
		}
	}
}
