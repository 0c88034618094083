package llm

import (
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// budget counts what a calendar day has cost. A call reserves what it may cost
// at most and gives back what it did not, so that calls side by side stay
// within the limit, too.
type budget struct {
	maxCalls, maxTokens int
	now                 func() time.Time

	mu            sync.Mutex
	day           string
	calls, tokens int
}

// reserve counts one call of at most so many tokens and returns the day it
// belongs to. The error is of CodeUnavailable.
func (b *budget) reserve(tokens int) (day string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if today := b.now().Format(time.DateOnly); today != b.day {
		b.day, b.calls, b.tokens = today, 0, 0
	}
	if b.calls >= b.maxCalls {
		return "", triage.Errorf(triage.CodeUnavailable, "language model: today's %d calls (max_calls_per_day) are used up", b.maxCalls)
	}
	if b.tokens+tokens > b.maxTokens {
		return "", triage.Errorf(triage.CodeUnavailable, "language model: a call of up to %d tokens does not fit into what is left of today's %d (max_tokens_per_day)", tokens, b.maxTokens)
	}
	b.calls++
	b.tokens += tokens
	return b.day, nil
}

// settle replaces the reservation of a call by what it has used.
func (b *budget) settle(day string, reserved, used int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if day == b.day {
		b.tokens += used - reserved
	}
}
