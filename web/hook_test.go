package web_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

// told has a plan approved and sent: three customers have their message.
func told(t *testing.T) *company {
	t.Helper()
	c := setupCompany(t)
	c.as("ann", "POST", "/clusters/K1/plans", `{`+draft+`,"holdout":0.4}`).want(t, 201)
	c.as("ann", "POST", "/plans/P1/submit", `{"version":1}`).want(t, 200)
	c.as("bo", "POST", "/plans/P1/approve", `{"version":2}`).want(t, 200)
	c.send(t)
	return c
}

// call makes a callback as a gateway on another machine does, without a token.
func (c *company) call(t *testing.T, path string, cb channel.Callback, headers ...string) response {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "https://qianyi.example"+path+"?"+cb.Query.Encode(), strings.NewReader(string(cb.Body)))
	r.RemoteAddr = "203.0.113.9:4711"
	maps.Copy(r.Header, cb.HTTPHeader)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got := c.serve(r)
	if got.status >= 400 {
		checkProblem(t, got)
	}
	return got
}

func (c *company) receipts(t *testing.T) channel.Callback {
	t.Helper()
	cb, ok := c.gateway.Receipts()
	if !ok {
		t.Fatal("the gateway has nothing to report")
	}
	return cb
}

func TestReceiptsComeByHook(t *testing.T) {
	t.Parallel()
	c := told(t)
	c.as("ann", "GET", "/plans/P1", "").want(t, 200, `"notices":{"held":2,"sent":3}`)
	cb := c.receipts(t)
	for range 2 { // a gateway that repeats changes nothing
		c.call(t, "/hooks/sms/receipts", cb).want(t, http.StatusNoContent)
		c.as("ann", "GET", "/plans/P1", "").want(t, 200, `"notices":{"delivered":3,"held":2}`)
	}
	c.as("ann", "GET", "/plans/P1/notices?state=delivered", "").want(t, 200, `"delivered_at":"2026-03-01T12:00:00+08:00"`)
}

func TestRepliesComeByHook(t *testing.T) {
	t.Parallel()
	c := told(t)
	phone := "138123400" + string(c.oneWith(t, prevention.NoticeSent)[1:])
	c.call(t, "/hooks/sms/replies", c.gateway.Replies(channeltest.Reply{From: phone, Text: "TD"})).want(t, http.StatusNoContent)
	c.as("ann", "GET", "/plans/P1", "").want(t, 200, `"answered":1`)
	c.as("ann", "GET", "/clusters/K1/cohort", "").want(t, 200, `"told":5`)
	c.as("ann", "POST", "/clusters", `{"complaints":["t4"],"title":"别的问题"}`).want(t, 201)
	c.as("ann", "POST", "/clusters/K2/cohort", failedPayments).want(t, 200, `"opted_out":2`)
}

// oneWith returns a customer whose notice has a state.
func (c *company) oneWith(t *testing.T, state prevention.NoticeState) triage.CustomerID {
	t.Helper()
	notices, err := c.db.Notices(t.Context(), prevention.NoticeQuery{States: []prevention.NoticeState{state}, Limit: 1})
	if err != nil || len(notices) == 0 {
		t.Fatalf("there is no notice that is %s: %v", state, err)
	}
	return notices[0].Customer
}

func TestEffect(t *testing.T) {
	t.Parallel()
	c := told(t)
	c.as("ann", "GET", "/plans/P1/effect", "").want(t, 200, `"verdict":"no_comparison"`, `"avoided":0,"avoided_low":0,"avoided_high":0,`)
	c.clock.Advance(24 * time.Hour)
	c.as("ann", "GET", "/plans/P1/effect", "").want(t, 200,
		`"told":{"customers":3,"complained":0}`, `"held":{"customers":2,"complained":0}`, `"relative_risk":null`, `"verdict":"open"`, `"past_days":14`)
	c.complain(t, "t9", c.oneWith(t, prevention.NoticeHeld))
	c.clock.Advance(24 * time.Hour)
	c.as("ann", "GET", "/plans/P1/effect", "").want(t, 200,
		`"held":{"customers":2,"complained":1}`, `"difference":-0.5`, `"avoided":1.5`, `"relative_risk":0`, `"since":"2026-03-01T12:00:00+08:00"`)
}

func TestHooksRefuse(t *testing.T) {
	t.Parallel()
	c := told(t)
	good := c.receipts(t)
	forged := good
	forged.Body = append([]byte(" "), good.Body...)
	for _, tt := range []struct {
		name, path string
		callback   channel.Callback
		status     int
		has        string
	}{
		{"an unknown channel", "/hooks/fax/receipts", good, 404, `"code":"not_found"`},
		{"replies to an unknown channel", "/hooks/fax/replies", good, 404, `"code":"not_found"`},
		{"a body that was changed", "/hooks/sms/receipts", forged, 401, `"code":"unauthorized"`},
		{"no signature", "/hooks/sms/receipts", channel.Callback{Body: good.Body}, 401, `"code":"unauthorized"`},
		{"replies without a signature", "/hooks/sms/replies", channel.Callback{Body: []byte(`{}`)}, 401, `"code":"unauthorized"`},
		{"a large body", "/hooks/sms/receipts", channel.Callback{Body: make([]byte, 1<<20+1)}, 413, `"code":"too_large"`},
		{"no UTF-8", "/hooks/sms/replies", channel.Callback{Body: []byte("\xb6\xcf")}, 400, `"code":"malformed"`},
		{"another address", "/hooks/sms/status", good, 404, `"code":"not_found"`},
	} {
		t.Run(tt.name, func(t *testing.T) { c.call(t, tt.path, tt.callback).want(t, tt.status, tt.has) })
	}
	if got := c.raw("GET", "/hooks/sms/receipts", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: got %d, want 405", got.status)
	}
	if log := c.log.String(); strings.Contains(log, "13812340") || strings.Contains(log, string(good.Body)) || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the log shows a callback, or an error of ours:\n%s", log)
	}
	c.as("ann", "GET", "/plans/P1", "").want(t, 200, `"notices":{"held":2,"sent":3}`)
}

// A receipt may overtake the word of the sender; 503 makes the gateway repeat it.
func TestAnUnknownReceiptIsAskedForAgain(t *testing.T) {
	t.Parallel()
	c, stranger := told(t), setupCompany(t)
	got := stranger.call(t, "/hooks/sms/receipts", c.receipts(t)).want(t, http.StatusServiceUnavailable, `"code":"unavailable"`)
	if got.header.Get("Retry-After") == "" {
		t.Error("Retry-After is missing")
	}
	if strings.Contains(stranger.log.String(), `"level":"ERROR"`) {
		t.Errorf("a receipt that came early is logged as an error:\n%s", stranger.log)
	}
}

func TestHooksAreLimited(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	limited := setup(t, func(d *web.Deps) {
		d.Hooks = &gatewayHooks{set: &channel.Set{}}
		d.RateLimit = web.RateLimit{PerSecond: 1, Burst: 1}
	})
	c.bundle = limited
	c.call(t, "/hooks/sms/receipts", channel.Callback{}).want(t, http.StatusNotFound)
	c.call(t, "/hooks/sms/receipts", channel.Callback{}).want(t, http.StatusTooManyRequests)
}
