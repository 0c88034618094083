package fact

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// flagsOf finds what a case has. Clocks that have been moved by waiting for the
// customer count as they are now; a case without a clock, or whose source did
// not say when something happened, is late with nothing.
func flagsOf(s *Source) Flags {
	c, w := &s.Case, &s.Case.Work
	var f Flags
	set := func(flag Flags, is bool) {
		if is {
			f |= flag
		}
	}
	set(Repeat, c.Predecessor != "")
	set(Reopened, w.Reopened > 0)
	set(Ended, c.Status == triage.StatusClosed || c.Status == triage.StatusCalledBack)
	set(Withdrawn, c.Status == triage.StatusWithdrawn || c.Status == triage.StatusMerged)
	set(LateResponse, missed(w.Clocks.RespondBy, w.RespondedAt))
	set(LateVerify, missed(w.Clocks.VerifyBy, w.VerifiedAt))
	set(LateResolve, missed(w.Clocks.ResolveBy, c.ClosedAt))
	set(NeedsReview, c.Assessment.NeedsReview && c.Type == "")
	set(Labelled, c.Type != "")
	suggested := s.Suggested
	if suggested == "" {
		suggested = c.Assessment.Type
	}
	set(Corrected, c.Type != "" && c.Type != suggested)
	for _, r := range s.Reasons {
		f |= reasonFlags[r]
	}
	return f | EscalationsIn(c.Body()) | s.Kept.Escalations
}

func missed(by, at time.Time) bool { return !by.IsZero() && at.After(by) }

// reasonFlags are the flags of the reasons for not being satisfied.
var reasonFlags = map[survey.Reason]Flags{
	survey.ReasonSlow:     Slow,
	survey.ReasonSolution: BadSolution,
	survey.ReasonAttitude: BadAttitude,
	survey.ReasonOther:    OtherReason,
}
