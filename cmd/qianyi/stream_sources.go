package main

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/silence"
)

func improvementPath(id int64) string { return "/improvements/" + strconv.FormatInt(id, 10) }

// reportActions tells reports of the improvements that are open, or were done in
// the weeks before the end of the week in which their effect becomes known.
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
			done := a.Done != 0 && a.Done < next && a.Done >= next-reportedWeeks*7
			if done || a.Status.Open() {
				list = append(list, reportAction(a))
			}
		}
		return list, nil
	}
}

// reportedWeeks is how long a finished improvement is told of. Its effect is
// judged for the last time after one week to reach customers and twelve to count.
const reportedWeeks = 15

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
			Early: e.Verdict == improve.TooEarly || e.Verdict == improve.TooFew, Link: r.Link,
		}
	}
	return r
}

// reportCampaigns tells reports of the last week of the running campaigns that
// should not go on as they are. Of an older week nobody knows any more which ran.
func reportCampaigns(d standings, zone *time.Location, now func() time.Time) func(context.Context, report.Scope) ([]report.Signal, error) {
	return func(ctx context.Context, scope report.Scope) ([]report.Signal, error) {
		if scope.Week != report.LastWeek(now(), zone) {
			return nil, nil
		}
		all, err := d.Standings(ctx, campaign.Filter{State: campaign.Running, Department: scope.Department})
		if err != nil {
			return nil, err
		}
		list := []report.Signal{}
		for i := range all {
			s := &all[i]
			r := reportSignal(&s.Told.Verdict)
			r.Title, r.Link = s.Campaign.Name, "/campaigns/"+url.PathEscape(s.Campaign.ID)
			list = append(list, r)
		}
		return list, nil
	}
}

type standings interface {
	Standings(ctx context.Context, f campaign.Filter) ([]watch.Standing, error)
}

// reportSignal is what a signal rests on: a share, or the rate that it is about
// beside the one that it is compared with.
func reportSignal(v *verdict.Verdict) report.Signal {
	r := report.Signal{Advice: string(v.Signal)}
	rate := v.Rate
	switch {
	case v.Why == verdict.WhyEscalated:
		r.Why, r.Share = "escalated", float64(v.Escalated)/float64(max(v.Complaints, 1))
	case v.Why == verdict.WhyUnwelcome:
		r.Why, r.Share = "unwelcome", float64(v.Unwelcome)/float64(max(v.Contacts, 1))
	case v.Why == verdict.WhyAbove:
		r.Usual = v.SimilarRate.Value
	case v.Since != 0:
		rate, r.Usual = v.Recent, before(v.Recent, v.Own)
	case v.Segment != "":
		rate, r.Usual = v.SegmentRate, before(v.SegmentRate, v.Rest)
	default:
		r.Usual = v.SimilarRate.Value
	}
	r.Rate, r.Low, r.High = rate.Value, rate.Low, rate.High
	return r
}

// before is the rate that another one is so many times as high as.
func before(rate verdict.Rate, times verdict.Ratio) float64 {
	if times.Value <= 0 {
		return 0
	}
	return rate.Value / times.Value
}

// silenceImprovements are the complaints that finished improvements have spared
// or brought about, those without a proven effect left out.
func silenceImprovements(s *improve.Service) silence.Source {
	return func(ctx context.Context) ([]silence.Prevented, error) {
		all, err := s.List(ctx, improve.Filter{Measured: true})
		if err != nil {
			return nil, err
		}
		var list []silence.Prevented
		for i := range all {
			if e := all[i].Effect; e.Verdict == improve.Works || e.Verdict == improve.Worse {
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
