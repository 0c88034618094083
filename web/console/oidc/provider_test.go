package oidc_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
	"github.com/qianyi-dev/qianyi/web/console/oidc"
)

const callback = "http://localhost:8080/oidc/callback"

func configOf(p *local) oidc.Config {
	return oidc.Config{
		Issuer: p.server.URL, ClientID: "qianyi", ClientSecret: "s3cret", RedirectURL: callback,
		Roles: []oidc.GroupRole{{"complaints-admin", triage.RoleAdmin}, {"complaints", triage.RoleAgent}},
	}
}

// person are the claims of somebody who may come in.
func person() map[string]any {
	return map[string]any{
		"preferred_username": "li.lei", "name": "李雷", "email": "li.lei@example.com", "email_verified": true,
		"groups": []string{"staff", "complaints"}, "department": "网络部",
	}
}

func newProvider(t *testing.T, c oidc.Config) *oidc.Provider {
	t.Helper()
	p, err := oidc.New(c, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// walk goes to the provider as a browser does and returns what comes back.
func walk(t *testing.T, p *oidc.Provider) (state, kept string, answer url.Values) {
	t.Helper()
	address, state, kept, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	back, err := w.Location()
	if err != nil || !strings.HasPrefix(back.String(), callback) {
		t.Fatalf("the browser is sent to %v: %v", back, err)
	}
	return state, kept, back.Query()
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	at := openLocal(t)
	at.claims = person()
	c := configOf(at)
	c.DepartmentClaim, c.Domains = "department", []string{"Example.com"}
	p := newProvider(t, c)
	state, kept, answer := walk(t, p)
	got, err := p.Finish(t.Context(), state, kept, answer)
	if err != nil {
		t.Fatal(err)
	}
	want := console.Identity{
		Issuer: at.server.URL, Subject: "42", Name: "li.lei", DisplayName: "李雷", Email: "li.lei@example.com", Role: triage.RoleAgent, Department: "网络部",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identity (-want +got)\n%s", diff)
	}
	if _, err := p.Finish(t.Context(), state, kept, answer); triage.CodeOf(err) != triage.CodeUnauthed {
		t.Errorf("the same answer again: got %v, want CodeUnauthed", err)
	}
}

func TestAnswersThatDoNotHold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		claims map[string]any
		change func(token string) string
		answer func(url.Values)
		state  string
		kept   string
	}{
		"wrong nonce":        {claims: map[string]any{"nonce": "another"}},
		"no nonce":           {claims: map[string]any{"nonce": nil}},
		"expired":            {claims: map[string]any{"exp": noon.Add(-time.Minute).Unix()}},
		"without an end":     {claims: map[string]any{"exp": nil}},
		"wrong audience":     {claims: map[string]any{"aud": "another"}},
		"wrong issuer":       {claims: map[string]any{"iss": "https://evil.example"}},
		"bad signature":      {change: func(token string) string { return token[:len(token)-8] + "AAAAAAAA" }},
		"changed claims":     {change: func(token string) string { return swap(token, b64([]byte(`{"sub":"1"}`))) }},
		"no signature":       {change: unsigned},
		"no token":           {change: func(string) string { return "" }},
		"state of another":   {answer: func(v url.Values) { v.Set("state", "another") }},
		"no state":           {answer: func(v url.Values) { v.Del("state") }, state: "-"},
		"refused over there": {answer: func(v url.Values) { v.Set("error", "access_denied") }},
		"code of another":    {answer: func(v url.Values) { v.Set("code", "another") }},
		"proof of another":   {kept: "nonce proof-that-is-not-ours-and-long-enough-to-be-one-000"},
		"nothing kept":       {kept: "-"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := openLocal(t)
			at.claims, at.change = person(), tt.change
			maps.Copy(at.claims, tt.claims)
			p := newProvider(t, configOf(at))
			state, kept, answer := walk(t, p)
			if tt.answer != nil {
				tt.answer(answer)
			}
			if tt.state != "" {
				state = ""
			}
			if tt.kept != "" {
				kept = strings.TrimPrefix(tt.kept, "-")
			}
			if who, err := p.Finish(t.Context(), state, kept, answer); triage.CodeOf(err) != triage.CodeUnauthed {
				t.Errorf("got %+v, %v, want CodeUnauthed", who, err)
			}
		})
	}
}

// swap puts another body into a signed token.
func swap(token, body string) string {
	parts := strings.Split(token, ".")
	return parts[0] + "." + body + "." + parts[2]
}

// unsigned says that the token needs no signature.
func unsigned(token string) string {
	parts := strings.Split(token, ".")
	return b64([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
}

func TestWhoMayNotComeIn(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]map[string]any{
		"no group with a role":       {"groups": []string{"staff"}},
		"no groups":                  {"groups": nil},
		"groups of another kind":     {"groups": map[string]any{"complaints": true}},
		"another domain":             {"email": "li@evil.example"},
		"a domain at the end":        {"email": "li@evil-example.com"},
		"an address not verified":    {"email_verified": false},
		"no address":                 {"email": nil},
		"no name":                    {"preferred_username": nil},
		"the name of a program":      {"preferred_username": "api:li"},
		"the name of the service":    {"preferred_username": "system"},
		"no department":              {"department": nil},
		"a department that is blank": {"department": "  "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := openLocal(t)
			at.claims = person()
			maps.Copy(at.claims, change)
			c := configOf(at)
			c.DepartmentClaim, c.Domains = "department", []string{"example.com"}
			p := newProvider(t, c)
			state, kept, answer := walk(t, p)
			if who, err := p.Finish(t.Context(), state, kept, answer); triage.CodeOf(err) != triage.CodeForbidden {
				t.Errorf("got %+v, %v, want CodeForbidden", who, err)
			}
		})
	}
}

func TestFirstGroupOfTheConfigurationCounts(t *testing.T) {
	t.Parallel()
	at := openLocal(t)
	at.claims = person()
	at.claims["groups"] = []string{"complaints", "complaints-admin"}
	p := newProvider(t, configOf(at))
	state, kept, answer := walk(t, p)
	if who, err := p.Finish(t.Context(), state, kept, answer); err != nil || who.Role != triage.RoleAdmin {
		t.Errorf("got %+v, %v, want an administrator", who, err)
	}
}

func TestProviderIsDown(t *testing.T) {
	t.Parallel()
	at := openLocal(t)
	at.claims = person()
	p := newProvider(t, configOf(at))
	state, kept, answer := walk(t, p)
	at.server.Close()
	if _, err := p.Finish(t.Context(), state, kept, answer); triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("at the end: got %v, want CodeUnavailable", err)
	}
	if _, _, _, err := newProvider(t, configOf(at)).Begin(t.Context()); triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("at the beginning: got %v, want CodeUnavailable", err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	good := oidc.Config{
		Issuer: "https://id.example.com", ClientID: "qianyi", RedirectURL: "https://qianyi.example.com/oidc/callback",
		Roles: []oidc.GroupRole{{"staff", triage.RoleAgent}},
	}
	none := oidc.Config{}
	if err := none.Validate(); err != nil {
		t.Errorf("without a provider: %v", err)
	}
	if err := good.Validate(); err != nil {
		t.Errorf("a good one: %v", err)
	}
	for key, spoil := range map[string]func(*oidc.Config){
		"oidc.issuer":       func(c *oidc.Config) { c.Issuer = "http://id.example.com" },
		"oidc.client_id":    func(c *oidc.Config) { c.ClientID = "" },
		"oidc.redirect_url": func(c *oidc.Config) { c.RedirectURL = "http://qianyi.example.com/oidc/callback" },
		"oidc.roles":        func(c *oidc.Config) { c.Roles = []oidc.GroupRole{{"staff", "boss"}} },
	} {
		c := good
		spoil(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: got %v, want an error that names it", key, err)
		}
	}
}
