package llm_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

const secretText = "客户说电话打不通"

// completion is what an OpenAI-compatible server answers.
const completion = `{"id":"c1","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop",
"message":{"role":"assistant","content":" 很抱歉给您带来不便。\n"}}],"usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}}`

// question is what a server was asked.
type question struct {
	Model       string
	Temperature *float64
	MaxTokens   int `json:"max_tokens"`
	Stream      bool
	Messages    []message
}

type message struct{ Role, Content string }

// model is a local server that gives its answers in turn, the last one again
// and again.
type model struct {
	*httptest.Server

	mu        sync.Mutex
	answers   []http.HandlerFunc
	questions []question
	keys      []string
}

func newModel(t *testing.T, answers ...http.HandlerFunc) *model {
	t.Helper()
	m := &model{answers: answers}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var q question
	if err != nil || json.Unmarshal(body, &q) != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	m.mu.Lock()
	m.questions = append(m.questions, q)
	m.keys = append(m.keys, r.Header.Get("Authorization"))
	answer := m.answers[0]
	if len(m.answers) > 1 {
		m.answers = m.answers[1:]
	}
	m.mu.Unlock()
	answer(w, r)
}

func (m *model) asked() []question {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.questions
}

// says answers with a status and a body. Failures repeat the prompt, as some
// servers do: the worst case for logs.
func says(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func fails(status int, header ...string) http.HandlerFunc {
	return says(status, `{"error":{"message":"cannot answer `+secretText+`","type":"x","code":1}}`, header...)
}

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func breaksOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, completion[:50])
}

func client(t *testing.T, m *model, change ...func(*llm.Config)) (*llm.Client, *testkit.Clock) {
	t.Helper()
	clock := testkit.NewClock(time.Date(2026, time.March, 2, 23, 0, 0, 0, time.UTC))
	config := llm.Config{BaseURL: m.URL + "/v1/", APIKey: "sk-s3cret", Model: "m", RetryDelay: time.Millisecond}
	for _, f := range change {
		f(&config)
	}
	c, err := llm.New(config, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return c, clock
}

var request = llm.Request{System: "写一封短信。", User: secretText, MaxTokens: 100}

func TestComplete(t *testing.T) {
	t.Parallel()
	m := newModel(t, says(200, completion))
	c, _ := client(t, m)
	got, err := c.Complete(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if want := "很抱歉给您带来不便。"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	q := m.asked()[0]
	if q.Model != "m" || q.MaxTokens != 100 || q.Stream || m.keys[0] != "Bearer sk-s3cret" {
		t.Errorf("asked %+v with %q", q, m.keys[0])
	}
	if q.Temperature == nil || *q.Temperature > 1e-30 {
		t.Errorf("the temperature is %v, want (almost) 0, said aloud", q.Temperature)
	}
	want := []message{{"system", request.System}, {"user", request.User}}
	if diff := cmp.Diff(want, q.Messages); diff != "" {
		t.Errorf("messages (-want +got)\n%s", diff)
	}
}

func TestCompleteFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		calls  int
		says   string
	}{
		"too many requests":     {fails(429), 3, "429"},
		"too long to wait":      {fails(429, "Retry-After", "60"), 1, "429"},
		"internal error":        {fails(500), 3, "500"},
		"bad gateway, HTML":     {says(502, "<html>"+secretText), 3, "502"},
		"wrong key":             {fails(401), 1, "401"},
		"wrong request":         {fails(400), 1, "400"},
		"redirect":              {fails(307, "Location", "/v1/other"), 1, "307"},
		"time-out":              {hangs, 1, "deadline"},
		"nonsense":              {says(200, "<html>"+secretText), 1, "interface"},
		"nothing":               {says(200, ""), 1, "interface"},
		"another JSON":          {says(200, `{"choices":"`+secretText+`"}`), 1, "interface"},
		"no choices":            {says(200, `{"choices":[]}`), 1, "no choices"},
		"empty answer":          {says(200, `{"choices":[{"message":{"content":" "}}]}`), 1, "empty"},
		"cut off by the limit":  {says(200, strings.Replace(completion, `"stop"`, `"length"`, 1)), 1, "cut off"},
		"withheld":              {says(200, strings.Replace(completion, `"stop"`, `"content_filter"`, 1)), 1, "filter"},
		"connection breaks off": {breaksOff, 1, "EOF"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newModel(t, tt.answer)
			c, _ := client(t, m, func(c *llm.Config) {
				if tt.says == "deadline" {
					c.Timeout = 100 * time.Millisecond
				}
			})
			got, err := c.Complete(t.Context(), request)
			if got != "" || triage.CodeOf(err) != triage.CodeUnavailable || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %q, %v, want the code unavailable and %q", got, err, tt.says)
			}
			for _, secret := range []string{secretText, "sk-s3cret"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error %q holds %q", err, secret)
				}
			}
			if got := len(m.asked()); got != tt.calls {
				t.Errorf("asked %d times, want %d", got, tt.calls)
			}
		})
	}
}

func TestCompleteTriesAgain(t *testing.T) {
	t.Parallel()
	m := newModel(t, fails(429), fails(503), says(200, completion))
	c, _ := client(t, m)
	if _, err := c.Complete(t.Context(), request); err != nil || len(m.asked()) != 3 {
		t.Errorf("got %v after %d calls, want an answer after 3", err, len(m.asked()))
	}
}

func TestCompleteStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	m := newModel(t, func(w http.ResponseWriter, r *http.Request) {
		stop()
		fails(503)(w, r)
	})
	c, _ := client(t, m, func(c *llm.Config) { c.RetryDelay = time.Hour })
	if _, err := c.Complete(ctx, request); triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("got %v, want the code unavailable", err)
	}
}

func TestCompleteRefusesRequests(t *testing.T) {
	t.Parallel()
	m := newModel(t, says(200, completion))
	c, _ := client(t, m)
	for _, r := range []llm.Request{{System: "s"}, {User: " "}, {User: "u", MaxTokens: -1}} {
		if _, err := c.Complete(t.Context(), r); triage.CodeOf(err) != triage.CodeInvalid {
			t.Errorf("%+v: got %v, want the code invalid", r, err)
		}
	}
	if len(m.asked()) > 0 {
		t.Error("the model was asked")
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	good := llm.Config{BaseURL: "https://api.example.com/v1", Model: "m"}
	if _, err := llm.New(good, time.Now); err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(*llm.Config){
		"base_url":           func(c *llm.Config) { c.BaseURL = "api.example.com" },
		"model":              func(c *llm.Config) { c.Model = "" },
		"timeout":            func(c *llm.Config) { c.Timeout = -1 },
		"retry_delay":        func(c *llm.Config) { c.RetryDelay = -1 },
		"max_calls_per_day":  func(c *llm.Config) { c.MaxCallsPerDay = -1 },
		"max_tokens_per_day": func(c *llm.Config) { c.MaxTokensPerDay = -1 },
	}
	for field, change := range tests {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			c := good
			change(&c)
			_, err := llm.New(c, time.Now)
			if triage.CodeOf(err) != triage.CodeInvalid || !strings.HasPrefix(err.Error(), field+": ") {
				t.Errorf("got %v, want an invalid field %q", err, field)
			}
		})
	}
}
