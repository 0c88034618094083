package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

// fair is the campaigns of one house, in memory.
type fair struct {
	campaigns []triage.Campaign
	about     []campaign.Attributed
	asked     campaign.AttributionFilter
}

func (f *fair) List(_ context.Context, want campaign.Filter) ([]triage.Campaign, error) {
	if want.State == campaign.Ended {
		return nil, nil
	}
	return f.campaigns, nil
}

func (f *fair) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	for _, c := range f.campaigns {
		if c.ID == id {
			return c, nil
		}
	}
	return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "there is no campaign")
}

func (f *fair) Create(_ context.Context, c triage.Campaign, _ string) (triage.Campaign, error) {
	c.Version = 1
	f.campaigns = append(f.campaigns, c)
	return c, nil
}

func (f *fair) Change(_ context.Context, c triage.Campaign, _ string) (triage.Campaign, error) {
	if c.Version != f.campaigns[0].Version {
		return c, triage.Errorf(triage.CodeConflict, "the campaign was changed meanwhile")
	}
	c.Version++
	f.campaigns[0] = c
	return c, nil
}

func (f *fair) Complaints(_ context.Context, want campaign.AttributionFilter) (campaign.AttributionPage, error) {
	f.asked = want
	return campaign.AttributionPage{Rows: f.about, Next: "next"}, nil
}

func (f *fair) Attribute(_ context.Context, id triage.ComplaintID, k, by string) (campaign.Attribution, error) {
	return campaign.Attribution{Complaint: id, Campaign: k, Basis: campaign.ByHand, Score: 1, By: by, At: noon}, nil
}

func TestCampaignPaths(t *testing.T) {
	t.Parallel()
	f := &fair{about: []campaign.Attributed{{
		Attribution: campaign.Attribution{
			Complaint: "t1", Campaign: "C1", Basis: campaign.Exposure, Score: 0.8, Evidence: []string{"问13812345678返还"}, Exposed: noon.Add(-time.Hour), At: noon,
		}, CaseAt: noon,
	}}}
	b := setup(t, func(d *web.Deps) { d.Campaigns = f })
	b.raw("POST", "/api/v1/complaints", `{"id":"t1","text":"返还没有到账"}`)
	for _, step := range []struct {
		method, target, body string
		status               int
		has                  []string
	}{
		{"POST", "/campaigns", `{"id":"C1","name":"充50送120","from":"2026-03-01","to":"2026-06-30","aliases":["充送"],"copy":"咨询13812345678",
			"eligible":{"tiers":["high"],"min_months":12}}`, 201, []string{
			`"id":"C1"`, `"registered":true`, `"state":"running"`, `"from":"2026-03-01T00:00:00+08:00"`, `"copy":"咨询138****5678"`, `"min_months":12`, `"version":1`,
		}},
		{"GET", "/campaigns?state=running", "", 200, []string{`"name":"充50送120"`, `"aliases":["充送"]`}},
		{"GET", "/campaigns?state=ended", "", 200, []string{`"items":[]`}},
		{"GET", "/campaigns/C1", "", 200, []string{`"version":1`}},
		{"GET", "/campaigns/C9", "", 404, nil},
		{"POST", "/campaigns/C1", `{"name":"充50送100","version":1}`, 200, []string{`"name":"充50送100"`, `"version":2`}},
		{"POST", "/campaigns/C1", `{"name":"充50送80","version":1}`, 409, nil},
		{"POST", "/campaigns/C1", `{"id":"C2","name":"充50送80","version":2}`, 422, []string{`id`}},
		{"POST", "/campaigns", `{"id":"C1","name":"n","from":"soon"}`, 422, []string{`from`}},
		{"GET", "/campaigns/C1/complaints?basis=exposure&limit=5", "", 200, []string{
			`"evidence":["问138****5678返还"]`, `"basis":"exposure"`, `"exposed":"2026-03-01T11:00:00+08:00"`, `"complained_at":"2026-03-01T12:00:00+08:00"`, `"next":"next"`,
		}},
		{"GET", "/campaigns/C9/complaints", "", 404, nil},
		{"POST", "/complaints/t1/campaign", `{"campaign":""}`, 200, []string{`"basis":"hand"`, `"campaign":""`, `"complaint":"t1"`}},
		{"POST", "/complaints/t9/campaign", `{"campaign":"C1"}`, 404, nil},
	} {
		got := b.do(step.method, "/api/v1"+step.target, step.body)
		if got.status != step.status {
			t.Errorf("%s %s: status %d, want %d\n%s", step.method, step.target, got.status, step.status, got.body)
		}
		for _, want := range step.has {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("%s %s: no %s in\n%s", step.method, step.target, want, got.body)
			}
		}
	}
	if f.asked.Basis != campaign.Exposure || f.asked.Limit != 5 || f.asked.Campaign != "C1" {
		t.Errorf("asked for %+v", f.asked)
	}
}

// The words of complaints are for those who may read cases.
func TestCampaignsAloneHaveNoWordsOfComplaints(t *testing.T) {
	t.Parallel()
	f := &fair{campaigns: []triage.Campaign{{ID: "C1", Name: "充送", Version: 1}}}
	k := newKeyring()
	k.add(triage.Key{ID: 90, Owner: "admin", Permissions: []string{"campaign.read"}}, "campaigns")
	b := setup(t, func(d *web.Deps) { d.Campaigns, d.Keys = f, k })
	for key, words := range map[string]bool{"campaigns": false, "admin": true} {
		f.about = []campaign.Attributed{{Attribution: campaign.Attribution{Complaint: "t1", Campaign: "C1", Basis: campaign.Mention, Evidence: []string{"返还"}, At: noon}}}
		r := b.raw("GET", "/api/v1/campaigns/C1/complaints", "", "Authorization", "Bearer "+key)
		if r.status != 200 || strings.Contains(string(r.body), "返还") != words {
			t.Errorf("%s: got %d %s", key, r.status, r.body)
		}
	}
}
