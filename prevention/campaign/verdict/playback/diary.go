package playback

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// diary is the store of a company that is played again: what a Desk asks for, as
// it was known on the day.
type diary struct {
	player *Player
	desk   *watch.Desk
	book   *fact.Book
	day    fact.Day
	// rows are the complaints of the day.
	rows        []fact.Row
	known       map[string]attribution.Known
	customers   map[triage.CustomerID]uint64
	complainers map[string][]watch.Complainer
	complained  map[complained]bool
	told        map[string][]watch.Told // the latest last
}

// complained is a customer who complained about a campaign.
type complained struct {
	campaign string
	customer triage.CustomerID
}

func newDiary(p *Player) *diary {
	d := &diary{
		player: p, book: fact.NewBook(), known: map[string]attribution.Known{}, customers: map[triage.CustomerID]uint64{},
		complainers: map[string][]watch.Complainer{}, complained: map[complained]bool{}, told: map[string][]watch.Told{},
	}
	d.desk = watch.New(watch.Deps{
		Register: d, Book: d.book, Reach: d, People: d, Signals: d, Limits: p.Limits, Zone: p.Zone,
		Now: func() time.Time { return (d.day + 1).In(p.Zone).Add(-time.Second) },
	})
	return d
}

// note writes a complaint down.
func (d *diary) note(p *attribution.Played) {
	c := p.Complaint
	r := fact.Row{
		Seq: int64(len(d.rows)), Day: fact.DayOf(c.At, d.player.Zone), Customer: d.number(c.CustomerID), Flags: fact.EscalationsIn(c.Body()),
		Satisfaction: fact.None, Respond: fact.None, Verify: fact.None, Resolve: fact.None,
	}
	if p.About != nil {
		id := p.About.Campaign
		r.Values[fact.Campaign] = id
		if who := (complained{id, c.CustomerID}); c.CustomerID != "" && !d.complained[who] {
			d.complained[who] = true
			d.complainers[id] = append(d.complainers[id], watch.Complainer{At: c.At, Segments: slices.Clone(p.Segments)})
		}
	}
	d.rows = append(d.rows, r)
}

// number numbers customers from 1; 0 is nobody.
func (d *diary) number(id triage.CustomerID) uint64 {
	if id == "" {
		return 0
	}
	n, ok := d.customers[id]
	if !ok {
		n = uint64(len(d.customers)) + 1
		d.customers[id] = n
	}
	return n
}

// close ends a day: every running campaign is judged.
func (d *diary) close(ctx context.Context, day fact.Day, known []attribution.Known) error {
	d.day = day
	d.book.Put(day, d.rows)
	d.rows = d.rows[:0]
	for i := range known {
		d.known[known[i].ID] = known[i]
	}
	changes, err := d.desk.Signals(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(changes, func(a, b watch.Change) int { return cmp.Compare(a.Campaign.ID, b.Campaign.ID) })
	for _, c := range changes {
		if err := d.player.Changed(c); err != nil {
			return err
		}
	}
	return nil
}

// List implements [watch.Register]; it knows no filter, because signals need
// none.
func (d *diary) List(context.Context, campaign.Filter) ([]triage.Campaign, error) {
	list := make([]triage.Campaign, 0, len(d.known))
	for _, k := range d.known {
		list = append(list, k.Campaign)
	}
	slices.SortFunc(list, func(a, b triage.Campaign) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// Campaign implements [watch.Register].
func (d *diary) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	k, ok := d.known[id]
	if !ok {
		return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "no campaign %.60q", id)
	}
	return k.Campaign, nil
}

// ReachOf implements [watch.Reaches].
func (d *diary) ReachOf(_ context.Context, id string) ([]campaign.Reach, error) {
	return d.known[id].Reach, nil
}

// Reached implements [watch.Reaches].
func (d *diary) Reached(context.Context) (map[string]int, error) {
	reached := make(map[string]int)
	for id, k := range d.known {
		for _, r := range k.Reach {
			if r.Segment == "" {
				reached[id] += r.Customers
			}
		}
	}
	return reached, nil
}

// Complainers implements [watch.People].
func (d *diary) Complainers(_ context.Context, id string) ([]watch.Complainer, error) {
	return d.complainers[id], nil
}

// Departures implements [watch.People]: files do not say who left.
func (d *diary) Departures(context.Context, string) (card.Departures, error) {
	return card.Departures{}, nil
}

// CustomerCount implements [watch.People].
func (d *diary) CustomerCount(context.Context) (int, error) {
	return max(d.player.Customers, len(d.customers)), nil
}

// LatestSignals implements [watch.Signals].
func (d *diary) LatestSignals(context.Context) (map[string]watch.Told, error) {
	last := make(map[string]watch.Told, len(d.told))
	for id, told := range d.told {
		last[id] = told[len(told)-1]
	}
	return last, nil
}

// SignalsOf implements [watch.Signals].
func (d *diary) SignalsOf(_ context.Context, id string, limit int) ([]watch.Told, error) {
	list := slices.Clone(d.told[id])
	slices.Reverse(list)
	return list[:min(limit, len(list))], nil
}

// RecordSignals implements [watch.Signals].
func (d *diary) RecordSignals(_ context.Context, told []watch.Told) error {
	for _, t := range told {
		d.told[t.Campaign] = append(d.told[t.Campaign], t)
	}
	return nil
}
