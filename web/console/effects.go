package console

import (
	"context"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
)

// effectsFresh is how old a measured effect may be in a list. The page of one
// plan measures anew.
const effectsFresh = 5 * time.Minute

// effectCache keeps measured effects for lists and the first page: each is read
// from every customer of a plan. It is safe for concurrent use; two who ask at
// the same time may both measure.
type effectCache struct {
	mu    sync.Mutex
	sum   live.Sum
	sumAt time.Time
	plans map[prevention.PlanID]cachedEffect
}

type cachedEffect struct {
	report effect.Report
	at     time.Time
}

// effectSum is the effect of all plans, not older than effectsFresh.
func (c *Console) effectSum(ctx context.Context) (live.Sum, error) {
	now := c.d.Now()
	c.effects.mu.Lock()
	sum, at := c.effects.sum, c.effects.sumAt
	c.effects.mu.Unlock()
	if !at.IsZero() && now.Sub(at) < effectsFresh {
		return sum, nil
	}
	sum, err := c.d.Outreach.Effects.Sum(ctx)
	if err != nil {
		return sum, err
	}
	c.effects.mu.Lock()
	defer c.effects.mu.Unlock()
	c.effects.sum, c.effects.sumAt = sum, now
	return sum, nil
}

// effectOf is the effect of one plan, not older than effectsFresh.
func (c *Console) effectOf(ctx context.Context, id prevention.PlanID) (effect.Report, error) {
	now := c.d.Now()
	c.effects.mu.Lock()
	known := c.effects.plans[id]
	c.effects.mu.Unlock()
	if !known.at.IsZero() && now.Sub(known.at) < effectsFresh {
		return known.report, nil
	}
	report, err := c.d.Outreach.Effects.Effect(ctx, id)
	if err != nil {
		return report, err
	}
	c.effects.mu.Lock()
	defer c.effects.mu.Unlock()
	if c.effects.plans == nil || len(c.effects.plans) > 2*plansShown { // old plans are not asked for again
		c.effects.plans = map[prevention.PlanID]cachedEffect{}
	}
	c.effects.plans[id] = cachedEffect{report, now}
	return report, nil
}
