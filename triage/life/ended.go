package life

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

// Close ends a case like End, and gives the time that it has waited for its
// customer back to its clocks.
func (s *Service) Close(ctx context.Context, d triage.Closing) error {
	_, err := s.change(ctx, d.Complaint, cmp.Or(d.By, "system"), 0, func(c *triage.Case, _ time.Time) (Change, error) {
		return End(s.d.Calendar, *c, d)
	})
	return err
}

// End closes a case in one word, as programs and imports do: the move is close
// where the customer has been asked to confirm, settle before the solution was
// agreed, and refused, CodeConflict, in between. What nobody said is on record as
// unknown. Without a calendar, nil, time spent waiting is not given back.
func End(cal *calendar.Calendar, c triage.Case, d triage.Closing) (Change, error) {
	move := MoveSettle
	if c.Status == triage.StatusConfirming {
		move = MoveClose
	}
	r, err := ruleFor(&c, move)
	if err != nil {
		return Change{}, err
	}
	facts := map[string]string{"resolution": d.Resolution}
	if d.Satisfaction != nil {
		facts["satisfaction"] = strconv.FormatFloat(*d.Satisfaction, 'g', -1, 64)
	}
	cause := c.Work.Cause
	from := c.Status
	apply(cal, &c, r, facts, d.At)
	c.Work.Cause, c.Work.Owner = cause, cmp.Or(c.Work.Owner, d.By)
	if move == MoveSettle {
		facts["cause"] = cmp.Or(string(cause), unknown+" closed without one")
	} else {
		facts["confirmation"] = unknown + " closed without one"
	}
	return entry(&c, Step{Move: move, From: from, By: cmp.Or(d.By, "system"), Facts: facts}, d.At), nil
}
