package customer

import (
	"context"

	"github.com/qianyi-dev/qianyi/triage"
)

// window is how many changes of cases are looked through at once.
const window = 1000

// CatchUp is a job: it does what should have followed from scores that came with
// the end of a case, and from cases whose customer a person has to choose, where
// the process that stored them died before. It returns how many scores and cases
// it looked at. All of it may be repeated: what was followed already changes
// nothing.
func (s *Service) CatchUp(ctx context.Context) (seen int, err error) {
	through, last, err := s.d.Store.CaughtUp(ctx)
	for err == nil && through < last {
		to := min(through+window, last)
		var n int
		n, err = s.catchUp(ctx, through, to)
		seen += n
		if err == nil {
			err = s.d.Store.SetCaughtUp(ctx, to)
		}
		through = to
	}
	return seen, err
}

// catchUp follows the changes after < change <= to.
func (s *Service) catchUp(ctx context.Context, after, to int64) (seen int, err error) {
	scores, err := s.d.Store.ScoredCases(ctx, after, to)
	if err != nil {
		return 0, err
	}
	for _, score := range scores {
		score.By = systemActor
		switch err := s.Scored(ctx, score); {
		case err == nil:
		case ctx.Err() != nil || triage.CodeOf(err) == triage.CodeUnavailable:
			return 0, err
		default: // one score must not keep the others waiting
			s.d.Log.ErrorContext(ctx, "customer: a score cannot be followed up", "complaint_id", score.Case, "err", err)
		}
	}
	unnamed, err := s.d.Store.UnnamedCases(ctx, after, to)
	if err != nil || len(unnamed) == 0 {
		return len(scores), err
	}
	return len(scores) + len(unnamed), s.Recogniser().Doubt(ctx, unnamed)
}
