package main

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web"
	"github.com/qianyi-dev/qianyi/web/console"
)

func (s *stream) figurePages() *console.FiguresDeps {
	return &console.FiguresDeps{Book: s.figures.book, Cases: s.db, CampaignName: s.campaign.Name}
}

func (s *stream) qualityPages(working *calendar.Calendar) *console.QualityDeps {
	return &console.QualityDeps{Book: s.figures.book, Working: working.Working, Events: campaignEvents{s}}
}

func (s *stream) campaignPages() *console.MarketingDeps {
	return &console.MarketingDeps{Desk: s.watch, Cards: s.watch, Register: s.register}
}

func (s *stream) counterPages(finder *customer.Service) *console.CounterDeps {
	return &console.CounterDeps{Desk: s.counter, Finder: finder}
}

func (s *stream) launchPages() *console.LaunchDeps { return &console.LaunchDeps{Desk: s.launch} }

func (s *stream) staffPages() *console.StaffDeps {
	return &console.StaffDeps{Book: s.figures.book, Improvements: s.improve}
}

func (s *stream) reportPages() *console.ReportsDeps {
	return &console.ReportsDeps{Maker: s.maker, Dispatch: s.dispatch, Silence: s.silence}
}

func (s *stream) figureAPI() *web.FiguresDeps {
	return &web.FiguresDeps{Book: s.figures.book, Cases: s.db}
}

func (s *stream) qualityAPI() *web.QualityDeps { return &web.QualityDeps{Book: s.figures.book} }

func (s *stream) campaignAPI() *web.MarketingDeps { return &web.MarketingDeps{Desk: s.watch} }

func (s *stream) counterAPI() *web.CounterDeps { return &web.CounterDeps{Desk: s.counter} }

func (s *stream) launchAPI() *web.LaunchDeps { return &web.LaunchDeps{Desk: s.launch} }

func (s *stream) staffAPI() *web.StaffDeps {
	return &web.StaffDeps{Book: s.figures.book, Improvements: s.improve}
}

func (s *stream) reportAPI() *web.ReportsDeps {
	return &web.ReportsDeps{Maker: s.maker, Silence: s.silence, Names: s.names}
}

// campaignEvents are the campaigns as a calendar shows them.
type campaignEvents struct{ s *stream }

// EventsBetween implements [console.CalendarEvents].
func (e campaignEvents) EventsBetween(ctx context.Context, from, to fact.Day) ([]console.CalendarEvent, error) {
	all, err := e.s.register.List(ctx, campaign.Filter{})
	if err != nil {
		return nil, err
	}
	var events []console.CalendarEvent
	for i := range all {
		c := &all[i]
		if c.From.IsZero() || c.To.IsZero() {
			continue
		}
		first, next := fact.DayOf(c.From, e.s.zone), fact.DayOf(c.To, e.s.zone)+1
		if first < to && next > from {
			events = append(events, console.CalendarEvent{Name: c.Name, From: first, To: next})
		}
	}
	return events, nil
}
