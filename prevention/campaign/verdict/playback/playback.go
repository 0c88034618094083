package playback

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Player says what to do with what happens; nil functions are not called.
type Player struct {
	Tokenizer nlp.Tokenizer
	Zone      *time.Location
	// Limits of the zero value are verdict.DefaultLimits.
	Limits verdict.Limits
	// Customers is how many customers the company has; those that the records name
	// by then, if they are more.
	Customers int
	// Attributed is called for each complaint about a campaign.
	Attributed func(campaign.Attribution) error
	// Changed is called when the signal of a campaign has become another one: the
	// first Go is none.
	Changed func(watch.Change) error
	// Reach is called at the end for each campaign that reached anybody, by id.
	Reach func(attribution.Known) error
}

// Run plays the records in the order of time.
func (p Player) Run(ctx context.Context, in attribution.Replayed) error {
	d := newDiary(&p)
	r := attribution.Replay{
		Tokenizer: p.Tokenizer, Zone: p.Zone, Reach: p.Reach,
		Judged: func(c attribution.Played) error {
			d.note(&c)
			if c.About == nil || p.Attributed == nil {
				return nil
			}
			return p.Attributed(*c.About)
		},
	}
	if p.Changed != nil {
		r.Day = func(day fact.Day, known []attribution.Known) error { return d.close(ctx, day, known) }
	}
	return r.Run(ctx, in)
}
