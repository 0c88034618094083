package watch

import (
	"cmp"
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Standing is a campaign as a list of campaigns shows it.
type Standing struct {
	Campaign triage.Campaign
	State    campaign.State
	// Told is the latest signal; its Campaign is "" before there is one.
	Told    Told
	Reached int
	// Complaints are cases, Customers who made them.
	Complaints, Customers int
	// First is the day of the first count of Days, complaints per day.
	First fact.Day
	Days  []int
	// Weeks are the complaints of the last weeks.
	Weeks []Week
	// Reasons are the most frequent sub-types, at most three.
	Reasons []Reason
}

// Week is the complaints of a week from a Monday on.
type Week struct {
	First      fact.Day
	Complaints int
}

// Reason is how many complaints have a type and sub-type, "" for those that have
// none.
type Reason struct {
	Type, Subtype string
	Complaints    int
}

// How many days and weeks a list shows of each campaign.
const (
	trendDays  = 28
	trendWeeks = 16
)

// Standings returns the campaigns that fit: those to stop first, then those to
// adjust, and within a signal the highest rate first.
func (d *Desk) Standings(ctx context.Context, f campaign.Filter) ([]Standing, error) {
	if f.Now.IsZero() {
		f.Now = d.d.Now()
	}
	list, err := d.d.Register.List(ctx, f)
	if err != nil {
		return nil, err
	}
	last, err := d.d.Signals.LatestSignals(ctx)
	if err != nil {
		return nil, err
	}
	reached, err := d.d.Reach.Reached(ctx)
	if err != nil {
		return nil, err
	}
	today := d.today()
	standings := make([]Standing, len(list))
	for i := range list {
		c := &list[i]
		s := &standings[i]
		*s = Standing{Campaign: *c, State: campaign.StateAt(c, f.Now), Told: last[c.ID], Reached: reached[c.ID], First: today - trendDays + 1, Days: make([]int, trendDays)}
		monday := fact.Weekly.Start(today)
		for k := range fact.Day(trendWeeks) {
			s.Weeks = append(s.Weeks, Week{First: monday - 7*(trendWeeks-1-k)})
		}
	}
	d.tally(standings, today)
	slices.SortStableFunc(standings, func(a, b Standing) int {
		return cmp.Or(
			cmp.Compare(order(a.Told.Verdict.Signal), order(b.Told.Verdict.Signal)),
			cmp.Compare(b.Told.Verdict.Rate.Value, a.Told.Verdict.Rate.Value),
			cmp.Compare(a.Campaign.ID, b.Campaign.ID),
		)
	})
	return standings, nil
}

// tally counts the complaints of all campaigns in one pass.
func (d *Desk) tally(standings []Standing, today fact.Day) {
	type counts struct {
		customers map[uint64]bool
		reasons   map[Reason]int
		standing  *Standing
	}
	f := fact.Filter{To: today + 1}
	at := make(map[string]*counts, len(standings))
	for i := range standings {
		id := standings[i].Campaign.ID
		f = f.With(fact.Campaign, id)
		at[id] = &counts{map[uint64]bool{}, map[Reason]int{}, &standings[i]}
	}
	if len(standings) == 0 {
		return
	}
	d.d.Book.Each(f, func(r *fact.Row) {
		c := at[r.Values[fact.Campaign]]
		s := c.standing
		s.Complaints++
		c.reasons[Reason{Type: r.Values[fact.Type], Subtype: r.Values[fact.Subtype]}]++
		if r.Customer == 0 {
			s.Customers++
		}
		c.customers[r.Customer] = r.Customer != 0
		if i := r.Day - s.First; i >= 0 {
			s.Days[i]++
		}
		if i := (r.Day - s.Weeks[0].First) / 7; r.Day >= s.Weeks[0].First {
			s.Weeks[i].Complaints++
		}
	})
	for _, c := range at {
		for _, known := range c.customers {
			if known {
				c.standing.Customers++
			}
		}
		c.standing.Reasons = mostFrequent(c.reasons)
	}
}

func mostFrequent(counts map[Reason]int) []Reason {
	var list []Reason
	for r, n := range counts {
		r.Complaints = n
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Complaints, a.Complaints), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Subtype, b.Subtype))
	})
	return list[:min(len(list), 3)]
}

func order(s verdict.Signal) int {
	if i := slices.Index(verdict.Signals, s); i >= 0 {
		return i
	}
	return len(verdict.Signals)
}

// Ranking returns the places of all campaigns that reached anybody and have been
// judged, the best first.
func (d *Desk) Ranking(ctx context.Context) ([]card.Place, error) {
	last, err := d.d.Signals.LatestSignals(ctx)
	if err != nil {
		return nil, err
	}
	today := d.today()
	f := fact.Filter{To: today + 1}
	for id := range last {
		f = f.With(fact.Campaign, id)
	}
	figures := map[string]fact.Figures{}
	for _, g := range d.d.Book.By(f, fact.Campaign) {
		figures[g.Value] = g.Figures
	}
	var entries []card.Entry
	for id, t := range last {
		if t.Verdict.Why == verdict.WhyUnknown {
			continue
		}
		r, err := d.reaction(ctx, id)
		if err != nil {
			return nil, err
		}
		entries = append(entries, card.Entry{
			Campaign: id, Rate: t.Verdict.Rate, Accepted: r.Count[campaign.Accepted], Asked: card.Asked(r),
			Scores: figures[id].Scores, Scored: figures[id].Scored, Escalated: t.Verdict.Escalated, Complaints: t.Verdict.Complaints,
		})
	}
	return card.Rank(entries), nil
}
