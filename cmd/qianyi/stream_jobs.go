package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
)

// jobs are the scheduled parts.
func (s *stream) jobs() jobs.Stream {
	news := &signalNews{tell: s.tell.campaign, now: s.now}
	return jobs.Stream{
		Attribute: func(ctx context.Context) (string, error) {
			judged, found, err := s.judge.Run(ctx)
			return fmt.Sprintf("judged %d cases, %d of them about a campaign", judged, found), err
		},
		Reach: func(ctx context.Context) (string, error) {
			n, err := s.reaching.Run(ctx)
			return fmt.Sprintf("counted the reach of %d campaigns", n), err
		},
		Figures: s.figures.rollUp,
		Signals: s.figures.whenRead(func(ctx context.Context) (string, error) { return s.signals(ctx, news) }),
		Improvements: func(ctx context.Context) (string, error) {
			n, err := s.improve.Review(ctx)
			reminded, late := s.improve.Remind(ctx)
			return fmt.Sprintf("measured %d improvements, reminded of %d", n, reminded), errors.Join(err, late)
		},
		Reports: func(ctx context.Context) (string, error) {
			n, err := s.dispatch.Send(ctx, s.now())
			return fmt.Sprintf("sent %d reports", n), err
		},
	}
}

// signals judges the complaints and the campaigns, and tells of those whose
// signal has changed.
func (s *stream) signals(ctx context.Context, news *signalNews) (string, error) {
	causes, err := s.watch.JudgeCauses(ctx)
	errs := []error{err}
	changes, err := s.watch.Signals(ctx)
	errs = append(errs, err, news.add(ctx, changes))
	return fmt.Sprintf("%d causes judged, %d signals have changed", causes, len(changes)), errors.Join(errs...)
}

// signalNews tells of changed signals. A change is returned once: what could not
// be told is tried again with the next runs, for a day. It is for one run at a time.
type signalNews struct {
	tell func(context.Context, *watch.Change) error
	now  func() time.Time
	left []watch.Change
}

func (n *signalNews) add(ctx context.Context, changes []watch.Change) error {
	var errs []error
	var left []watch.Change
	for _, c := range append(n.left, changes...) {
		if err := n.tell(ctx, &c); err != nil {
			errs = append(errs, err)
			if n.now().Sub(c.At) < 24*time.Hour {
				left = append(left, c)
			}
		}
	}
	n.left = left
	return errors.Join(errs...)
}
