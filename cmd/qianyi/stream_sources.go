package main

import (
	"context"
	"net/url"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/silence"
)

func improvementPath(id int64) string { return "/improvements/" + strconv.FormatInt(id, 10) }

// reportActions tells reports of the improvements that are open, or were done in
// the four weeks before the end of the week.
func reportActions(s *improve.Service) func(context.Context, report.Scope) ([]report.Action, error) {
	return func(ctx context.Context, scope report.Scope) ([]report.Action, error) {
		all, err := s.List(ctx, improve.Filter{Department: scope.Department})
		if err != nil {
			return nil, err
		}
		_, next := scope.Week.Days()
		list := []report.Action{}
		for i := range all {
			a := &all[i]
			done := a.Done != 0 && a.Done < next && a.Done >= next-4*7
			if done || a.Status.Open() {
				list = append(list, reportAction(a))
			}
		}
		return list, nil
	}
}

func reportAction(a *improve.Improvement) report.Action {
	r := report.Action{Title: a.Title, Link: improvementPath(a.ID)}
	if a.Due != 0 {
		r.DueAt = a.Due.Time()
	}
	if a.Done != 0 {
		r.DoneAt = a.Done.Time()
	}
	if e := a.Effect; e != nil {
		r.Effect = &report.Effect{
			Prevented: e.Avoided, Low: e.AvoidedLow, High: e.AvoidedHigh,
			Early: e.Verdict == improve.TooEarly, Link: r.Link,
		}
	}
	return r
}

// reportCampaigns tells reports of the running campaigns that should not go on
// as they are.
func reportCampaigns(d *watch.Desk) func(context.Context, report.Scope) ([]report.Signal, error) {
	return func(ctx context.Context, scope report.Scope) ([]report.Signal, error) {
		all, err := d.Standings(ctx, campaign.Filter{State: campaign.Running, Department: scope.Department})
		if err != nil {
			return nil, err
		}
		list := []report.Signal{}
		for i := range all {
			s := &all[i]
			list = append(list, report.Signal{
				Title: s.Campaign.Name, Link: "/campaigns/" + url.PathEscape(s.Campaign.ID), Advice: string(s.Told.Verdict.Signal),
				Rate: s.Told.Verdict.Rate.Value, Low: s.Told.Verdict.Rate.Low, High: s.Told.Verdict.Rate.High,
			})
		}
		return list, nil
	}
}

// silenceImprovements are the complaints that finished improvements have spared,
// those without a proven effect left out.
func silenceImprovements(s *improve.Service) silence.Source {
	return func(ctx context.Context) ([]silence.Prevented, error) {
		all, err := s.List(ctx, improve.Filter{Measured: true})
		if err != nil {
			return nil, err
		}
		var list []silence.Prevented
		for i := range all {
			if e := all[i].Effect; e.Verdict == improve.Works {
				list = append(list, silence.Prevented{
					Name: all[i].Title, Link: improvementPath(all[i].ID), Value: e.Avoided, Low: e.AvoidedLow, High: e.AvoidedHigh,
				})
			}
		}
		return list, nil
	}
}

// together joins sources into one.
func together(sources ...silence.Source) silence.Source {
	return func(ctx context.Context) ([]silence.Prevented, error) {
		var all []silence.Prevented
		for _, source := range sources {
			part, err := source(ctx)
			if err != nil {
				return nil, err
			}
			all = append(all, part...)
		}
		return all, nil
	}
}
