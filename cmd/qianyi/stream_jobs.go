package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/jobs"
)

// jobs are the scheduled parts.
func (s *stream) jobs() jobs.Stream {
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
		Signals: s.signals,
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
func (s *stream) signals(ctx context.Context) (string, error) {
	causes, err := s.watch.JudgeCauses(ctx)
	errs := []error{err}
	changes, err := s.watch.Signals(ctx)
	errs = append(errs, err)
	for i := range changes {
		errs = append(errs, s.tell.campaign(ctx, &changes[i]))
	}
	return fmt.Sprintf("%d causes judged, %d signals have changed", causes, len(changes)), errors.Join(errs...)
}
