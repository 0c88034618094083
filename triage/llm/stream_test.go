package llm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

// chunk is one event of a stream as OpenAI-compatible servers send it.
func chunk(content, finish string) string {
	c := map[string]any{"delta": map[string]any{"content": content}, "index": 0, "finish_reason": nil}
	if finish != "" {
		c["finish_reason"] = finish
	}
	b, err := json.Marshal(map[string]any{"object": "chat.completion.chunk", "model": "m", "choices": []any{c}})
	if err != nil {
		panic(err) // a test's own map
	}
	return "data: " + string(b) + "\n\n"
}

// streams sends events one by one; the last is the end of the body.
func streams(events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range events {
			_, _ = fmt.Fprint(w, e)
			_ = http.NewResponseController(w).Flush() // the client may have gone
		}
	}
}

const done = "data: [DONE]\n\n"

// collect gathers the chunks of a stream.
func collect(t *testing.T, c *llm.Client) ([]string, error) {
	t.Helper()
	var got []string
	err := c.Stream(t.Context(), request, func(chunk string) error {
		got = append(got, chunk)
		return nil
	})
	return got, err
}

func TestStream(t *testing.T) {
	t.Parallel()
	m := newModel(t, fails(429), fails(500), streams(": keep-alive\n\n", chunk("", ""), chunk("很抱", ""), chunk("歉。", ""), chunk("", "stop"), done))
	c, _ := client(t, m)
	got, err := collect(t, c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"很抱", "歉。"}, got); diff != "" {
		t.Errorf("chunks (-want +got)\n%s", diff)
	}
	if q := m.asked()[2]; !q.Stream || q.MaxTokens != 100 || len(m.asked()) != 3 {
		t.Errorf("asked %d times, last %+v", len(m.asked()), q)
	}
}

func TestStreamFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		calls  int
		chunks int
		want   string
	}{
		"refused":                {fails(400), 1, 0, "HTTP 400"},
		"overloaded":             {fails(503), 3, 0, "HTTP 503"},
		"slow to begin":          {hangs, 1, 0, "deadline"},
		"no stream at all":       {says(200, "<html>login</html>"), 1, 0, "broke off"},
		"garbage in an event":    {streams(chunk("好", ""), "data: {not json\n\n"), 1, 1, "interface promises"},
		"breaks off":             {streams(chunk("好", ""), chunk("的", "")), 1, 2, "broke off"},
		"an error in the middle": {streams(chunk("好", ""), `data: {"error":{"message":"`+secretText+`","type":"x"}}`+"\n\n"), 1, 1, "interface promises"},
		"cut off by the limit":   {streams(chunk("好", ""), chunk("", "length"), done), 1, 1, "cut off"},
		"withheld":               {streams(chunk("好", ""), chunk("", "content_filter"), done), 1, 1, "filter"},
		"empty":                  {streams(chunk(" \n", ""), chunk("", "stop"), done), 1, 1, "empty"},
		"slow in the middle":     {func(w http.ResponseWriter, r *http.Request) { streams(chunk("好", ""))(w, r); hangs(w, r) }, 1, 1, "deadline"},
		"the connection is torn down": {func(w http.ResponseWriter, r *http.Request) {
			streams(chunk("好", ""))(w, r)
			panic(http.ErrAbortHandler)
		}, 1, 1, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newModel(t, tt.answer)
			c, _ := client(t, m, func(c *llm.Config) { c.Timeout = 200 * time.Millisecond })
			got, err := collect(t, c)
			if triage.CodeOf(err) != triage.CodeUnavailable || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want the code unavailable and %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), secretText) {
				t.Errorf("the error repeats the prompt: %v", err)
			}
			if len(got) != tt.chunks || len(m.asked()) != tt.calls {
				t.Errorf("got %d chunks after %d calls, want %d after %d", len(got), len(m.asked()), tt.chunks, tt.calls)
			}
		})
	}
}

func TestStreamStopsWhenItIsNotWanted(t *testing.T) {
	t.Parallel()
	m := newModel(t, streams(chunk("好", ""), chunk("的", ""), chunk("", "stop"), done))
	c, _ := client(t, m)
	enough := errors.New("enough")
	calls := 0
	err := c.Stream(t.Context(), request, func(string) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 || len(m.asked()) != 1 {
		t.Errorf("got %v after %d chunks and %d calls, want the error of the caller after one", err, calls, len(m.asked()))
	}
	if err := c.Stream(t.Context(), llm.Request{}, nil); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("got %v, want the code invalid", err)
	}
}

// A question reserves 14 signs and 100 tokens of answer.
func TestStreamBudget(t *testing.T) {
	t.Parallel()
	whole := streams(chunk("好的", ""), chunk("", "stop"), done)
	t.Run("the signs of an answer are counted", func(t *testing.T) {
		t.Parallel()
		m := newModel(t, whole)
		c, _ := client(t, m, func(c *llm.Config) { c.MaxTokensPerDay = 131 }) // twice 16, and the reservation
		for i := range 2 {
			if _, err := collect(t, c); err != nil {
				t.Errorf("question %d: %v", i+1, err)
			}
		}
		_, err := collect(t, c)
		wantUsedUp(t, err, "max_tokens_per_day")
	})
	t.Run("what the server says counts", func(t *testing.T) {
		t.Parallel()
		m := newModel(t, streams(chunk("好的", "stop"), `data: {"choices":[],"usage":{"total_tokens":100}}`+"\n\n", done))
		c, _ := client(t, m, func(c *llm.Config) { c.MaxTokensPerDay = 200 })
		if _, err := collect(t, c); err != nil {
			t.Error(err)
		}
		_, err := collect(t, c)
		wantUsedUp(t, err, "max_tokens_per_day")
	})
}
