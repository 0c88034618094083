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

// Replay is what to do with a stream that is played again.
type Replay struct {
	Tokenizer nlp.Tokenizer
	Zone      *time.Location
	// Attributed is called for every complaint about a campaign, in order of
	// time. Nothing later than the complaint is used.
	Attributed func(campaign.Attribution) error
	// Day is called when a local day is over, with that day's counts of every
	// campaign that is known by then; nil for nobody.
	Day func(day fact.Day, counts []DayCount) error
	// Reach is called at the end for each campaign, by id.
	Reach func(id, name string, rows []campaign.Reach) error
}

// DayCount is what happened to a campaign in a day.
type DayCount struct {
	Campaign string
	Name     string
	// Customers were reached for the first time and Contacts is all; Complaints
	// are about the campaign, All is the complaints about anything.
	Customers, Contacts, Complaints, All int
}

// player is a Replay that goes on.
type player struct {
	Replay
	engine   *Engine
	contacts map[triage.CustomerID][]Contact
	counters map[string]*campaign.ReachCounter
	about    map[string]int // complaints of the day
	all      int
	day      fact.Day
}

// Run plays the records in the order of time.
func (r Replay) Run(ctx context.Context, in Replayed) error {
	p := &player{
		Replay: r, engine: New(Deps{Tokenizer: r.Tokenizer}), contacts: map[triage.CustomerID][]Contact{},
		counters: map[string]*campaign.ReachCounter{}, about: map[string]int{},
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
	p.all++
	if !ok {
		return nil
	}
	p.about[a.Campaign]++
	return p.Attributed(a)
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
	if p.Day != nil {
		counts := make([]DayCount, 0, len(p.engine.order))
		for _, id := range p.engine.order {
			c := DayCount{Campaign: id, Name: p.engine.campaigns[id].Name, Complaints: p.about[id], All: p.all}
			if counter := p.counters[id]; counter != nil {
				c.Customers, c.Contacts = counter.On(p.day)
			}
			counts = append(counts, c)
		}
		if err := p.Day(p.day, counts); err != nil {
			return err
		}
	}
	clear(p.about)
	p.all = 0
	return nil
}

func (p *player) end() error {
	if err := p.tell(); err != nil || p.Reach == nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(p.counters)) {
		if err := p.Reach(id, p.engine.campaigns[id].Name, p.counters[id].Rows()); err != nil {
			return err
		}
	}
	return nil
}
