package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage/webhook"
	"github.com/qianyi-dev/qianyi/web"
)

const hookSecret = "0123456789abcdef0123"

// hooked is a server that takes complaints of the source crm.
func hooked(t *testing.T) *bundle {
	t.Helper()
	return setup(t, func(d *web.Deps) {
		now := func() time.Time { return noon }
		set, err := webhook.New([]webhook.Config{{Name: "crm", Secret: hookSecret}}, webhook.Deps{Intake: d.Service, Zone: time.UTC, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		d.Webhooks = set
	})
}

// call sends a signed body, as from another machine.
func (b *bundle) call(path, body string) response {
	r := httptest.NewRequest(http.MethodPost, "https://qianyi.example"+path, strings.NewReader(body))
	r.RemoteAddr = "203.0.113.9:4711"
	stamp, signature := webhook.Sign(hookSecret, noon, []byte(body))
	r.Header.Set("X-Qianyi-Timestamp", stamp)
	r.Header.Set("X-Qianyi-Signature", signature)
	return b.serve(r)
}

func TestComplaintsComeByWebhook(t *testing.T) {
	t.Parallel()
	b := hooked(t)
	const body = `{"id":"7","text":"宽带断了","channel":"app"}`
	b.call("/hooks/intake/crm", body).want(t, 201, `{"id":"crm:7","duplicate":false}`)
	b.call("/hooks/intake/crm", body).want(t, 200, `{"id":"crm:7","duplicate":true}`)
	b.raw("GET", "/api/v1/complaints/crm:7", "").want(t, 200, `"text":"宽带断了"`)
}

func TestWebhooksRefuse(t *testing.T) {
	t.Parallel()
	b := hooked(t)
	for _, tt := range []struct {
		name string
		got  response
		code int
		has  string
	}{
		{"no signature", b.raw("POST", "/hooks/intake/crm", `{"id":"7","text":"x"}`), 401, `"code":"unauthorized"`},
		{"unknown source", b.call("/hooks/intake/erp", `{"id":"7","text":"x"}`), 404, `"code":"not_found"`},
		{"a field missing", b.call("/hooks/intake/crm", `{"id":"7"}`), 422, `"location":"body.text"`},
		{"no JSON", b.call("/hooks/intake/crm", `id=7`), 422, `"code":"invalid"`},
		{"too large", b.call("/hooks/intake/crm", strings.Repeat(" ", 1<<20+1)), 413, `"code":"too_large"`},
		{"no UTF-8", b.call("/hooks/intake/crm", "{\"id\":\"\xb6\xcf\"}"), 400, `"code":"malformed"`},
		{"another method", b.raw("GET", "/hooks/intake/crm", ""), 405, `"code":"method_not_allowed"`},
	} {
		if tt.got.status != tt.code || !strings.Contains(string(tt.got.body), tt.has) {
			t.Errorf("%s: got %d %s, want %d with %s", tt.name, tt.got.status, tt.got.body, tt.code, tt.has)
		}
	}
	if strings.Contains(b.log.String(), "宽带") {
		t.Error("the log holds a complaint")
	}
	setup(t).call("/hooks/intake/crm", `{"id":"7","text":"x"}`).want(t, 404)
}

func TestPublicPagesAreMounted(t *testing.T) {
	t.Parallel()
	var client string
	b := setup(t, func(d *web.Deps) {
		d.TrustedProxies = []string{"127.0.0.1"}
		d.Public = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			client = web.ClientOf(r)
			_, _ = w.Write([]byte("public " + r.URL.Path))
		})
	})
	b.raw("GET", "/p/complain", "", "X-Forwarded-For", "2001:db8:1:2:3::4").want(t, 200, "public /p/complain")
	if want := "2001:db8:1:2::/64"; client != want {
		t.Errorf("got the client %q, want %q", client, want)
	}
	b.raw("GET", "/plain", "").want(t, 404)
	setup(t).raw("GET", "/p/complain", "").want(t, 404)
}
