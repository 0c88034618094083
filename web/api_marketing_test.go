package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web"
)

// jury has judged two campaigns.
type jury struct{}

var judged = watch.Told{Campaign: "CMP-1", Day: 20_513, Verdict: verdict.Verdict{
	Signal: verdict.Stop, Why: verdict.WhyFar, Sure: true, Since: 20_500, Count: 33, Rate: verdict.Rate{Value: 400, Low: 300, High: 500}, Recent: verdict.Rate{Value: 400, Low: 300, High: 500},
}}

func (jury) Campaign(_ context.Context, id string) (watch.Detail, error) {
	if id != "CMP-1" {
		return watch.Detail{}, triage.Errorf(triage.CodeNotFound, "there is no campaign")
	}
	d := watch.Detail{Told: []watch.Told{judged}}
	d.Card = card.Card{
		Campaign: triage.Campaign{ID: id, Name: "充100送100"}, State: campaign.Running, From: 20_454, To: 20_513, Reached: 900, Verdict: judged.Verdict,
		Figures: fact.Figures{Cases: 35, Scored: 2, Scores: 130}, Causes: []card.CauseCount{{Cause: card.Changing, Count: 30}},
		Lessons: []card.Lesson{{Campaign: id, Version: 1, Text: "请联系13812345678", By: "li", At: noon}}, Place: card.Place{Campaign: id, Rank: 2, Best: 1, Worst: 2}, Of: 2,
	}
	return d, nil
}

func (jury) Latest(context.Context) (map[string]watch.Told, error) {
	return map[string]watch.Told{"CMP-1": judged, "CMP-0": {Campaign: "CMP-0", Day: 20_513, Verdict: verdict.Verdict{Signal: verdict.Go, Why: verdict.WhyUnknown}}}, nil
}

func (jury) Ranking(context.Context) ([]card.Place, error) {
	return []card.Place{{Campaign: "CMP-1", Rank: 1, Best: 1, Worst: 1, Points: 30}}, nil
}

func TestCampaignSignals(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Marketing = &web.MarketingDeps{Desk: jury{}} })
	for _, tt := range []struct {
		path   string
		status int
		says   []string
		not    string
	}{
		{"/campaigns/CMP-1/signal", http.StatusOK, []string{`"signal":"stop"`, `"since":"2026-02-16"`, `"history":[{`, "投诉远超", `"value":400`}, ""},
		{"/campaigns/CMP-1/card", http.StatusOK, []string{`"satisfaction":65`, `"cause":"changing"`, `"rank":2`}, "13812345678"},
		{"/campaigns/none/card", http.StatusNotFound, nil, ""},
		{"/campaign-signals", http.StatusOK, []string{`"campaign":"CMP-1"`, `"why":"unknown"`}, ""},
	} {
		r := b.do(http.MethodGet, "/api/v1"+tt.path, "")
		if r.status != tt.status {
			t.Errorf("%s: got status %d, want %d: %s", tt.path, r.status, tt.status, r.body)
		}
		for _, w := range tt.says {
			if !strings.Contains(string(r.body), w) {
				t.Errorf("%s does not say %s: %s", tt.path, w, r.body)
			}
		}
		if tt.not != "" && strings.Contains(string(r.body), tt.not) {
			t.Errorf("%s says %s", tt.path, tt.not)
		}
	}
	body := string(b.raw(http.MethodGet, "/api/v1/campaign-signals", "").body)
	if strings.Index(body, `"CMP-1"`) > strings.Index(body, `"CMP-0"`) {
		t.Error("a campaign without a rank comes before one with a rank")
	}
}
