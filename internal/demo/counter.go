package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
)

// counterContent is how a campaign is taken at the counter: how many are asked,
// and the shares of the attitudes in their order.
type counterContent struct {
	Asked     int
	Attitudes []float64
	Reasons   []counter.Reason
}

// counterSince is how far back the counter keeps what it sees; counterWords is
// how often the words of a customer are taken down.
const (
	counterSince = 24 * day
	counterWords = .3
)

// makeCounter lets the clerks keep how customers took the campaigns.
func (f *founder) makeCounter() {
	r := f.stream(partCounter)
	for i := range f.content.Campaigns {
		p, c := &f.content.Campaigns[i].Counter, &f.campaigns[i]
		for n := range p.Asked {
			oldest, youngest := min(counterSince, f.now.Sub(c.From)), max(time.Hour, f.now.Sub(c.To))
			at := f.officeAgo(r, oldest, min(youngest, oldest-time.Hour))
			k := f.capture(r, p)
			k.Campaign, k.At, k.Key = c.ID, at, fmt.Sprintf("demo-%s-%d", c.ID, n)
			by := pick(r, f.agents(frontDesk))
			f.say(at, func(ctx context.Context, s *Stream) error {
				_, _, err := s.Counter.Take(ctx, k, by)
				return err
			})
		}
	}
}

// capture is how one customer takes a campaign.
func (f *founder) capture(r *rand.Rand, p *counterContent) counter.Capture {
	k := counter.Capture{
		Customer: f.customers[r.IntN(customerCount)].ID, Attitude: campaign.Attitudes[draw(r, p.Attitudes)],
		Behaviour: pick(r, counter.Behaviours), Shop: frontDesk, Source: counter.FromConsole,
	}
	if k.Attitude == campaign.Accepted {
		k.Behaviour = pick(r, []counter.Behaviour{counter.CameForIt, counter.WasAsked, counter.Questions})
		return k
	}
	reasons := p.Reasons
	if len(reasons) == 0 {
		reasons = counter.Reasons
	}
	k.Reasons = []counter.Reason{pick(r, reasons)}
	if words := f.content.CounterWords[k.Attitude]; len(words) > 0 && r.Float64() < counterWords {
		k.Words = pick(r, words)
	}
	return k
}
