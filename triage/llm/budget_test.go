package llm_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

func wantUsedUp(t *testing.T, err error, setting string) {
	t.Helper()
	if triage.CodeOf(err) != triage.CodeUnavailable || !strings.Contains(err.Error(), setting) {
		t.Errorf("got %v, want the code unavailable and %s named", err, setting)
	}
}

func TestBudgetOfCalls(t *testing.T) {
	t.Parallel()
	m := newModel(t, says(200, completion))
	c, clock := client(t, m, func(c *llm.Config) { c.MaxCallsPerDay = 2 })
	for range 2 {
		if _, err := c.Complete(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Complete(t.Context(), request)
	wantUsedUp(t, err, "max_calls_per_day")
	clock.Advance(time.Hour) // midnight
	if _, err := c.Complete(t.Context(), request); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if got := len(m.asked()); got != 3 {
		t.Errorf("the model was asked %d times, want 3", got)
	}
}

// A question reserves 14 signs and 100 tokens of answer, and uses 20.
func TestBudgetOfTokens(t *testing.T) {
	t.Parallel()
	t.Run("what was not used is given back", func(t *testing.T) {
		t.Parallel()
		m := newModel(t, says(200, completion))
		c, _ := client(t, m, func(c *llm.Config) { c.MaxTokensPerDay = 135 })
		for range 2 {
			if _, err := c.Complete(t.Context(), request); err != nil {
				t.Fatal(err)
			}
		}
		_, err := c.Complete(t.Context(), request)
		wantUsedUp(t, err, "max_tokens_per_day")
	})
	t.Run("a refusal costs no tokens", func(t *testing.T) {
		t.Parallel()
		m := newModel(t, fails(503), fails(429), says(200, completion))
		c, _ := client(t, m, func(c *llm.Config) { c.MaxTokensPerDay = 115 })
		if _, err := c.Complete(t.Context(), request); err != nil {
			t.Error(err)
		}
	})
	t.Run("an answer that never came counts in full", func(t *testing.T) {
		t.Parallel()
		m := newModel(t, breaksOff, says(200, completion))
		c, _ := client(t, m, func(c *llm.Config) { c.MaxTokensPerDay = 200 })
		if _, err := c.Complete(t.Context(), request); err == nil {
			t.Fatal("a torn answer was taken")
		}
		_, err := c.Complete(t.Context(), request)
		wantUsedUp(t, err, "max_tokens_per_day")
	})
}

func TestBudgetHoldsForCallsSideBySide(t *testing.T) {
	t.Parallel()
	m := newModel(t, says(200, completion))
	c, _ := client(t, m, func(c *llm.Config) { c.MaxCallsPerDay = 5 })
	var answered atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Complete(t.Context(), request); err == nil {
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	if got := answered.Load(); got != 5 || len(m.asked()) != 5 {
		t.Errorf("%d of 20 were answered with %d calls, want 5", got, len(m.asked()))
	}
}
