package watch

import (
	"cmp"
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// maxDays bounds a history; of a longer campaign the last days count.
const maxDays = 1100

// about is a campaign with its counts.
type about struct {
	campaign triage.Campaign
	history  verdict.History
	// reached and contacts are totals; last is the last day of reach.
	reached, contacts int
	last              fact.Day
	// complained are customers, complaints cases.
	complained int
}

// filter chooses the complaints about a campaign up to a day.
func filter(id string, today fact.Day) fact.Filter {
	return fact.Filter{To: today + 1}.With(fact.Campaign, id)
}

// firsts counts for each campaign the customers by the day of their first
// complaint about it; complaints without a customer count each.
func (d *Desk) firsts(ids []string, today fact.Day) map[string]map[fact.Day]int {
	f := fact.Filter{To: today + 1}
	all := make(map[string]map[fact.Day]int, len(ids))
	for _, id := range ids {
		f = f.With(fact.Campaign, id)
		all[id] = map[fact.Day]int{}
	}
	if len(ids) == 0 {
		return all
	}
	type who struct {
		campaign string
		customer uint64
	}
	seen := map[who]bool{}
	d.d.Book.Each(f, func(r *fact.Row) {
		w := who{r.Values[fact.Campaign], r.Customer}
		if r.Customer == 0 || !seen[w] {
			seen[w] = true
			all[w.campaign][r.Day]++
		}
	})
	return all
}

// read reads the counts of a campaign as they were on a day.
func (d *Desk) read(ctx context.Context, c *triage.Campaign, firsts map[fact.Day]int, today fact.Day) (*about, error) {
	reach, err := d.d.Reach.ReachOf(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	reach = until(reach, today)
	a := &about{campaign: *c}
	first := today
	if !c.From.IsZero() {
		first = min(first, fact.DayOf(c.From, d.d.Zone))
	}
	for _, r := range reach {
		first = min(first, r.Day)
		if r.Segment == "" {
			a.reached += r.Customers
			a.contacts += r.Contacts
			a.last = max(a.last, r.Day)
		}
	}
	first = max(first, today-maxDays)
	h := verdict.History{First: first, Days: make([]verdict.Day, today-first+1)}
	segments := map[string][]verdict.Day{}
	for _, r := range reach {
		i := r.Day - first
		switch {
		case i < 0:
		case r.Segment == "":
			h.Days[i].Reached += r.Customers
		default:
			if segments[r.Segment] == nil {
				segments[r.Segment] = make([]verdict.Day, len(h.Days))
			}
			segments[r.Segment][i].Reached += r.Customers
		}
	}
	for day, n := range firsts {
		a.complained += n
		if i := day - first; i >= 0 && int(i) < len(h.Days) {
			h.Days[i].Complained += n
		}
	}
	if len(segments) > 0 {
		if err := d.bySegment(ctx, c.ID, first, segments); err != nil {
			return nil, err
		}
	}
	for name, days := range segments {
		h.Segments = append(h.Segments, verdict.Segment{Name: name, Days: days})
	}
	slices.SortFunc(h.Segments, func(x, y verdict.Segment) int {
		return cmp.Or(cmp.Compare(begin(x.Days), begin(y.Days)), cmp.Compare(x.Name, y.Name))
	})
	a.history = h
	return a, nil
}

// until returns the counts up to a day; the list given stays as it is.
func until(reach []campaign.Reach, today fact.Day) []campaign.Reach {
	var list []campaign.Reach
	for _, r := range reach {
		if r.Day <= today {
			list = append(list, r)
		}
	}
	return list
}

// begin is the first day with anybody reached.
func begin(days []verdict.Day) int {
	return slices.IndexFunc(days, func(d verdict.Day) bool { return d.Reached > 0 })
}

// bySegment counts the customers who complained by the segments that reached
// them.
func (d *Desk) bySegment(ctx context.Context, id string, first fact.Day, segments map[string][]verdict.Day) error {
	people, err := d.complainers(ctx, id)
	if err != nil {
		return err
	}
	for _, p := range people {
		i := int(fact.DayOf(p.At, d.d.Zone) - first)
		for _, s := range p.Segments {
			if days := segments[s]; i >= 0 && i < len(days) {
				days[i].Complained++
			}
		}
	}
	return nil
}
