package life

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// SetSatisfaction stores a customer's score, 0 to 100, told after the end of
// the case. One outside that is CodeInvalid; the same one again changes nothing.
func (s *Service) SetSatisfaction(ctx context.Context, id triage.ComplaintID, score float64, by string) error {
	if math.IsNaN(score) || score < 0 || score > 100 {
		return triage.FieldErrorf("satisfaction", "%v is outside 0..100", score)
	}
	c, err := s.d.Store.Case(ctx, id)
	if err != nil || c.Satisfaction != nil && *c.Satisfaction == score {
		return err
	}
	_, err = s.change(ctx, id, by, 0, func(c *triage.Case, now time.Time) (Change, error) {
		c.Satisfaction = &score
		facts := map[string]string{"satisfaction": strconv.FormatFloat(score, 'g', -1, 64)}
		return entry(c, Step{Move: MoveScore, By: by, Facts: facts}, now), nil
	})
	return err
}
