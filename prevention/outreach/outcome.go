package outreach

import (
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/qianyi-dev/qianyi/prevention"
)

// maxRetryAfter bounds what a channel may ask for.
const maxRetryAfter = 24 * time.Hour

// attempted is one attempt that has come to an end.
type attempted struct {
	notice  prevention.Notice // as it was while sending
	channel *prevention.Channel
	more    bool // another channel is left
	receipt prevention.Receipt
	err     error
	at      time.Time
}

// after decides what becomes of a notice: pure but for the jitter.
func (p *Policy) after(a attempted) prevention.Notice {
	n := a.notice
	switch outcomeOf(a.err) {
	case "":
		n.State, n.Reason, n.Reference, n.SentAt = prevention.NoticeSent, "", a.receipt.Reference, a.at
		return n
	case prevention.OutcomeRejected:
		return p.leaveChannel(a, ReasonRejected)
	case prevention.OutcomeRetry:
		if n.Attempts >= p.MaxAttempts {
			return p.leaveChannel(a, ReasonExhausted)
		}
		if !doubtful(&n) {
			n.Reason = ReasonRetry
		}
	default:
		n.Reason = ReasonUnknown
		if !a.channel.Idempotent || n.Attempts >= p.MaxAttempts {
			return end(n, prevention.NoticeUnclear, ReasonUnknown)
		}
	}
	n.State = prevention.NoticeQueued
	n.NextAt = a.at.Add(max(p.interval(n.Attempts), retryAfter(a.err)))
	return n
}

// leaveChannel ends the notice, or passes it on to the next channel with a new
// count of attempts.
func (p *Policy) leaveChannel(a attempted, reason string) prevention.Notice {
	n := a.notice
	if !a.more {
		return end(n, prevention.NoticeFailed, reason)
	}
	n.State, n.Reason, n.NextAt, n.Attempts = prevention.NoticeQueued, reason, a.at, 0
	return n
}

// outcomeOf classifies the error of a channel. One that does not say may have
// been taken.
func outcomeOf(err error) prevention.Outcome {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*prevention.SendError](err); ok {
		return e.Outcome
	}
	return prevention.OutcomeUnknown
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*prevention.SendError](err); ok {
		return min(e.RetryAfter, maxRetryAfter)
	}
	return 0
}

// interval is how long to wait after so many attempts, from 1: exponential,
// with half of it random in both directions, so that the notices of an outage
// do not come back all at once.
func (p *Policy) interval(attempts int) time.Duration {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = p.Backoff, p.BackoffMax, 3
	b.Reset()
	var d time.Duration
	for range attempts {
		d = b.NextBackOff()
	}
	return d
}
