package life

import (
	"cmp"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
)

// End closes a case in one word, as programs and imports do: the move is close
// where the customer has been asked to confirm, settle before the solution was
// agreed, and refused, CodeConflict, in between. What nobody said is on record as
// unknown.
func End(c triage.Case, d triage.Closing) (Change, error) {
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
	apply(nil, &c, r, facts, d.At)
	c.Work.Cause, c.Work.Owner = cause, cmp.Or(c.Work.Owner, d.By)
	if move == MoveSettle {
		facts["cause"] = cmp.Or(string(cause), unknown+" closed without one")
	} else {
		facts["confirmation"] = unknown + " closed without one"
	}
	return entry(&c, Step{Move: move, From: from, By: cmp.Or(d.By, "system"), Facts: facts}, d.At), nil
}
