package attribution

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Replayed is the records of a replay, in any order.
type Replayed struct {
	Complaints []triage.Complaint // each with its time
	Exposures  []triage.Exposure
	Campaigns  []triage.Campaign
}

// Replay is what to do with a stream that is played again. Nothing later than
// what a function is told of is used.
type Replay struct {
	Tokenizer nlp.Tokenizer
	Zone      *time.Location
	// Judged is called for every complaint, in order of time.
	Judged func(Played) error
	// Day is called when a local day is over, with every campaign that is known
	// by then; nil for nobody.
	Day func(day fact.Day, known []Known) error
	// Reach is called at the end for each campaign, by id; nil for nobody.
	Reach func(Known) error
}

// Played is a complaint of a replay.
type Played struct {
	Complaint *triage.Complaint
	// About is nil for a complaint that is about no campaign.
	About *campaign.Attribution
	// Segments are those of the campaign that had reached the customer.
	Segments []string
}

// Known is a campaign as it is known at a time of a replay.
type Known struct {
	triage.Campaign
	Reach []campaign.Reach
}

// player is a Replay that goes on.
type player struct {
	Replay
	engine   *Engine
	contacts map[triage.CustomerID][]Contact
	segments map[contacted][]string
	counters map[string]*campaign.ReachCounter
	day      fact.Day
}

// contacted is a customer whom a campaign reached.
type contacted struct {
	campaign string
	customer triage.CustomerID
}

// Run plays the records in the order of time.
func (r Replay) Run(ctx context.Context, in Replayed) error {
	p := &player{
		Replay: r, engine: New(Deps{Tokenizer: r.Tokenizer}), contacts: map[triage.CustomerID][]Contact{},
		segments: map[contacted][]string{}, counters: map[string]*campaign.ReachCounter{},
	}
	p.engine.Know(in.Campaigns...)
	registered := map[string]bool{}
	for i := range in.Campaigns {
		registered[in.Campaigns[i].ID] = true
	}
	exposures := slices.DeleteFunc(slices.Clone(in.Exposures), func(e triage.Exposure) bool { return e.Kind != campaign.ExposureKind || e.Key == "" })
	slices.SortStableFunc(exposures, func(a, b triage.Exposure) int { return a.At.Compare(b.At) })
	complaints := slices.SortedStableFunc(slices.Values(in.Complaints), func(a, b triage.Complaint) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	for i := range complaints {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		for n < len(exposures) && !exposures[n].At.After(complaints[i].At) {
			n++
		}
		if err := p.expose(exposures[:n], registered); err != nil {
			return err
		}
		exposures = exposures[n:]
		if err := p.complain(&complaints[i]); err != nil {
			return err
		}
	}
	if err := p.expose(exposures, registered); err != nil {
		return err
	}
	return p.end()
}

func (p *player) expose(list []triage.Exposure, registered map[string]bool) error {
	for i := range list {
		e := &list[i]
		if err := p.until(e.At); err != nil {
			return err
		}
		counter := p.counters[e.Key]
		if counter == nil {
			counter = campaign.NewReachCounter(campaign.Seen{ID: e.Key}, nil, p.Zone)
			p.counters[e.Key] = counter
		}
		counter.Add(e)
		p.contacts[e.CustomerID] = append(p.contacts[e.CustomerID], contactOf(e))
		who := contacted{e.Key, e.CustomerID}
		for _, segment := range campaign.Segments(e.Attrs) {
			if !slices.Contains(p.segments[who], segment) {
				p.segments[who] = append(p.segments[who], segment)
			}
		}
		if name := counter.Name(); !registered[e.Key] && !p.engine.Knows(e.Key, name) {
			p.engine.Know(triage.Campaign{ID: e.Key, Name: name})
		}
	}
	return nil
}

func (p *player) complain(c *triage.Complaint) error {
	if err := p.until(c.At); err != nil {
		return err
	}
	a, ok := p.engine.Observe(&Complaint{
		ID: c.ID, Customer: c.CustomerID, At: c.At, Text: c.Body(), Stated: strings.TrimSpace(c.Campaign), Contacts: p.contacts[c.CustomerID],
	})
	out := Played{Complaint: c}
	if ok {
		out.About, out.Segments = &a, p.segments[contacted{a.Campaign, c.CustomerID}]
	}
	return p.Judged(out)
}

// until tells of the days that are over at a time.
func (p *player) until(at time.Time) error {
	day := fact.DayOf(at, p.Zone)
	if p.day == 0 {
		p.day = day
	}
	for ; p.day < day; p.day++ {
		if err := p.tell(); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) tell() error {
	if p.Day == nil {
		return nil
	}
	known := make([]Known, len(p.engine.order))
	for i, id := range p.engine.order {
		known[i] = p.known(id)
	}
	return p.Day(p.day, known)
}

func (p *player) known(id string) Known {
	k := Known{Campaign: p.engine.campaigns[id].Campaign}
	if counter := p.counters[id]; counter != nil {
		k.Reach = counter.Rows()
	}
	return k
}

func (p *player) end() error {
	if err := p.tell(); err != nil || p.Reach == nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(p.counters)) {
		if err := p.Reach(p.known(id)); err != nil {
			return err
		}
	}
	return nil
}
