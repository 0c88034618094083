package campaign_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// shelf is a register in memory.
type shelf struct {
	campaigns map[string]triage.Campaign
	hands     map[triage.ComplaintID]campaign.Attribution
	trail     []triage.AuditEntry
}

func (s *shelf) Campaigns(context.Context) (list []triage.Campaign, _ error) {
	for _, id := range []string{"C1", "C2", "C3"} {
		if c, ok := s.campaigns[id]; ok {
			list = append(list, c)
		}
	}
	return list, nil
}

func (s *shelf) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	if c, ok := s.campaigns[id]; ok {
		return c, nil
	}
	return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "there is no campaign")
}

func (s *shelf) PutCampaign(_ context.Context, c triage.Campaign, e triage.AuditEntry) (int64, error) {
	if s.campaigns[c.ID].Version != c.Version {
		return 0, triage.Errorf(triage.CodeConflict, "changed")
	}
	c.Version++
	s.campaigns[c.ID] = c
	s.trail = append(s.trail, e)
	return c.Version, nil
}

func (s *shelf) Attributions(context.Context, campaign.AttributionFilter) (campaign.AttributionPage, error) {
	return campaign.AttributionPage{}, nil
}

func (s *shelf) AttributionsOf(context.Context, []triage.ComplaintID) (map[triage.ComplaintID]campaign.Attribution, error) {
	return s.hands, nil
}

func (s *shelf) AttributeByHand(_ context.Context, a campaign.Attribution, e triage.AuditEntry) error {
	s.hands[a.Complaint] = a
	s.trail = append(s.trail, e)
	return nil
}

func newRegister() (*campaign.Register, *shelf) {
	s := &shelf{campaigns: map[string]triage.Campaign{}, hands: map[triage.ComplaintID]campaign.Attribution{}}
	return campaign.NewRegister(campaign.RegisterDeps{Store: s, Attributions: s, Now: func() time.Time { return noon }}), s
}

func TestRegisterTidiesAndWritesTheTrail(t *testing.T) {
	t.Parallel()
	r, s := newRegister()
	c, err := r.Create(t.Context(), triage.Campaign{ID: " C1 ", Name: "春季\n 充送", Aliases: []string{"充送", " ", "充送 "}, Version: 9}, "li")
	if err != nil {
		t.Fatal(err)
	}
	want := triage.Campaign{ID: "C1", Name: "春季 充送", Aliases: []string{"充送"}, Version: 1}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("campaign (-want +got)\n%s", diff)
	}
	c.Rules = "分12个月"
	if c, err = r.Change(t.Context(), c, "wang"); err != nil || c.Version != 2 {
		t.Fatalf("change: version %d, %v", c.Version, err)
	}
	var actions []string
	for _, e := range s.trail {
		actions = append(actions, e.Actor+" "+e.Action+" "+e.Object)
	}
	if diff := cmp.Diff([]string{"li campaign.create campaign:C1", "wang campaign.change campaign:C1"}, actions); diff != "" {
		t.Errorf("trail (-want +got)\n%s", diff)
	}
}

func TestRegisterNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	r, _ := newRegister()
	for field, c := range map[string]triage.Campaign{
		"id":                  {Name: "n"},
		"name":                {ID: "C1"},
		"to":                  {ID: "C1", Name: "n", From: noon, To: noon.Add(-time.Hour)},
		"rules":               {ID: "C1", Name: "n", Rules: strings.Repeat("长", 10_001)},
		"aliases":             {ID: "C1", Name: "n", Aliases: []string{strings.Repeat("长", 61)}},
		"eligible.max_months": {ID: "C1", Name: "n", Eligible: triage.Eligibility{MinMonths: 12, MaxMonths: 6}},
		"eligible.tiers":      {ID: "C1", Name: "n", Eligible: triage.Eligibility{Tiers: []triage.Tier{"gold"}}},
		"eligible.needs":      {ID: "C1", Name: "n", Eligible: triage.Eligibility{Needs: []triage.RecordOf{{Key: "x"}}}},
	} {
		_, err := r.Create(t.Context(), c, "li")
		if e, ok := err.(*triage.Error); !ok || e.Code != triage.CodeInvalid || e.Field != field { //nolint:errorlint // it is not wrapped
			t.Errorf("%s: got %v", field, err)
		}
	}
	if _, err := r.Change(t.Context(), triage.Campaign{ID: "C1", Name: "n"}, "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("a change without a version: got %v", err)
	}
}

func TestListByState(t *testing.T) {
	t.Parallel()
	r, s := newRegister()
	s.campaigns["C1"] = triage.Campaign{ID: "C1", To: noon.Add(-time.Hour)}
	s.campaigns["C2"] = triage.Campaign{ID: "C2", From: noon, To: noon, Department: "市场部"}
	s.campaigns["C3"] = triage.Campaign{ID: "C3", From: noon.Add(time.Hour)}
	for _, tt := range []struct {
		f    campaign.Filter
		want string
	}{
		{campaign.Filter{}, "C1 C2 C3"}, {campaign.Filter{State: campaign.Ended}, "C1"}, {campaign.Filter{State: campaign.Running}, "C2"},
		{campaign.Filter{State: campaign.Planned}, "C3"}, {campaign.Filter{Department: "市场部"}, "C2"},
	} {
		list, err := r.List(t.Context(), tt.f)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for i := range list {
			ids = append(ids, list[i].ID)
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.f, got, tt.want)
		}
	}
}

func TestAttributeByHand(t *testing.T) {
	t.Parallel()
	r, s := newRegister()
	s.campaigns["C1"] = triage.Campaign{ID: "C1"}
	if _, err := r.Attribute(t.Context(), "T1", "C9", "li"); triage.CodeOf(err) != triage.CodeInvalid || len(s.trail) != 0 {
		t.Errorf("an unknown campaign: got %v and %d entries", err, len(s.trail))
	}
	for _, id := range []string{"C1", ""} {
		a, err := r.Attribute(t.Context(), "T1", id, "li")
		want := campaign.Attribution{Complaint: "T1", Campaign: id, Basis: campaign.ByHand, Score: 1, By: "li", At: noon}
		if diff := cmp.Diff(want, a); diff != "" || err != nil {
			t.Errorf("attribution (-want +got)\n%s%v", diff, err)
		}
	}
	if len(s.trail) != 2 || s.trail[1].Object != "case:T1" || s.trail[1].Detail != `{"campaign":""}` {
		t.Errorf("trail: got %+v", s.trail)
	}
}
