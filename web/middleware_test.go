package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/web"
)

var discard = slog.New(slog.DiscardHandler)

func nowNoon() time.Time { return noon }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func TestTokens(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Tokens = map[string]string{tokenHash("secret"): "crm", tokenHash("other"): "bi"} })
	for _, header := range []string{"", "Bearer wrong", "Bearer", "Basic secret", "secret", "Bearer " + tokenHash("secret")} {
		got := b.do("GET", "/api/v1/stats", "", "Authorization", header)
		if got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: got %d, WWW-Authenticate %q, want 401 with it", header, got.status, got.header.Get("WWW-Authenticate"))
		}
	}
	got := b.do("POST", "/api/v1/jobs/index-catch-up/run", "", "Authorization", "bearer secret")
	if got.status != http.StatusAccepted || got.text(t, "by") != "api:crm" {
		t.Errorf("got %d by %q, want 202 by api:crm", got.status, got.text(t, "by"))
	}

	t.Run("a key belongs to its client", func(t *testing.T) {
		first := b.do("POST", "/api/v1/triage", `{"text":"a"}`, "Authorization", "Bearer secret", keyHeader, "k")
		second := b.do("POST", "/api/v1/triage", `{"text":"b"}`, "Authorization", "Bearer other", keyHeader, "k")
		if first.status != 200 || second.status != 200 {
			t.Errorf("got %d and %d, want 200 twice", first.status, second.status)
		}
	})
	if strings.Contains(b.log.String(), "secret") {
		t.Error("the token shows in the log")
	}
}

func TestWithoutTokensTheAPIIsLocal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, tt := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"this machine":        {func(*http.Request) {}, 200},
		"IPv6":                {func(r *http.Request) { r.RemoteAddr, r.Host = "[::1]:1", "[::1]:8080" }, 200},
		"another machine":     {func(r *http.Request) { r.RemoteAddr = "10.0.0.7:1" }, 403},
		"a proxy on this one": {func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") }, 403},
		"DNS rebinding":       {func(r *http.Request) { r.Host = "evil.example:8080" }, 403},
	} {
		r := newRequest("GET", "/api/v1/stats", "")
		tt.change(r)
		got := b.serve(r)
		if got.status != tt.status {
			t.Errorf("%s: got %d, want %d", name, got.status, tt.status)
		}
		if got.status == 403 {
			checkProblem(t, got)
			if !strings.Contains(string(got.body), "api.tokens") {
				t.Errorf("%s: the setting is not named in %s", name, got.body)
			}
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	clock := testkit.NewClock(noon)
	b := setup(t, func(d *web.Deps) {
		d.Now, d.RateLimit = clock.Now, web.RateLimit{PerSecond: 0.5, Burst: 2}
		d.TrustedProxies = []string{"127.0.0.1"}
	}) // the document took one of the two
	ask := func(client string) response {
		r := newRequest("GET", "/anything", "")
		r.Header.Set("X-Forwarded-For", client)
		return b.serve(r)
	}
	for _, client := range []string{"10.0.0.1", "2001:db8::1"} {
		ask(client)
		ask(client)
		got := ask(client)
		checkProblem(t, got)
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "2" {
			t.Errorf("%s: got %d, Retry-After %q, want 429 and 2", client, got.status, got.header.Get("Retry-After"))
		}
	}
	if got := ask("2001:db8::2"); got.status != http.StatusTooManyRequests {
		t.Errorf("the next address of the network: got %d, want 429", got.status)
	}
	if got := ask("10.0.0.2"); got.status != http.StatusNotFound {
		t.Errorf("another client: got %d, want 404", got.status)
	}
	clock.Advance(2 * time.Second)
	if got := ask("10.0.0.1"); got.status != http.StatusNotFound {
		t.Errorf("after the wait: got %d, want 404", got.status)
	}
	for range 5 {
		if got := b.raw("GET", "/healthz", ""); got.status != http.StatusOK {
			t.Errorf("probe: got %d, want 200", got.status)
		}
	}
	clock.Advance(time.Hour)
	if got := ask("10.0.0.1"); got.status != http.StatusNotFound {
		t.Errorf("after an hour: got %d, want 404", got.status)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/api/v1/stats", "/healthz", "/nothing"} {
		h := b.raw("GET", path, "").header
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'self'") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: security headers are missing: %v", path, h)
		}
	}
	if id := b.raw("GET", "/healthz", "", "X-Request-Id", "abc-1.2_3").header.Get("X-Request-Id"); id != "abc-1.2_3" {
		t.Errorf("request id came back as %q", id)
	}
	if id := b.raw("GET", "/healthz", "", "X-Request-Id", "电话 13812345678").header.Get("X-Request-Id"); len(id) != 36 {
		t.Errorf("a bad request id was replaced by %q, want a UUID", id)
	}
	got := b.raw("POST", "/api/v1/triage", `{"text":"t"}`, "Sec-Fetch-Site", "cross-site")
	checkProblem(t, got)
	if got.status != http.StatusForbidden {
		t.Errorf("cross-site POST: got %d, want 403", got.status)
	}
}

func TestProbesAndMetrics(t *testing.T) {
	t.Parallel()
	broken := errors.New("postgres://user:password@host refused")
	b := setup(t, func(d *web.Deps) {
		d.IndexLag = func() float64 { return 7 }
		d.Checks = []web.Check{
			{Name: "store", Probe: func(context.Context) error { return broken }},
			{Name: "index", Probe: func(context.Context) error { return nil }},
		}
	})
	if got := b.raw("HEAD", "/healthz", ""); got.status != http.StatusOK {
		t.Errorf("healthz: got %d, want 200", got.status)
	}
	got := b.raw("GET", "/readyz", "")
	if got.status != http.StatusServiceUnavailable || string(got.body) != `{"failed":["store"],"status":"unready"}` {
		t.Errorf("readyz: got %d %s, want 503 naming the store only", got.status, got.body)
	}
	broken = nil
	if got := b.raw("GET", "/readyz", ""); got.status != http.StatusOK {
		t.Errorf("readyz: got %d, want 200", got.status)
	}

	b.do("POST", "/api/v1/complaints", outage)
	b.do("GET", "/api/v1/complaints/c1", "")
	b.do("GET", "/api/v1/complaints?q=13812345678", "")
	b.do("POST", "/api/v1/jobs/index-catch-up/run", "")
	b.raw("BREW", "/c1", "")
	text := string(b.raw("GET", "/metrics", "").body)
	for _, want := range []string{
		`qianyi_http_requests_total{method="GET",route="/api/v1/complaints/:id",status="200"} 1`,
		`qianyi_http_requests_total{method="OTHER",route="other",status="404"} 1`,
		`qianyi_api_complaints_total{result="new"} 1`,
		`qianyi_api_triage_duration_seconds_count{operation="submit"} 1`,
		`qianyi_index_lag_changes 7`,
		`qianyi_job_last_state{job="index-catch-up",state="running"} 1`,
		"go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics have no %s", want)
		}
	}
	for _, leak := range []string{"c1", "13812345678", "BREW"} {
		if strings.Contains(text, leak) {
			t.Errorf("metrics show %s", leak)
		}
	}
}

func TestConsole(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cases/{id}", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("case " + r.PathValue("id"))) })
	mux.HandleFunc("GET /broken", func(http.ResponseWriter, *http.Request) { panic("broken") })
	b := setup(t, func(d *web.Deps) { d.Console = mux })
	for path, want := range map[string]int{
		"/cases/a%2Fb": 200, "/none": 404, "/broken": 500, "/api": 404, "/api/v2/x": 404, "/healthz": 200,
	} {
		if got := b.raw("GET", path, ""); got.status != want {
			t.Errorf("%s: got %d, want %d\n%s", path, got.status, want, got.body)
		}
	}
	if log := b.log.String(); !strings.Contains(log, `"route":"GET /cases/{id}"`) || strings.Contains(log, "a/b") {
		t.Errorf("the log should have the route and not the path:\n%s", log)
	}
}
