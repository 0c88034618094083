package console_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/web/console"
)

const password = "demo"

var passwordHash = sync.OnceValues(func() (string, error) { return console.HashPassword(password) })

var sealer = access.NewSealer(access.NewKey())

// oneOfEachRole is one person of each role, called by it, but the administrator is demo.
func oneOfEachRole(hash string) map[string]triage.User {
	people := map[string]triage.User{"demo": {Name: "demo", PasswordHash: hash, Role: triage.RoleAdmin}}
	for _, role := range triage.Roles {
		if name := string(role); role != triage.RoleAdmin {
			people[name] = triage.User{Name: name, PasswordHash: hash, Role: role}
		}
	}
	return people
}

// desk is one console over one company, with the clock at noon.
type desk struct {
	t       testing.TB
	clock   *testkit.Clock
	company *company
	bureau  *bureau
	agency  *agency
	parlour *parlour
	school  *school
	console *console.Console
	handler http.Handler
	cookies map[string]string
}

func setup(t testing.TB, change ...func(*console.Deps)) *desk {
	t.Helper()
	hash, err := passwordHash()
	if err != nil {
		t.Fatalf("HashPassword: %v", err)
	}
	clock := testkit.NewClock(noon)
	f := &company{
		now: clock.Now, cases: sampleCases(), sessions: map[string]triage.Session{},
		users: oneOfEachRole(hash),
		trail: []triage.AuditEntry{{At: noon.Add(-149 * time.Minute), Actor: "system", Action: "accept", Object: "case:TS-20260301-0007"}},
		runs: []jobs.Run{
			{ID: 2, Job: "index-catch-up", State: jobs.StateDone, StartedAt: noon.Add(-time.Minute), EndedAt: noon.Add(-59 * time.Second), By: "schedule", Note: "indexed 12"},
			{ID: 1, Job: "index-catch-up", State: jobs.StateFailed, StartedAt: noon.Add(-2 * time.Minute), EndedAt: noon.Add(-119 * time.Second), By: "schedule", Error: "index is locked"},
		},
	}
	b, a, p := newBureau(f), newAgency(clock.Now), newParlour(clock.Now)
	lessons := newSchool()
	deps := console.Deps{
		Learning: lessons.deps(),
		Alarms:   &console.AlarmDeps{Desk: b, Records: b, RuleWords: ruleWords, WeeklyBudget: 1},
		Outreach: &console.OutreachDeps{Desk: a, Notices: a, Effects: a, Rules: ruleBook{a}, Enqueued: ruleBook{a}, Channels: []string{"短信", "邮件"}},
		Rights:   &console.RightsDeps{Accounts: f, Sessions: f, Keys: f, Trail: f, Sealer: sealer},
		People:   &console.PeopleDeps{Customers: p, Surveys: guestBook{p}, Policy: customer.DefaultPolicy()},
		Cases:    f, Desk: f, Users: f, Sessions: f, Audit: f, Search: f, Jobs: f,
		Card: func() (nlp.Card, bool) {
			return nlp.Card{
				Name: "general", Tokenizer: "gse-0.80.3/9f2c", Examples: 5120, Sources: []string{"自写语料 2 400 条（Apache-2.0）", "labelled 2 720 条"},
				Figures: []nlp.Figures{{Task: nlp.TaskType, Examples: 5120, Accuracy: 0.884, MacroF1: 0.861, ECE: 0.021}, {Task: nlp.TaskDemand, Examples: 5120, Accuracy: 0.921, MacroF1: 0.874, ECE: 0.018}},
			}, true
		},
		Now: clock.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Zone: shanghai, DemoHint: "demo / demo",
	}
	for _, c := range change {
		c(&deps)
	}
	c, err := console.New(deps)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return &desk{t: t, console: c, clock: clock, company: f, bureau: b, agency: a, parlour: p, school: lessons, handler: c.Handler(), cookies: map[string]string{}}
}

// signedIn is setup with a person signed in.
func signedIn(t *testing.T, name string) *desk {
	t.Helper()
	d := setup(t)
	if r := d.signIn(name, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d, want 303", r.Code)
	}
	return d
}

func (d *desk) signIn(name, password string) *httptest.ResponseRecorder {
	return d.post("/login", url.Values{"name": {name}, "password": {password}})
}

// do sends a request as a browser with a cookie jar would.
func (d *desk) do(r *http.Request) *httptest.ResponseRecorder {
	d.t.Helper()
	for name, value := range d.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	for _, k := range w.Result().Cookies() {
		if k.MaxAge < 0 {
			delete(d.cookies, k.Name)
		} else {
			d.cookies[k.Name] = k.Value
		}
	}
	return w
}

func (d *desk) get(target string) *httptest.ResponseRecorder {
	d.t.Helper()
	return d.do(httptest.NewRequestWithContext(d.t.Context(), http.MethodGet, target, nil))
}

func (d *desk) post(target string, form url.Values) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return d.do(r)
}

// page is get for a page that must be there.
func (d *desk) page(target string) string {
	d.t.Helper()
	w := d.get(target)
	if w.Code != http.StatusOK {
		d.t.Fatalf("GET %s: got status %d, want 200; body %.300s", target, w.Code, w.Body)
	}
	return w.Body.String()
}

// follow checks that a POST was answered with a redirect to the target and
// returns the page there.
func (d *desk) follow(w *httptest.ResponseRecorder, target string) string {
	d.t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != target {
		d.t.Fatalf("got status %d to %q, want 303 to %q; body %.300s", w.Code, got, target, w.Body)
	}
	return d.page(target)
}

func contains(t *testing.T, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
}

func lacks(t *testing.T, body string, unwanted ...string) {
	t.Helper()
	for _, u := range unwanted {
		if strings.Contains(body, u) {
			t.Errorf("the page must not have %q", u)
		}
	}
}
