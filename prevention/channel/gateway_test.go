package channel_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

// gateway starts a server and makes the channel for it.
func gateway(t *testing.T, forgetful bool, change ...func(*channel.GatewayConfig)) (*channeltest.Gateway, *channel.Gateway) {
	t.Helper()
	now := newClock().Now
	server, err := channeltest.NewGateway(channeltest.GatewayOptions{Secret: "s3cret", Forgetful: forgetful, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, server)
	config := server.Config()
	for _, f := range change {
		f(&config)
	}
	client, err := channel.NewGateway(config, now)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, client)
	return server, client
}

func impatient(c *channel.GatewayConfig) { c.Timeout = patience }

func TestGatewaySends(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false)
	receipt, err := client.Send(t.Context(), notice)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Reference != "m-1" {
		t.Errorf("got the reference %q, want m-1", receipt.Reference)
	}
	want := []channeltest.Received{{Key: notice.Key, To: notice.To, Text: notice.Text}}
	if diff := cmp.Diff(want, server.All()); diff != "" {
		t.Errorf("the customer received (-want +got)\n%s", diff)
	}
	again, err := client.Send(t.Context(), notice)
	if err != nil || again != receipt {
		t.Errorf("the second send gave %v, %v, want the first receipt", again, err)
	}
	if got := server.PerAddress()[notice.To]; got != 1 {
		t.Errorf("the customer was told %d times, want once", got)
	}
}

func TestGatewayFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault channeltest.GatewayFault
		want  prevention.Outcome
		after time.Duration
		told  int
	}{
		"taken, then silence":      {channeltest.GatewayAcceptHang, prevention.OutcomeUnknown, 0, 1},
		"taken, then cut off":      {channeltest.GatewayAcceptDrop, prevention.OutcomeUnknown, 0, 1},
		"taken, nonsense answered": {channeltest.GatewayAcceptNonsense, prevention.OutcomeUnknown, 0, 1},
		"silence":                  {channeltest.GatewayHang, prevention.OutcomeUnknown, 0, 0},
		"nonsense answered":        {channeltest.GatewayNonsense, prevention.OutcomeUnknown, 0, 0},
		"throttled":                {channeltest.GatewayThrottled, prevention.OutcomeRetry, 30 * time.Second, 0},
		"unavailable":              {channeltest.GatewayUnavailable, prevention.OutcomeRetry, 0, 0},
		"broken, taken or not":     {channeltest.GatewayBroken, prevention.OutcomeUnknown, 0, 0},
		"busy by code":             {channeltest.GatewayBusy, prevention.OutcomeRetry, 0, 0},
		"refused by code":          {channeltest.GatewayBadNumber, prevention.OutcomeRejected, 0, 0},
		"redirected, not followed": {channeltest.GatewayRedirect, prevention.OutcomeRetry, 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := gateway(t, true, impatient)
			server.Fail(tt.fault)
			_, err := client.Send(t.Context(), notice)
			wantOutcome(t, err, tt.want)
			if e, ok := errors.AsType[*prevention.SendError](err); ok && e.RetryAfter != tt.after {
				t.Errorf("got RetryAfter %v, want %v", e.RetryAfter, tt.after)
			}
			if got := len(server.All()); got != tt.told {
				t.Errorf("the customer was told %d times by one send, want %d", got, tt.told)
			}
		})
	}
}

// A pause may be given as a date, and no server may ask for one of years.
func TestGatewayPause(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		"":                              0,
		"soon":                          0,
		"7":                             7 * time.Second,
		"2000000000":                    24 * time.Hour,
		"Mon, 02 Mar 2026 09:01:00 GMT": time.Minute,
		"Mon, 02 Mar 2026 08:00:00 GMT": 0,
		"Mon, 02 Mar 2037 08:00:00 GMT": 24 * time.Hour,
	} {
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusServiceUnavailable)
		}))
		t.Cleanup(web.Close)
		client, err := channel.NewGateway(channel.GatewayConfig{Request: channel.RequestConfig{URL: web.URL}, AllowPrivate: true}, newClock().Now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Send(t.Context(), notice)
		if e, ok := errors.AsType[*prevention.SendError](err); !ok || e.RetryAfter != want {
			t.Errorf("Retry-After %q: got %v, want %v", value, err, want)
		}
	}
}

func TestGatewayIsDownForAWhile(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false)
	if err := server.Down(); err != nil {
		t.Fatal(err)
	}
	_, err := client.Send(t.Context(), notice)
	wantOutcome(t, err, prevention.OutcomeRetry)
	if err := server.Up(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Send(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	if got := server.PerKey()[notice.Key]; got != 1 {
		t.Errorf("told %d times, want once", got)
	}
}

// An unknown outcome is tried again where the gateway knows the key: whatever
// happened to the first attempts, one message arrives.
func TestIdempotentGatewayTellsOnce(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false, impatient)
	server.Fail(channeltest.GatewayAcceptHang, channeltest.GatewayAcceptDrop, channeltest.GatewayAcceptNonsense,
		channeltest.GatewayUnavailable, channeltest.GatewayHang)
	attempts := 1
	for ; attempts < 10; attempts++ {
		if _, err := client.Send(t.Context(), notice); err == nil {
			break
		}
	}
	if attempts != 6 {
		t.Errorf("it took %d attempts, want 6", attempts)
	}
	if got := server.PerAddress(); !cmp.Equal(got, map[string]int{notice.To: 1}) {
		t.Errorf("people were told %v, want once", got)
	}
}

// On a kept connection that the server closes, net/http sends requests with an
// Idempotency-Key, and all GETs, again by itself; a gateway without a memory for
// keys would tell the customer twice.
func TestForgetfulGatewayGetsARequestOnce(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, true)
	if _, err := client.Send(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	server.Fail(channeltest.GatewayAcceptDrop)
	next := notice
	next.Key = "plan-7/customer-9"
	_, err := client.Send(t.Context(), next)
	wantOutcome(t, err, prevention.OutcomeUnknown)
	if got := server.PerKey()[next.Key]; got != 1 {
		t.Errorf("one send told the customer %d times", got)
	}
}

func TestGatewayLookup(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false, impatient)
	check := func(want channel.State) {
		t.Helper()
		got, err := client.State(t.Context(), notice.Key, "")
		if err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	check(channel.StateAbsent)
	server.Fail(channeltest.GatewayAcceptHang)
	_, err := client.Send(t.Context(), notice)
	wantOutcome(t, err, prevention.OutcomeUnknown)
	check(channel.StateAccepted)
	server.Receipts()
	check(channel.StateDelivered)

	_, mute := gateway(t, false, func(c *channel.GatewayConfig) { c.Lookup = nil })
	if got, err := mute.State(t.Context(), notice.Key, ""); err != nil || got != channel.StateUnknown {
		t.Errorf("without a lookup: got %q, %v, want unknown", got, err)
	}
}

func TestGatewayStopsWithItsContext(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Send(ctx, notice)
	wantOutcome(t, err, prevention.OutcomeRetry)
	if got := server.All(); len(got) > 0 {
		t.Errorf("after the stop %v was received", got)
	}
}

func TestGatewayRefusesMessages(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false, func(c *channel.GatewayConfig) {
		c.Request.Headers["X-Subject"] = "{{.Subject}}"
		c.Request.Body = `{"to":{{json .To}},"text":{{json .Vars.name}},"time":{{.Time.Unix}},"nonce":{{json .Nonce}}}`
	})
	tests := map[string]func(*prevention.Message){
		"no key":                  func(m *prevention.Message) { m.Key = "" },
		"a long key":              func(m *prevention.Message) { m.Key = strings.Repeat("k", 65) },
		"a key with a line break": func(m *prevention.Message) { m.Key = "a\nb" },
		"no text":                 func(m *prevention.Message) { m.Text = " " },
		"no address":              func(m *prevention.Message) { m.To = "" },
		"an address of two lines": func(m *prevention.Message) { m.To = "1380013\r\n8001" },
		"a header of two lines":   func(m *prevention.Message) { m.Subject = "a\r\nX-Other: b" },
		"a missing variable":      func(m *prevention.Message) { m.Vars = nil },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := notice
			change(&m)
			_, err := client.Send(t.Context(), m)
			wantOutcome(t, err, prevention.OutcomeRejected)
			if got := server.All(); len(got) > 0 {
				t.Errorf("it was sent all the same: %v", got)
			}
		})
	}
}
