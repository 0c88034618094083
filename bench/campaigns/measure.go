package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/playback"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const heading = `A complaint outside the incident that names its campaign is about it, and so neither right nor wrong.
company      campaign: complaints of its incident, precision, recall; its first day to the first signal (complaints by then)`

// measure plays a company and prints what was found of each incident, and the
// signals that nothing explains.
func (c *company) measure(ctx context.Context, verbose bool) error {
	found := map[triage.ComplaintID]campaign.Attribution{}
	var changes []watch.Change
	p := playback.Player{
		Tokenizer: segment.Default(), Zone: zone, Customers: c.customers,
		Attributed: func(a campaign.Attribution) error {
			found[a.Complaint] = a
			return nil
		},
		Changed: func(w watch.Change) error {
			changes = append(changes, w)
			return nil
		},
	}
	campaigns := map[string]bool{}
	p.Reach = func(k attribution.Known) error {
		campaigns[k.ID] = true
		return nil
	}
	if err := p.Run(ctx, c.in); err != nil {
		return err
	}
	for i := range c.incidents {
		fmt.Printf("%-12s %s: %s; %s\n", c.name, c.incidents[i].Exposure.Key, c.judge(&c.incidents[i], found, verbose), c.signalled(&c.incidents[i], changes))
	}
	unexplained := 0
	for _, w := range changes {
		if w.Verdict.Signal != verdict.Go && !c.explained(&w) {
			unexplained++
			fmt.Printf("%-12s false: %s %s: %s\n", c.name, w.Day, w.Campaign.ID, w.Verdict.English())
		}
	}
	fmt.Printf("%-12s %d campaigns, %d complaints, %d attributed, %d signals without a cause\n",
		c.name, len(campaigns), len(c.in.Complaints), len(found), unexplained)
	return nil
}

func (c *company) judge(in *incident, found map[triage.ComplaintID]campaign.Attribution, verbose bool) string {
	about := map[triage.ComplaintID]bool{}
	for _, id := range in.About {
		about[id] = true
	}
	right, wrong := 0, 0
	for i := range c.in.Complaints {
		k := &c.in.Complaints[i]
		a, ok := found[k.ID]
		is := ok && a.Campaign == in.Exposure.Key
		switch {
		case is && about[k.ID]:
			right++
		case is && !strings.Contains(k.Text, in.Exposure.Key):
			wrong++
			if verbose {
				fmt.Printf("  wrong: %s %.2f %v: %s\n", a.Basis, a.Score, a.Evidence, k.Text)
			}
		case about[k.ID] && verbose:
			fmt.Printf("  missed: %s\n", k.Text)
		}
	}
	return fmt.Sprintf("%d, %.2f, %.2f", len(about), float64(right)/float64(right+wrong), float64(right)/float64(len(about)))
}

// began is when an incident began.
func (c *company) began(in *incident) time.Time { return (c.start + fact.Day(in.From)).In(zone) }

// signalled says when the campaign of an incident got its first signal.
func (c *company) signalled(in *incident, changes []watch.Change) string {
	first := c.began(in)
	for _, w := range changes {
		if w.Campaign.ID != in.Exposure.Key || w.Verdict.Signal == verdict.Go || w.At.Before(first) {
			continue
		}
		known := 0
		for i := range c.in.Complaints {
			k := &c.in.Complaints[i]
			for _, id := range in.About {
				if id == k.ID && !k.At.After(w.At) {
					known++
				}
			}
		}
		const day = 24 * time.Hour
		return fmt.Sprintf("%s by %s after %.1f days (%d)", w.Verdict.Signal, w.Verdict.Why, float64(w.At.Sub(first))/float64(day), known)
	}
	return "no signal"
}

// explained says whether a campaign had an incident by then.
func (c *company) explained(w *watch.Change) bool {
	for i := range c.incidents {
		if in := &c.incidents[i]; in.Exposure.Key == w.Campaign.ID && !w.At.Before(c.began(in)) {
			return true
		}
	}
	return false
}
