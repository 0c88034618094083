package console_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// launchBook keeps checks in memory; it knows the campaign C1 and five past ones.
type launchBook struct{ checks []launch.Kept }

func (s *launchBook) KeepCheck(_ context.Context, k launch.Kept, _ triage.AuditEntry) (int64, error) {
	k.ID = int64(len(s.checks) + 1)
	s.checks = append(s.checks, k)
	return k.ID, nil
}

func (s *launchBook) LaunchCheck(_ context.Context, id int64) (launch.Kept, error) {
	if id < 1 || id > int64(len(s.checks)) {
		return launch.Kept{}, triage.Errorf(triage.CodeNotFound, "no check %d", id)
	}
	return s.checks[id-1], nil
}

func (s *launchBook) LaunchChecks(context.Context, string, int) ([]launch.Kept, error) {
	return s.checks, nil
}

func (s *launchBook) AcceptFinding(_ context.Context, id int64, a launch.Acceptance, _ triage.AuditEntry) error {
	s.checks[id-1].Accepted = append(s.checks[id-1].Accepted, a)
	return nil
}

func (s *launchBook) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	if id != "C1" {
		return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "no campaign %s", id)
	}
	return triage.Campaign{ID: id, Name: "充值送", Copy: "充值100元送100元", Version: 2}, nil
}

func (s *launchBook) PastCampaigns(context.Context, time.Time) ([]launch.Past, error) {
	var list []launch.Past
	for _, id := range []string{"P1", "P2", "P3", "P4", "P5"} {
		list = append(list, launch.Past{ID: id, Name: "充值送<b>" + id, Text: "充值100元送100元", Reached: 10_000, Complaints: 30, Days: 30})
	}
	return list, nil
}

func launchDesk(t *testing.T, who string) *desk {
	t.Helper()
	checker, err := launch.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &launchBook{}
	d := setup(t, func(deps *console.Deps) {
		l, err := launch.NewDesk(launch.Deps{Checker: checker, Store: s, Register: s, History: s, Now: deps.Now})
		if err != nil {
			t.Fatal(err)
		}
		deps.Launch = &console.LaunchDeps{Desk: l}
	})
	if r := d.signIn(who, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d, want 303", r.Code)
	}
	return d
}

func TestCheckBeforeLaunch(t *testing.T) {
	t.Parallel()
	d := launchDesk(t, "marketing")
	contains(t, d.page("/campaigns/check"), "上线前检查", "还没有检查过")
	contains(t, d.page("/campaigns/C1/check"), "充值100元送100元")
	w := d.post("/campaigns/check", url.Values{
		"copy": {"<script>alert(1)</script>史上最低价，充值100元送100元，永久有效。"}, "name": {"充值送"}, "to": {"2026-06-30"}, "reach": {"10,000"}, "previous": {"0"},
	})
	leads(t, w, "/launch/1")
	body := d.page("/launch/1")
	contains(t, body, "修改后上线", `<mark class="sev-high" title="绝对化用语">史上最低价<sup>`, "《广告法》第九条", "八成把握", "充值送&lt;b&gt;P1", "<svg", "/launch/1/forecast.svg")
	lacks(t, body, "<script>alert", "充值送<b>")

	for _, key := range []string{"copy/absolute_claim/史上最低价"} {
		contains(t, body, html.EscapeString(key))
		if w := d.post("/launch/1/accept", url.Values{"finding": {key}, "reason": {""}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明理由") {
			t.Errorf("got status %d for an acceptance without a reason", w.Code)
		}
		leads(t, d.post("/launch/1/accept", url.Values{"finding": {key}, "reason": {"有第三方报告"}}), "/launch/1")
	}
	contains(t, d.page("/launch/1"), "有第三方报告")
	leads(t, d.post("/campaigns/check", url.Values{"copy": {"史上最低价，充值100元送100元。"}, "to": {"2026-06-30"}, "previous": {"1"}}), "/launch/2")
	contains(t, d.page("/launch/2"), "可以上线", "解决 1 处", "仍有 1 处", "填写计划触达人数")
	contains(t, d.page("/launch/2?lang=en"), "Ready to start", "Absolute claim")
	contains(t, d.page("/launch/1/findings.csv"), "\ufeff", "Absolute claim", "有第三方报告")
	contains(t, d.page("/launch/1/forecast.svg"), "<svg")
}

func TestFormsOfLaunchThatAreNotTaken(t *testing.T) {
	t.Parallel()
	d := launchDesk(t, "marketing")
	for field, value := range map[string]string{"copy": " ", "reach": "many", "to": "soon"} {
		form := url.Values{"copy": {"全场8折"}, "rules": {"限新客"}}
		form.Set(field, value)
		w := d.post("/campaigns/check", form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", field, w.Code)
		}
		contains(t, w.Body.String(), "限新客", `class="wrong"`)
	}
	for _, target := range []string{"/launch/9", "/launch/x", "/campaigns/C9/check", "/launch/9/forecast.svg"} {
		if w := d.get(target); w.Code != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", target, w.Code)
		}
	}
}

func TestAgentsReadChecksOnly(t *testing.T) {
	t.Parallel()
	d := launchDesk(t, "agent")
	lacks(t, d.page("/campaigns/check"), `name="copy"`)
	if w := d.post("/campaigns/check", url.Values{"copy": {"全场8折"}}); w.Code != http.StatusForbidden {
		t.Errorf("got status %d, want 403", w.Code)
	}
}
