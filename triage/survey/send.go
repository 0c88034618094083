package survey

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// settleStranded counts the letters of processes that died as sent: they may
// have been.
func (s *Service) settleStranded(ctx context.Context, n *Counts) error {
	now := s.d.Now()
	left, err := s.d.Store.Stranded(ctx, now.Add(-lease), batch)
	if err != nil {
		return err
	}
	for i := range left {
		sv := &left[i]
		sv.Unclear = true
		s.sent(sv, sv.BegunAt)
		if _, err := s.d.Store.Settle(ctx, *sv); err != nil {
			return err
		}
		n.Unclear++
	}
	return nil
}

// sendDue does what is due, until nothing is, quiet hours come or the channels
// have failed too often.
func (s *Service) sendDue(ctx context.Context, key []byte, n *Counts) error {
	for ctx.Err() == nil {
		due, err := s.d.Store.Due(ctx, s.d.Now(), batch)
		if err != nil || len(due) == 0 {
			return err
		}
		for i := range due {
			if n.Deferred >= maxDeferred || s.d.Quiet != nil && s.d.Quiet(s.d.Now()) {
				return nil
			}
			if err := s.next(ctx, key, &due[i], n); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// next takes one survey one step further: its invitation, a reminder, the
// call-back task, the end.
func (s *Service) next(ctx context.Context, key []byte, sv *Survey, n *Counts) error {
	now := s.d.Now()
	switch {
	case !now.Before(sv.ExpiresAt):
		sv.State, sv.NextAt = StateExpired, time.Time{}
		n.Expired++
	case sv.Letters <= s.d.Config.MaxReminders:
		return s.write(ctx, key, sv, n)
	default:
		if err := s.call(ctx, sv, n); err != nil {
			return err
		}
		sv.NextAt = sv.ExpiresAt
	}
	_, err := s.d.Store.Settle(ctx, *sv)
	return err
}

// write sends the next letter of a survey.
func (s *Service) write(ctx context.Context, key []byte, sv *Survey, n *Counts) error {
	c, err := s.d.Cases.Case(ctx, sv.Case)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return s.give(ctx, sv, n)
	}
	if err != nil {
		return err
	}
	if c.Status.Open() || !c.ClosedAt.Equal(sv.ClosedAt) || c.Satisfaction != nil { // taken up again, or scored, meanwhile
		return s.give(ctx, sv, n)
	}
	to, err := s.d.Store.Address(ctx, sv.Case)
	if err != nil {
		return err
	}
	barred, err := s.barred(ctx, []Candidate{to})
	if err != nil {
		return err
	}
	if addressee(key, &to) == "" || barred[0] {
		return s.give(ctx, sv, n)
	}
	now := s.d.Now()
	if mine, err := s.d.Store.Begin(ctx, *sv, now); err != nil || !mine {
		return err
	}
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	channel, err := s.d.Postman.Send(sending, s.letter(key, sv, &to, c.Product))
	cancel()
	sv.Letters, sv.BegunAt = sv.Letters+1, now
	return s.settle(ctx, sv, channel, err, n)
}

// give ends a survey that no letter can reach.
func (s *Service) give(ctx context.Context, sv *Survey, n *Counts) error {
	sv.State, sv.NextAt = StateFailed, time.Time{}
	n.Failed++
	_, err := s.d.Store.Settle(ctx, *sv)
	return err
}

// settle stores the end of an attempt. It has to be stored although the caller
// is about to stop: what was sent stays sent.
func (s *Service) settle(ctx context.Context, sv *Survey, channel string, failure error, n *Counts) error {
	ctx = context.WithoutCancel(ctx)
	now := s.d.Now()
	switch triage.CodeOf(failure) {
	case triage.CodeInvalid:
		return s.give(ctx, sv, n)
	case triage.CodeUnavailable:
		sv.Letters--
		sv.NextAt = now.Add(retry)
		n.Deferred++
		_, err := s.d.Store.Settle(ctx, *sv)
		return err
	case "":
		sv.Channel = channel
	default:
		s.d.Log.Warn("survey: a letter may not have gone out; it is not sent again", "survey", sv.ID, "err", failure)
		sv.Unclear = true
		n.Unclear++
	}
	if sv.Letters > 1 {
		n.Reminded++
	} else {
		n.Invited++
	}
	s.sent(sv, now)
	_, err := s.d.Store.Settle(ctx, *sv)
	return err
}

// sent notes that a letter went out, or may have, at a time.
func (s *Service) sent(sv *Survey, at time.Time) {
	sv.State, sv.NextAt = StateSent, at.Add(s.d.Config.RemindAfter)
	if sv.SentAt.IsZero() {
		sv.SentAt = at
	}
	if sv.NextAt.After(sv.ExpiresAt) {
		sv.NextAt = sv.ExpiresAt
	}
}

// call opens the call-back task of a high or VIP customer who did not answer.
func (s *Service) call(ctx context.Context, sv *Survey, n *Counts) error {
	if sv.Customer == "" {
		return nil
	}
	person, err := s.d.Care.Person(ctx, sv.Customer)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if person.Tier != triage.TierVIP && person.Tier != triage.TierHigh {
		return nil
	}
	t, err := s.d.Care.CallBack(ctx, sv.Case, "")
	if triage.CodeOf(err) == triage.CodeNotFound {
		return nil
	}
	if err == nil && t.ID != 0 {
		n.Called++
	}
	return err
}
