package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// bazaar is a marketing department with two campaigns.
type bazaar struct {
	campaigns []triage.Campaign
	moved     map[triage.ComplaintID]string
	causes    map[triage.ComplaintID]card.Cause
	lesson    string
	assumed   card.Assumptions
}

func newBazaar() *bazaar {
	return &bazaar{
		campaigns: []triage.Campaign{
			{ID: "CMP-1", Name: "充100送100<b>", Department: "市场部", Rules: "次月返还", From: noon.AddDate(0, 0, -40), Version: 1},
			{ID: "CMP-2", Name: "", Version: 0},
		},
		moved: map[triage.ComplaintID]string{}, causes: map[triage.ComplaintID]card.Cause{},
	}
}

var worse = verdict.Verdict{
	Signal: verdict.Adjust, Sure: true, Why: verdict.WhyChange, Since: 20_500, Rate: verdict.Rate{Value: 85.3, Low: 57.6, High: 117},
	Own: verdict.Ratio{Value: 9, Low: 4, High: 20}, Similar: verdict.Ratio{Value: 4, Low: 2, High: 7}, SimilarCampaigns: 3, RecentCount: 17, Count: 20,
}

func (b *bazaar) Standings(_ context.Context, f campaign.Filter) ([]watch.Standing, error) {
	if f.Department != "" && f.Department != "市场部" {
		return nil, nil
	}
	monday := fact.Weekly.Start(20_513)
	return []watch.Standing{
		{
			Campaign: b.campaigns[0], State: campaign.Running, Told: watch.Told{Campaign: "CMP-1", Day: 20_513, Verdict: worse}, Reached: 3360,
			Complaints: 35, Customers: 33, First: 20_486, Days: make([]int, 28), Reasons: []watch.Reason{{Subtype: "billing", Complaints: 12}},
			Weeks: []watch.Week{{First: monday - 7, Complaints: 3}, {First: monday, Complaints: 32}},
		},
		{Campaign: b.campaigns[1], State: campaign.Running, First: 20_486, Days: make([]int, 28)},
	}, nil
}

func (b *bazaar) Campaign(_ context.Context, id string) (watch.Detail, error) {
	if id != "CMP-1" {
		return watch.Detail{}, triage.Errorf(triage.CodeNotFound, "no campaign %s", id)
	}
	d := watch.Detail{Expected: make([]float64, 60), Told: []watch.Told{{Campaign: id, Day: 20_513, Verdict: worse}, {Campaign: id, Day: 20_512, Verdict: verdict.Verdict{Signal: verdict.Go, Why: verdict.WhyFine}}}}
	d.History = verdict.History{First: 20_454, Days: make([]verdict.Day, 60), Segments: []verdict.Segment{{Name: "rule=changed", Days: make([]verdict.Day, 60)}}}
	d.History.Segments[0].Days[46].Reached = 20
	d.History.Days[59] = verdict.Day{Reached: 40, Complained: 3}
	d.Parts = []watch.Part{{Name: "rule=changed", Reached: 900, Complained: 30, Rate: evidence.ShareOf(30, 900)}}
	d.Card = card.Card{
		Campaign: b.campaigns[0], State: campaign.Running, From: 20_454, To: 20_513, Reached: 3360, Contacts: 4000, Verdict: worse, Customers: 33,
		Figures: fact.Figures{Cases: 35, Scored: 4, Scores: 260, Satisfied: 1}, Causes: []card.CauseCount{{Cause: card.Changing, Count: 30, ByHand: 1}},
		Reaction: campaign.Reaction{Count: map[campaign.Attitude]int{campaign.Accepted: 30, campaign.Refused: 10}, Reasons: map[string]int{"price": 4}},
		TakeUp:   evidence.ShareOf(30, 40), Joined: evidence.ShareOf(30, 3360), Assumed: card.Assumed(), Cost: card.Cost{Hours: 12, Yuan: 720},
		Departures: &card.Departures{Reached: 3360, ReachedOut: 40, Others: 10_000, OthersOut: 20},
		Lessons:    []card.Lesson{{Campaign: id, Version: 2, Text: "<i>规则</i>不能中途改，电话13812345678", By: "li", At: noon}},
		Place:      card.Place{Campaign: id, Rank: 2, Best: 1, Worst: 2, Points: 40}, Of: 2,
	}
	return d, nil
}

func (b *bazaar) Ranking(context.Context) ([]card.Place, error) {
	return []card.Place{{Campaign: "CMP-2", Rank: 1, Best: 1, Worst: 2, Points: 60, Low: 40, High: 80}, {Campaign: "CMP-1", Rank: 2, Best: 1, Worst: 2, Points: 40, Low: 30, High: 50}}, nil
}

func (b *bazaar) Causes(_ context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]card.Judged, error) {
	return map[triage.ComplaintID]card.Judged{ids[0]: {Complaint: ids[0], Cause: card.Changing, Words: []string{"改了"}}}, nil
}

func (b *bazaar) CorrectCause(_ context.Context, id triage.ComplaintID, cause card.Cause, _ string) error {
	b.causes[id] = cause
	return nil
}

func (b *bazaar) Learn(_ context.Context, _, text string, version int64, _ string) error {
	if version != 2 {
		return triage.Errorf(triage.CodeConflict, "somebody has written")
	}
	b.lesson = text
	return nil
}

func (b *bazaar) Assume(_ context.Context, a card.Assumptions, _ string) error {
	b.assumed = a
	return a.Check()
}

func (b *bazaar) List(context.Context, campaign.Filter) ([]triage.Campaign, error) {
	return b.campaigns, nil
}

func (b *bazaar) Create(_ context.Context, c triage.Campaign, _ string) (triage.Campaign, error) {
	if c.Name == "" {
		return c, triage.FieldErrorf("name", "is empty")
	}
	b.campaigns = append(b.campaigns, c)
	return c, nil
}

func (b *bazaar) Change(_ context.Context, c triage.Campaign, _ string) (triage.Campaign, error) {
	b.campaigns[0] = c
	return c, nil
}

func (b *bazaar) Complaints(context.Context, campaign.AttributionFilter) (campaign.AttributionPage, error) {
	return campaign.AttributionPage{Rows: []campaign.Attributed{{
		Attribution: campaign.Attribution{Complaint: "TS-20260301-0007", Campaign: "CMP-1", Basis: campaign.Mention, Score: 0.9, Evidence: []string{"充100送100"}, Exposed: noon},
		CaseAt:      noon,
	}}, Next: "next"}, nil
}

func (b *bazaar) Attribute(_ context.Context, id triage.ComplaintID, to, _ string) (campaign.Attribution, error) {
	b.moved[id] = to
	return campaign.Attribution{Complaint: id, Campaign: to}, nil
}

// withBazaar is a console with campaigns and a person signed in.
func withBazaar(t *testing.T, name string) (*desk, *bazaar) {
	t.Helper()
	b := newBazaar()
	d := setup(t, func(deps *console.Deps) { deps.Marketing = &console.MarketingDeps{Desk: b, Cards: b, Register: b} })
	if r := d.signIn(name, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d, want 303", r.Code)
	}
	return d, b
}

func TestCampaignPages(t *testing.T) {
	t.Parallel()
	d, _ := withBazaar(t, "marketing")
	for _, tt := range []struct {
		path string
		says []string
	}{
		{"/campaigns", []string{"建议调整", "此前的 9.0 倍", "/figures/cases?campaign=CMP-1", "85.3", "57.6–117", "peak", "充100送100&lt;b&gt;", "chart-forest", `href="/campaigns/CMP-1"`}},
		{"/campaigns?lang=en", []string{"Adjust", "times that before"}},
		{"/campaigns?department=none&lang=zh", []string{"没有符合条件的活动"}},
		{"/campaigns/CMP-1", []string{"规则：已变更", "规则变更", "文中提到", "充100送100", "信号历史", "改归到", "chart-bars", "反馈", "basis"}},
		{"/campaigns/CMP-1/card", []string{"评分卡", "第 2 名", "¥720", "&lt;i&gt;规则&lt;/i&gt;", "138****5678", "65", "0.2%"}},
		{"/campaigns/ranking", []string{"可能名次", "CMP-2", "chart-forest"}},
		{"/campaigns/new", []string{"活动编号", "参加条件"}},
		{"/campaigns/CMP-1/edit", []string{"次月返还", `name="version" value="1"`}},
	} {
		body := d.page(tt.path)
		for _, w := range tt.says {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not say %q", tt.path, w)
			}
		}
		if strings.Contains(body, "<b></") || strings.Contains(body, " style=") || strings.Contains(body, "<i>规则") {
			t.Errorf("%s has markup of a text or a style", tt.path)
		}
	}
	if r := d.get("/campaigns/none"); r.Code != http.StatusNotFound {
		t.Errorf("an unknown campaign: got status %d, want 404", r.Code)
	}
}

func TestCampaignFiles(t *testing.T) {
	t.Parallel()
	d, _ := withBazaar(t, "marketing")
	for path, want := range map[string]string{
		"/campaigns/export?table=standings&as=csv":        "text/csv",
		"/campaigns/export?table=compared&as=xlsx":        "application/vnd",
		"/campaigns/export?table=compared&as=svg":         "image/svg+xml",
		"/campaigns/export?table=ranking&as=csv":          "text/csv",
		"/campaigns/CMP-1/export?table=days&as=svg":       "image/svg+xml",
		"/campaigns/CMP-1/export?table=segments&as=csv":   "text/csv",
		"/campaigns/CMP-1/export?table=counter&as=xlsx":   "application/vnd",
		"/campaigns/CMP-1/export?table=causes&as=csv":     "text/csv",
		"/campaigns/CMP-1/export?table=segments&as=svg":   "",
		"/campaigns/CMP-1/export?table=of-another&as=csv": "",
	} {
		r := d.get(path)
		got := r.Header().Get("Content-Type")
		if want == "" && r.Code != http.StatusNotFound || want != "" && (r.Code != http.StatusOK || !strings.HasPrefix(got, want)) {
			t.Errorf("%s: got status %d and %s, want %q", path, r.Code, got, want)
		}
	}
	if !strings.Contains(d.get("/campaigns/export?table=standings&as=csv").Body.String(), "\ufeff") {
		t.Error("the CSV has no byte order mark")
	}
}

func TestCampaignCorrections(t *testing.T) {
	t.Parallel()
	d, b := withBazaar(t, "marketing")
	const id = "TS-20260301-0007"
	for path, form := range map[string]url.Values{
		"/campaigns/CMP-1/attribute": {"complaint": {id}, "campaign": {"CMP-2"}},
		"/campaigns/CMP-1/cause":     {"complaint": {id}, "cause": {"unclear"}},
		"/campaigns/CMP-1/lessons":   {"version": {"2"}, "text": {"先备货"}},
		"/campaigns/cost":            {"hourly": {"80"}, "case": {"10"}, "reply": {"5"}, "hand_over": {"5"}},
		"/campaigns/new":             {"id": {"CMP-9"}, "name": {"秋季"}, "from": {"2026-09-01T00:00"}, "needs": {"purchase：宽带\npayment"}, "min_months": {"6"}, "tiers": {"vip"}},
		"/campaigns/CMP-1/edit":      {"version": {"1"}, "name": {"新名"}, "aliases": {"充百送百,返话费"}},
	} {
		if r := d.post(path, form); r.Code != http.StatusSeeOther {
			t.Errorf("POST %s: got status %d, want 303", path, r.Code)
		}
	}
	if b.moved[id] != "CMP-2" || b.causes[id] != card.Unclear || b.lesson != "先备货" || b.assumed.Hourly != 80 {
		t.Errorf("got %+v", b)
	}
	added := b.campaigns[2]
	if added.ID != "CMP-9" || added.Eligible.MinMonths != 6 || len(added.Eligible.Needs) != 2 || added.Eligible.Needs[0] != (triage.RecordOf{Kind: "purchase", Key: "宽带"}) ||
		!added.From.Equal(time.Date(2026, time.September, 1, 0, 0, 0, 0, shanghai)) {
		t.Errorf("got the campaign %+v", added)
	}
	if k := b.campaigns[0]; k.ID != "CMP-1" || k.Name != "新名" || len(k.Aliases) != 2 {
		t.Errorf("got the campaign %+v", k)
	}
	if r := d.post("/campaigns/new", url.Values{"id": {"X"}, "rules": {"写过的规则"}}); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), "写过的规则") {
		t.Errorf("a campaign without a name: got status %d, want 422 and what was written", r.Code)
	}
	if r := d.post("/campaigns/CMP-1/lessons", url.Values{"version": {"1"}, "text": {"x"}}); r.Code != http.StatusConflict {
		t.Errorf("an old version: got status %d, want 409", r.Code)
	}
	if r := d.post("/campaigns/CMP-1/cause", url.Values{"complaint": {"none"}, "cause": {"unclear"}}); r.Code != http.StatusNotFound {
		t.Errorf("an unknown case: got status %d, want 404", r.Code)
	}
}

func TestCampaignRights(t *testing.T) {
	t.Parallel()
	d, b := withBazaar(t, "agent")
	if body := d.page("/campaigns/CMP-1"); strings.Contains(body, "/attribute") || strings.Contains(body, "/cause") {
		t.Error("an agent is offered corrections")
	}
	if r := d.post("/campaigns/CMP-1/attribute", url.Values{"complaint": {"TS-20260301-0007"}}); r.Code != http.StatusForbidden || len(b.moved) > 0 {
		t.Errorf("an agent moves a complaint: got status %d, want 403", r.Code)
	}
}
