package channel_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestReceipts(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false)
	off := notice
	off.Key, off.To = "plan-7/customer-4", "13800130000"
	for _, m := range []prevention.Message{notice, off} {
		if _, err := client.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	callback, ok := server.Receipts()
	if !ok {
		t.Fatal("the gateway has nothing to report")
	}
	got, err := client.ParseReceipts(callback)
	if err != nil {
		t.Fatal(err)
	}
	want := []prevention.Delivery{
		{Key: notice.Key, Reference: "m-1", Delivered: true, At: start},
		{Key: off.Key, Reference: "m-2", Reason: "SWITCHED_OFF", At: start},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("receipts (-want +got)\n%s", diff)
	}
	if _, ok := server.Receipts(); ok {
		t.Error("the gateway reports the same messages again")
	}
}

func TestRepliesComeOverHTTP(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false)
	var got []prevention.Reply
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		replies, err := client.ParseReplies(channel.Callback{HTTPHeader: r.Header, Query: r.URL.Query(), Body: body.Bytes()})
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		got = append(got, replies...)
	}))
	t.Cleanup(web.Close)
	callback := server.Replies(channeltest.Reply{From: "13800138001", Text: "TD"}, channeltest.Reply{From: "", Text: "?"})
	if err := channeltest.Post(t.Context(), web.Client(), web.URL, callback); err != nil {
		t.Fatal(err)
	}
	want := []prevention.Reply{{From: "13800138001", Text: "TD", At: start}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("replies (-want +got)\n%s", diff)
	}
	callback.Body = append(callback.Body, ' ')
	if err := channeltest.Post(t.Context(), web.Client(), web.URL, callback); err == nil {
		t.Error("a callback whose body was changed was taken")
	}
}

func TestCallbackSignature(t *testing.T) {
	t.Parallel()
	server, client := gateway(t, false)
	good := server.Replies(channeltest.Reply{From: "1", Text: "好"})
	tests := map[string]func(*channel.Callback){
		"none":  func(c *channel.Callback) { c.HTTPHeader = nil },
		"wrong": func(c *channel.Callback) { c.HTTPHeader = http.Header{"X-Signature": {"00"}} },
		"body":  func(c *channel.Callback) { c.Body = []byte(`{"replies":[]}`) },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := good
			change(&c)
			if _, err := client.ParseReplies(c); triage.CodeOf(err) != triage.CodeUnauthed {
				t.Errorf("got %v, want the code unauthorized", err)
			}
		})
	}
}

// plain returns a gateway that signs nothing and reports in its own way.
func plain(t *testing.T, receipts channel.ReceiptConfig) *channel.Gateway {
	t.Helper()
	g, err := channel.NewGateway(channel.GatewayConfig{
		Request: channel.RequestConfig{URL: "https://example.com/"}, Receipts: &receipts,
	}, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestReceiptFormats(t *testing.T) {
	t.Parallel()
	words := channel.ReceiptConfig{Reference: "id", State: "ok", Delivered: []string{"true", "0"}, Failed: []string{"false", "1"}, Reason: "why"}
	form, dated := words, words
	form.Format = "form"
	form.At, form.TimeLayout = "at", "2006-01-02 15:04:05"
	dated.At, dated.TimeLayout, dated.Zone = "t.ms", "unixmilli", "UTC"
	taken := prevention.Delivery{Reference: "7", Delivered: true}
	dateless := taken
	taken.At = time.Date(2026, time.March, 2, 1, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		config channel.ReceiptConfig
		c      channel.Callback
		want   []prevention.Delivery
	}{
		"one entry":       {words, channel.Callback{Body: []byte(`{"id":7,"ok":true,"why":"fine"}`)}, []prevention.Delivery{dateless}},
		"a list":          {words, channel.Callback{Body: []byte(`[{"id":"7","ok":0},{"id":"8","ok":1,"why":5}]`)}, []prevention.Delivery{dateless, {Reference: "8", Reason: "5"}}},
		"on its way":      {words, channel.Callback{Body: []byte(`{"id":7,"ok":"sending"}`)}, nil},
		"no name":         {words, channel.Callback{Body: []byte(`{"ok":true}`)}, nil},
		"a form":          {form, channel.Callback{Query: url.Values{"id": {"9"}}, Body: []byte("id=7&ok=0&at=2026-03-02+09%3A00%3A00")}, []prevention.Delivery{taken}},
		"a GB 18030 form": {form, channel.Callback{Body: []byte("id=7&ok=1&why=%BF%D5%BA%C5")}, []prevention.Delivery{{Reference: "7", Reason: "空号"}}},
		"milliseconds":    {dated, channel.Callback{Body: []byte(`{"id":7,"ok":0,"t":{"ms":1772413200000}}`)}, []prevention.Delivery{taken}},
		"a time to guess": {dated, channel.Callback{Body: []byte(`{"id":7,"ok":0,"t":{"ms":"yesterday"}}`)}, []prevention.Delivery{dateless}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := plain(t, tt.config).ParseReceipts(tt.c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("receipts (-want +got)\n%s", diff)
			}
		})
	}
	for name, body := range map[string]string{"nonsense": "<html>", "two values": "{}{}", "nothing": "", "items missing": `{"other":[]}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := words
			config.Items = "list"
			if _, err := plain(t, config).ParseReceipts(channel.Callback{Body: []byte(body)}); triage.CodeOf(err) != triage.CodeInvalid {
				t.Errorf("got %v, want the code invalid", err)
			}
		})
	}
	if _, err := plain(t, words).ParseReplies(channel.Callback{Body: []byte("{}")}); triage.CodeOf(err) != triage.CodeNotFound {
		t.Errorf("replies that are not configured: got %v, want the code not_found", err)
	}
}
