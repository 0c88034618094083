package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/web"
)

func TestAPostHappensOnce(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	for _, tt := range []struct{ name, target, body, list, has string }{
		{"a plan", "/clusters/K1/plans", `{` + draft + `}`, "/plans", `"id":"P1"`},
		{"a note", "/clusters/K1/notes", `{"text":"只记一次"}`, "/clusters/K1", "只记一次"},
		{"a cluster", "/clusters", `{"complaints":["t4"],"title":"只有一个"}`, "/clusters", "只有一个"},
		{"an event rule", "/event-rules", `{` + eventRule + `}`, "/event-rules", `"id":"R1"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			key := "key-" + strings.ReplaceAll(tt.name, " ", "-")
			first := c.as("ann", "POST", tt.target, tt.body, keyHeader, key)
			second := c.as("ann", "POST", tt.target, tt.body, keyHeader, key)
			if first.status >= 300 || second.status != first.status || string(second.body) != string(first.body) {
				t.Errorf("got %d %s\nthen %d %s", first.status, first.body, second.status, second.body)
			}
			if second.header.Get("Idempotency-Replayed") != "true" {
				t.Error("the second answer does not say that it is a repetition")
			}
			if got := c.as("ann", "GET", tt.list, "").want(t, 200); strings.Count(string(got.body), tt.has) != 1 {
				t.Errorf("it happened %d times:\n%s", strings.Count(string(got.body), tt.has), got.body)
			}
			c.as("ann", "POST", tt.target, `{}`, keyHeader, key).want(t, http.StatusUnprocessableEntity, "another request")
		})
	}
}

func TestPreventionNeedsAToken(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	for _, op := range preventionSteps {
		got := c.raw(op.method, "/api/v1"+op.target, op.body)
		checkProblem(t, got)
		if got.status != http.StatusUnauthorized {
			t.Errorf("%s without a token: got %d, want 401", op.id, got.status)
		}
	}
}

// A service without outreach says so in its document, too.
func TestWhatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, op := range preventionSteps {
		if got := b.raw(op.method, "/api/v1"+op.target, op.body); got.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", op.id, got.status)
		}
	}
	if got := b.raw("POST", "/hooks/sms/receipts", `{}`); got.status != http.StatusNotFound {
		t.Errorf("a hook: got %d, want 404", got.status)
	}
	for path := range b.doc.Paths.Map() {
		if strings.HasPrefix(path, "/clusters") || strings.HasPrefix(path, "/plans") || strings.HasPrefix(path, "/event-rules") {
			t.Errorf("the document has %s", path)
		}
	}
}

func TestPartsNeedEachOther(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	for field, remove := range map[string]func(*web.Deps){
		"Clusters": func(d *web.Deps) { d.Clusters = nil },
		"Notices":  func(d *web.Deps) { d.Notices = nil },
		"Plans":    func(d *web.Deps) { d.Plans = nil },
	} {
		d := c.deps
		remove(&d)
		if _, err := web.New(d); err == nil || !strings.Contains(err.Error(), "Deps."+field) {
			t.Errorf("without %s: got the error %v, want one that names it", field, err)
		}
	}
}
