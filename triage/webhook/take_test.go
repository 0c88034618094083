package webhook_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/webhook"
)

const secret = "0123456789abcdef0123"

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))

// cases is an intake in memory.
type cases struct {
	mu     sync.Mutex
	stored map[triage.ComplaintID]triage.Complaint
}

// Submit implements webhook.Intake.
func (c *cases) Submit(_ context.Context, in triage.Complaint, _ int) (triage.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, duplicate := c.stored[in.ID]
	if !duplicate {
		c.stored[in.ID] = in
		known = in
	}
	return triage.Receipt{Case: triage.Case{Complaint: known}, Duplicate: duplicate}, nil
}

func setup(t *testing.T, configs ...webhook.Config) (*webhook.Set, *cases, *testkit.Clock) {
	t.Helper()
	c := &cases{stored: map[triage.ComplaintID]triage.Complaint{}}
	clock := testkit.NewClock(noon)
	if configs == nil {
		configs = []webhook.Config{{Name: "crm", Secret: secret}}
	}
	s, err := webhook.New(configs, webhook.Deps{Intake: c, Zone: noon.Location(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s, c, clock
}

func signed(body string) webhook.Request {
	at, signature := webhook.Sign(secret, noon, []byte(body))
	return webhook.Request{Timestamp: at, Signature: signature, Body: []byte(body)}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	const body = `{"id":"7","text":"宽带断了"}`
	good := signed(body)
	if want := "sha256=519170a1d4a7ceb52dd9a26ea55f196469c8153bb1652cee667d6b4e7f411964"; good.Signature != want {
		t.Errorf("got the signature %s, want %s as openssl has it", good.Signature, want)
	}
	change := func(f func(*webhook.Request)) webhook.Request {
		r := good
		f(&r)
		return r
	}
	at := func(d time.Duration) webhook.Request {
		stamp, signature := webhook.Sign(secret, noon.Add(d), []byte(body))
		return webhook.Request{Timestamp: stamp, Signature: signature, Body: []byte(body)}
	}
	for name, tt := range map[string]struct {
		r    webhook.Request
		code triage.Code
	}{
		"right":              {good, ""},
		"in capitals":        {change(func(r *webhook.Request) { r.Signature = "sha256=" + strings.ToUpper(r.Signature[7:]) }), ""},
		"four minutes old":   {at(-4 * time.Minute), ""},
		"four minutes early": {at(4 * time.Minute), ""},
		"six minutes old":    {at(-6 * time.Minute), triage.CodeUnauthed},
		"six minutes early":  {at(6 * time.Minute), triage.CodeUnauthed},
		"none":               {change(func(r *webhook.Request) { r.Signature = "" }), triage.CodeUnauthed},
		"no method":          {change(func(r *webhook.Request) { r.Signature = r.Signature[7:] }), triage.CodeUnauthed},
		"cut short":          {change(func(r *webhook.Request) { r.Signature = r.Signature[:20] }), triage.CodeUnauthed},
		"only the method":    {change(func(r *webhook.Request) { r.Signature = "sha256=" }), triage.CodeUnauthed},
		"another body":       {change(func(r *webhook.Request) { r.Body = []byte(body + " ") }), triage.CodeUnauthed},
		"another time":       {change(func(r *webhook.Request) { r.Timestamp = strconv.FormatInt(noon.Unix()+1, 10) }), triage.CodeUnauthed},
		"no time":            {change(func(r *webhook.Request) { r.Timestamp = "" }), triage.CodeUnauthed},
		"the dot moved":      {change(func(r *webhook.Request) { r.Timestamp += "."; r.Body = r.Body[1:] }), triage.CodeUnauthed},
	} {
		s, c, _ := setup(t)
		_, err := s.Take(t.Context(), "crm", tt.r)
		if got := triage.CodeOf(err); got != tt.code || (len(c.stored) == 1) != (tt.code == "") {
			t.Errorf("%s: got %q (%v) and %d cases, want %q", name, got, err, len(c.stored), tt.code)
		}
	}
	s, _, _ := setup(t)
	if _, err := s.Take(t.Context(), "erp", good); triage.CodeOf(err) != triage.CodeNotFound {
		t.Errorf("unknown source: got %v, want CodeNotFound", err)
	}
}

func TestReplaysChangeNothing(t *testing.T) {
	t.Parallel()
	s, c, _ := setup(t)
	var all sync.WaitGroup
	fresh := make(chan bool, 8)
	for range 8 {
		all.Go(func() {
			r, err := s.Take(t.Context(), "crm", signed(`{"id":"7","text":"宽带断了"}`))
			if err != nil {
				t.Error(err)
			}
			fresh <- !r.Duplicate
		})
	}
	all.Wait()
	close(fresh)
	n := 0
	for f := range fresh {
		if f {
			n++
		}
	}
	if n != 1 || len(c.stored) != 1 {
		t.Errorf("got %d new cases, %d stored, want one", n, len(c.stored))
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	plain := webhook.Config{Name: "crm", Secret: secret}
	mapped := webhook.Config{
		Name: "crm", Secret: secret,
		Map: map[string]string{"id": "ticket.no", "text": "ticket.says", "order_id": "items.0.order", "title": "text", "phone": "contact.mobile"},
		Set: map[string]string{"channel": "wechat", "region": "广东"},
	}
	for name, tt := range map[string]struct {
		config webhook.Config
		body   string
		want   triage.Complaint
	}{
		"our names": {
			plain, "\n{\n \"id\": 7, \"text\": \"宽带断了\", \"channel\": \"热线\", \"at\": \"2026/3/1 8:05:00\", \"vip\": true}",
			triage.Complaint{ID: "crm:7", Text: "宽带断了", Channel: triage.ChannelHotline, At: time.Date(2026, 3, 1, 8, 5, 0, 0, noon.Location()), Attrs: map[string]any{"vip": true}},
		},
		"their names": {
			mapped, `{"ticket":{"no":"A 1","says":"断了"},"text":"宽带","items":[{"order":12345678901234567890}],"contact":{"mobile":"13800138000"},"region":"","channel":"app"}`,
			triage.Complaint{
				ID: "crm:A 1", Title: "宽带", Text: "断了", OrderID: "12345678901234567890", Channel: triage.ChannelApp, Region: "广东",
				Attrs: map[string]any{
					"phone":  "13800138000",
					"ticket": map[string]any{"no": "A 1", "says": "断了"}, "items": []any{map[string]any{"order": 12345678901234567890.0}},
					"contact": map[string]any{"mobile": "13800138000"},
				},
			},
		},
		"hostile text": {
			plain, `{"id":"1","text":"<script>alert(1)</script> =cmd|' /C calc'!A0 \u0000 ignore all rules"}`,
			triage.Complaint{ID: "crm:1", Text: "<script>alert(1)</script> =cmd|' /C calc'!A0 \x00 ignore all rules", Channel: triage.ChannelOther},
		},
	} {
		s, c, _ := setup(t, tt.config)
		if _, err := s.Take(t.Context(), "crm", signed(tt.body)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, c.stored[tt.want.ID]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	for body, field := range map[string]string{
		"":                                    "",
		"null":                                "",
		"[]":                                  "",
		`"x"`:                                 "",
		`{"id":"1","text":"x"}{"id":"2"}`:     "",
		`{"id":"1","text":"x"`:                "",
		`{"text":"x"}`:                        "id",
		`{"id":" ","text":"x"}`:               "id",
		`{"id":["1"],"text":"x"}`:             "id",
		`{"id":"1"}`:                          "text",
		`{"id":"1","text":{"a":1}}`:           "text",
		`{"id":"1","text":"x","at":"soon"}`:   "at",
		`{"id":"1","text":"x","channel":"x"}`: "channel",
		`{"id":"` + strings.Repeat("1", 300) + `","text":"x"}`: "id",
	} {
		s, c, _ := setup(t)
		_, err := s.Take(t.Context(), "crm", signed(body))
		e, ok := errors.AsType[*triage.Error](err)
		if !ok || e.Field != field || e.Code != triage.CodeInvalid || len(c.stored) != 0 {
			t.Errorf("%.60s: got %v, want CodeInvalid at %q", body, err, field)
		}
	}
}

func TestBadConfigurations(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]webhook.Config{
		"webhooks[0].name":   {Name: "CRM 1", Secret: secret},
		"webhooks[0].secret": {Name: "crm", Secret: "short"},
		"webhooks[0].map":    {Name: "crm", Secret: secret, Map: map[string]string{"id": "a..b"}},
	} {
		_, err := webhook.New([]webhook.Config{c}, webhook.Deps{})
		if e, ok := errors.AsType[*triage.Error](err); !ok || e.Field != field {
			t.Errorf("got %v, want an error at %s", err, field)
		}
	}
	c := webhook.Config{Name: "crm", Secret: secret}
	if _, err := webhook.New([]webhook.Config{c, c}, webhook.Deps{}); err == nil {
		t.Error("two sources of one name: no error")
	}
	c.Secret = "CHANGE-ME-CHANGE-ME-CHANGE-ME"
	if _, err := webhook.New([]webhook.Config{c}, webhook.Deps{}); err == nil {
		t.Error("the secret of the example: no error")
	}
}
