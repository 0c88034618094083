package main

import (
	"context"
	"log/slog"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// scores tells customer care of the scores that come with the end of a case:
// surveys tell of theirs themselves. The score is stored already; what should
// follow from it does not undo the end of the case, so a failure is logged, and
// the job makes up for it (customer.Service.CatchUp).
type scores struct {
	customers *customer.Service
	log       *slog.Logger
}

func (s scores) note(ctx context.Context, c *triage.Case, by string) {
	if c.Satisfaction == nil {
		return
	}
	err := s.customers.Scored(ctx, customer.Score{
		Case: c.ID, Customer: c.CustomerID, Score: *c.Satisfaction, At: c.ClosedAt, By: by,
	})
	if err != nil {
		s.log.WarnContext(ctx, "nothing follows from a score yet", "complaint_id", c.ID, "err", err)
	}
}

// scoringDesk is [life.Service] with customer care behind it.
type scoringDesk struct {
	*life.Service
	scores
}

// Move moves a case and tells of the score that came with it.
func (d scoringDesk) Move(ctx context.Context, o life.Order) (triage.Case, error) {
	c, err := d.Service.Move(ctx, o)
	if err == nil && o.Facts["satisfaction"] != "" {
		d.note(ctx, &c, o.By)
	}
	return c, err
}

// scoringService is [triage.Service] with customer care behind it.
type scoringService struct {
	*triage.Service
	scores
}

// Close closes a case and tells of the score that came with it.
func (s scoringService) Close(ctx context.Context, d triage.Closing) (triage.Case, error) {
	c, err := s.Service.Close(ctx, d)
	if err == nil && d.Satisfaction != nil {
		s.note(ctx, &c, d.By)
	}
	return c, err
}
