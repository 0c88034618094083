package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
)

// lessonContent is what somebody learnt from a campaign, so many days before
// now.
type lessonContent struct {
	Campaign string
	Days     int
	By, Text string
}

// makeMarketing changes the rules of campaigns, checks those that are planned,
// and draws a lesson from one that is over.
func (f *founder) makeMarketing() {
	for i := range f.content.Campaigns {
		p, id := &f.content.Campaigns[i], f.campaigns[i].ID
		if p.Changed != nil {
			f.say(f.midnight(p.Changed.Days).Add(changeHour), func(ctx context.Context, s *Stream) error { return changeRules(ctx, s, id, p) })
		}
		if p.FromDays < 0 {
			at := f.midnight(f.content.LaunchDays).Add(15 * time.Hour)
			f.say(at, func(ctx context.Context, s *Stream) error { return checkLaunch(ctx, s, id, p) })
		}
		if l := &f.content.Lesson; l.Campaign == p.Name {
			f.say(f.midnight(l.Days).Add(17*time.Hour), func(ctx context.Context, s *Stream) error { return s.Lessons.Learn(ctx, id, l.Text, 0, l.By) })
		}
	}
}

func changeRules(ctx context.Context, s *Stream, id string, p *campaignContent) error {
	c, err := s.Register.Campaign(ctx, id)
	if err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	c.Rules, c.Copy = p.Changed.Rules, p.Changed.Copy
	_, err = s.Register.Change(ctx, c, p.Owner)
	return err
}

func checkLaunch(ctx context.Context, s *Stream, id string, p *campaignContent) error {
	d, _, err := s.Launch.Campaign(ctx, id)
	if err != nil {
		return fmt.Errorf("campaign: %w", err)
	}
	d.Reach = p.PlannedReach
	_, err = s.Launch.Check(ctx, launch.Ask{Campaign: id, Draft: d, By: p.Owner})
	return err
}
