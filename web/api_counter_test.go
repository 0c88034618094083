package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/web"
)

// offers are the campaigns of the tests.
type offers []triage.Campaign

func (o offers) Campaigns(context.Context) ([]triage.Campaign, error) { return o, nil }

func (o offers) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	for i := range o {
		if o[i].ID == id {
			return o[i], nil
		}
	}
	return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "there is no campaign %s", id)
}

// angry takes all words for a complaint.
type angry struct{}

func (angry) Assess(*triage.Complaint) triage.Assessment {
	return triage.Assessment{Type: "billing", Sentiment: nlp.Sentiment{Label: nlp.Negative, Intensity: 2}}
}

// setupCounter is a clientele with a counter.
func setupCounter(t *testing.T, changes ...func(*web.Deps)) *clientele {
	t.Helper()
	var c *clientele
	c = setupClientele(t, append([]func(*web.Deps){func(d *web.Deps) {
		d.Counter = &web.CounterDeps{Desk: laterDesk{t, &c}}
	}}, changes...)...)
	return c
}

// laterDesk is a counter over the database of a clientele that is being made.
type laterDesk struct {
	t  *testing.T
	of **clientele
}

func (l laterDesk) desk() *counter.Service {
	c := *l.of
	s, err := counter.New(counter.Deps{
		Store: c.db.Counter(), Assessor: angry{}, Policy: counter.DefaultPolicy(), Now: c.clock.Now, Zone: time.UTC, Log: discard,
		Campaigns: offers{
			{ID: "CMP-1", Name: "春季返费", Copy: "详询 13812345678", Version: 1},
			{ID: "CMP-2", Name: "企业专线", To: noon.AddDate(0, 0, -1), Eligible: triage.Eligibility{Tiers: []triage.Tier{triage.TierVIP}}, Version: 1},
		},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

func (l laterDesk) Recommend(ctx context.Context, q counter.Question) (counter.Answer, error) {
	return l.desk().Recommend(ctx, q)
}

func (l laterDesk) Take(ctx context.Context, c counter.Capture, by string) (counter.Capture, bool, error) {
	return l.desk().Take(ctx, c, by)
}

func (l laterDesk) Reactions(ctx context.Context, id string, from, to time.Time) (campaign.Reaction, []counter.DayReaction, error) {
	return l.desk().Reactions(ctx, id, from, to)
}

func TestCounterAPI(t *testing.T) {
	t.Parallel()
	c := setupCounter(t)
	c.clock.Advance(40 * 24 * time.Hour) // after the quiet days of their complaints
	now := c.clock.Now().Format(time.RFC3339)
	refused := fmt.Sprintf(`{"customer_id":"c1","attitude":"refused","behaviour":"left","reasons":["distrust","expensive"],"words":"骗人，打13812345678","at":%q,"clerk":"wang","shop":"一厅"}`, now)
	for _, step := range []struct {
		method, target, body string
		status               int
		has                  []string
	}{
		{"GET", "/customers/c1/recommendations", "", 200, []string{`"id":"c1"`, `"recommended":true`, `"campaign_id":"CMP-2"`, `"code":"ended"`, `"code":"tier"`, `"want":["vip"]`, `"is":"high"`, `"copy":"详询 138****5678"`}},
		{"GET", "/customers/c2/recommendations", "", 200, []string{`"open_complaints":1`, `"code":"open_complaint","at":null,"until":null,"n":1`}},
		{"GET", "/customers/c3/recommendations", "", 200, []string{`"opted_out":true`, `"code":"opted_out"`}},
		{"GET", "/customers/c1/recommendations?at=2026-03-01T12:00:00&channel=x", "", 200, []string{`"code":"complained"`, `"until":"2026-03-31T10:00:00+08:00"`}},
		{"GET", "/customers/c404/recommendations", "", 404, nil},
		{"GET", "/customers/c1/recommendations?at=soon", "", 422, []string{`"query.at"`}},
		{"POST", "/campaigns/CMP-1/reactions", refused, 201, []string{`"added":true`, `"reasons":["expensive","distrust"]`, `"words":"骗人，打138****5678"`, `"clerk":"wang"`, `"shop":"一厅"`, `"type":"billing"`}},
		{"POST", "/campaigns/CMP-1/reactions", refused, 201, []string{`"added":false`, `"id":1`}},
		{"POST", "/campaigns/CMP-1/reactions", `{"attitude":"accepted"}`, 201, []string{`"customer_id":""`, `"clerk":"api:local"`}},
		{"POST", "/campaigns/CMP-1/reactions", `{"attitude":"happy"}`, 422, nil},
		{"POST", "/campaigns/CMP-1/reactions", `{"attitude":"accepted","reasons":["x"]}`, 422, []string{`"body.reasons"`}},
		{"POST", "/campaigns/CMP-9/reactions", `{"attitude":"accepted"}`, 404, nil},
		{"GET", "/customers/c1/recommendations", "", 200, []string{`"code":"declined"`, `"is":"refused"`}},
		{"GET", "/campaigns/CMP-1/reactions", "", 200, []string{`"total":2`, `"refused":1`, `"annoyed":0`, `"distrust":1`, `"day":"2026-04-10"`}},
		{"GET", "/campaigns/CMP-1/reactions?from=2027-01-01&to=2027-01-02", "", 200, []string{`"total":0`, `"days":[]`}},
		{"GET", "/campaigns/CMP-9/reactions", "", 404, nil},
	} {
		got := c.do(step.method, "/api/v1"+step.target, step.body)
		if got.status != step.status {
			t.Errorf("%s %s: got status %d, want %d\n%s", step.method, step.target, got.status, step.status, got.body)
		}
		for _, want := range step.has {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("%s %s: the answer lacks %s\n%s", step.method, step.target, want, got.body)
			}
		}
		if strings.Contains(string(got.body), "13812345678") {
			t.Errorf("%s %s shows a phone number", step.method, step.target)
		}
	}
	trail, err := c.db.Trail(t.Context(), counter.Object(1))
	if err != nil || len(trail) != 1 || trail[0].Actor != "api:local" {
		t.Errorf("the trail is %+v, %v; want one entry of the client", trail, err)
	}
}

func TestReactionsAreKeptOnce(t *testing.T) {
	t.Parallel()
	c := setupCounter(t)
	for i := range 2 {
		got := c.do(http.MethodPost, "/api/v1/campaigns/CMP-1/reactions", `{"attitude":"hesitated"}`, "Idempotency-Key", "k1")
		if got.status != http.StatusCreated || got.header.Get("Idempotency-Replayed") != []string{"", "true"}[i] {
			t.Errorf("call %d: got status %d, replayed %q", i, got.status, got.header.Get("Idempotency-Replayed"))
		}
	}
	total, err := c.db.Counter().Reactions(t.Context(), "CMP-1", noon, noon.Add(time.Hour))
	if err != nil || total.Count[campaign.Hesitated] != 1 {
		t.Errorf("counted %+v, %v; want one", total, err)
	}
}

func TestCounterRights(t *testing.T) {
	t.Parallel()
	keys := newKeyring()
	keys.users["wu"] = triage.User{Name: "wu", Role: triage.RoleAgent, Department: "一厅"}
	keys.add(triage.Key{ID: 99, Owner: "wu", Permissions: permissions(access.Of(triage.RoleAgent))}, "wu")
	c := setupCounter(t, func(d *web.Deps) { d.Keys = keys })
	post := func(secret, body string) response {
		return c.raw(http.MethodPost, "/api/v1/campaigns/CMP-1/reactions", body, "Authorization", "Bearer "+secret)
	}
	if got := post("auditor", `{"attitude":"accepted"}`); got.status != http.StatusForbidden {
		t.Errorf("an auditor: got status %d, want 403", got.status)
	}
	if got := post("wu", `{"attitude":"accepted"}`); got.status != http.StatusCreated || got.text(t, "shop") != "一厅" {
		t.Errorf("a clerk of a department: got status %d, %s", got.status, got.body)
	}
	if got := post("wu", `{"attitude":"accepted","shop":"二厅"}`); got.status != http.StatusForbidden {
		t.Errorf("another shop: got status %d, want 403", got.status)
	}
}
