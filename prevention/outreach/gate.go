package outreach

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// downAfter is the number of failures in a row that mean a channel is down, and
// not that single messages have bad luck.
const downAfter = 5

// maxPause bounds for how long a channel that is down is left alone.
const maxPause = 10 * time.Minute

// gate bounds the rate of a channel and shuts while the channel is down, so
// that an outage does not use up the attempts of every notice.
type gate struct {
	limiter *rate.Limiter
	policy  *Policy

	mu       sync.Mutex
	failures int
	until    time.Time
}

func newGate(p *Policy) *gate {
	return &gate{limiter: rate.NewLimiter(rate.Limit(p.Rate), max(1, int(p.Rate/10))), policy: p}
}

// wait returns when the rate allows one more message, or with the context's
// error.
func (g *gate) wait(ctx context.Context) error { return g.limiter.Wait(ctx) }

// shut returns until when the channel is left alone, zero when it may be used.
// Of those who ask after a pause, one is let through to try.
func (g *gate) shut(now time.Time) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failures < downAfter {
		return time.Time{}
	}
	if now.Before(g.until) {
		return g.until
	}
	g.until = now.Add(g.policy.SendTimeout)
	return time.Time{}
}

// report takes the end of an attempt: whether the channel answered at all.
func (g *gate) report(answered bool, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if answered {
		g.failures = 0
		return
	}
	g.failures++
	if over := g.failures - downAfter; over >= 0 {
		g.until = now.Add(min(maxPause, g.policy.interval(over+1)))
	}
}
