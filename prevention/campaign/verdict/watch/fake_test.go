package watch_test

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// company is a store in memory.
type company struct {
	campaigns   []triage.Campaign
	reach       map[string][]campaign.Reach
	complainers map[string][]watch.Complainer
	reaction    campaign.Reaction
	told        []watch.Told
	unread      []watch.Unread
	causes      map[triage.ComplaintID]card.Judged
	lessons     []card.Lesson
	assumed     card.Assumptions
	trail       []triage.AuditEntry
	broken      error // keeps signals from being stored
}

func (c *company) List(_ context.Context, f campaign.Filter) ([]triage.Campaign, error) {
	var list []triage.Campaign
	for i := range c.campaigns {
		if f.State == "" || campaign.StateAt(&c.campaigns[i], f.Now) == f.State {
			list = append(list, c.campaigns[i])
		}
	}
	return list, nil
}

func (c *company) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	for i := range c.campaigns {
		if c.campaigns[i].ID == id {
			return c.campaigns[i], nil
		}
	}
	return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "no campaign %s", id)
}

func (c *company) Reached(context.Context) (map[string]int, error) {
	reached := map[string]int{}
	for id, list := range c.reach {
		for _, r := range list {
			if r.Segment == "" {
				reached[id] += r.Customers
			}
		}
	}
	return reached, nil
}

func (c *company) ReachOf(_ context.Context, id string) ([]campaign.Reach, error) {
	return c.reach[id], nil
}

func (c *company) Reactions(context.Context, string, time.Time, time.Time) (campaign.Reaction, error) {
	return c.reaction, nil
}

func (c *company) Complainers(_ context.Context, id string) ([]watch.Complainer, error) {
	return c.complainers[id], nil
}

func (c *company) Departures(context.Context, string) (card.Departures, error) {
	return card.Departures{Reached: 100, ReachedOut: 7, Others: 1000, OthersOut: 20}, nil
}

func (c *company) CustomerCount(context.Context) (int, error) { return 40_000, nil }

func (c *company) LatestSignals(context.Context) (map[string]watch.Told, error) {
	last := map[string]watch.Told{}
	for _, t := range c.told {
		if t.Day >= last[t.Campaign].Day {
			last[t.Campaign] = t
		}
	}
	return last, nil
}

func (c *company) SignalsOf(_ context.Context, id string, _ int) ([]watch.Told, error) {
	var list []watch.Told
	for _, t := range c.told {
		if t.Campaign == id {
			list = append([]watch.Told{t}, list...)
		}
	}
	return list, nil
}

func (c *company) RecordSignals(_ context.Context, told []watch.Told) error {
	if c.broken != nil {
		return c.broken
	}
	c.told = append(c.told, told...)
	return nil
}

func (c *company) CauseCounts(context.Context, string) ([]card.CauseCount, error) {
	return []card.CauseCount{{Cause: card.Changing, Count: 2}}, nil
}

func (c *company) Lessons(context.Context, string) ([]card.Lesson, error) { return c.lessons, nil }

func (c *company) PutLesson(_ context.Context, l card.Lesson, e triage.AuditEntry) error {
	c.lessons, c.trail = append(c.lessons, l), append(c.trail, e)
	return nil
}

func (c *company) CostAssumptions(context.Context) (card.Assumptions, error) {
	return card.Assumed(), nil
}

func (c *company) PutCostAssumptions(_ context.Context, a card.Assumptions, e triage.AuditEntry) error {
	c.assumed, c.trail = a, append(c.trail, e)
	return nil
}

func (c *company) Unjudged(context.Context, int) ([]watch.Unread, error) {
	unread := c.unread
	c.unread = nil
	return unread, nil
}

func (c *company) RecordCauses(_ context.Context, judged []card.Judged, _ time.Time) error {
	for _, j := range judged {
		c.causes[j.Complaint] = j
	}
	return nil
}

func (c *company) CausesOf(context.Context, []triage.ComplaintID) (map[triage.ComplaintID]card.Judged, error) {
	return c.causes, nil
}

func (c *company) CorrectCause(_ context.Context, j card.Judged, e triage.AuditEntry) error {
	c.causes[j.Complaint], c.trail = j, append(c.trail, e)
	return nil
}

// desk is a Desk over a company whose clock stands at the end of a day.
func desk(c *company, book *fact.Book, day *fact.Day) *watch.Desk {
	return watch.New(watch.Deps{
		Register: c, Book: book, Reach: c, People: c, Signals: c, Cards: c, Causes: c, Reactions: c, Zone: time.UTC,
		Now: func() time.Time { return day.Time().Add(23 * time.Hour) },
	})
}
