package outreach

import (
	"context"
	"errors"
	"fmt"

	"github.com/qianyi-dev/qianyi/prevention"
)

// Fate is what a channel knows of a message.
type Fate string

// The fates of a message. FateUnknown settles nothing.
const (
	FateUnknown   Fate = "unknown"
	FateAbsent    Fate = "absent" // never taken
	FateAccepted  Fate = "accepted"
	FateDelivered Fate = "delivered"
	FateFailed    Fate = "failed"
)

// Lookup asks a channel what became of a message.
type Lookup func(ctx context.Context, key, reference string) (Fate, error)

// ReasonAbsent is why a notice failed of which the channel says that it never
// had it: the customer was not told, and is not told later by the machine.
const ReasonAbsent = "absent"

// Reconcile asks the channels that can be asked, by name, about unclear notices,
// and settles those of which they know the end. It returns how many. A channel
// that does not answer is left to the next run; its error is among those
// returned.
func (s *Service) Reconcile(ctx context.Context, lookups map[string]Lookup) (settled int, err error) {
	if len(lookups) == 0 {
		return 0, nil
	}
	q := prevention.NoticeQuery{States: []prevention.NoticeState{prevention.NoticeUnclear}, Limit: batch}
	failed := map[string]error{}
	for {
		page, err := s.d.Notices.Notices(ctx, q)
		if err != nil {
			return settled, fmt.Errorf("outreach: read unclear notices: %w", err)
		}
		for _, n := range page {
			q.After = n.ID
			ask := lookups[n.Channel]
			if ask == nil || failed[n.Channel] != nil {
				continue
			}
			fate, err := ask(ctx, n.Key, n.Reference)
			if err != nil {
				failed[n.Channel] = fmt.Errorf("outreach: ask %s about a notice: %w", n.Channel, err)
				continue
			}
			done, err := s.settle(ctx, n, fate)
			if err != nil {
				return settled, err
			}
			if done {
				settled++
			}
		}
		if len(page) < batch {
			break
		}
	}
	errs := make([]error, 0, len(failed))
	for _, err := range failed {
		errs = append(errs, err)
	}
	return settled, errors.Join(errs...)
}

// settle stores a fate that is an end.
func (s *Service) settle(ctx context.Context, n prevention.Notice, fate Fate) (bool, error) {
	switch fate {
	case FateDelivered:
		n.State, n.Reason, n.SentAt, n.DeliveredAt = prevention.NoticeDelivered, "", n.BegunAt, s.d.Now()
	case FateAccepted:
		n.State, n.Reason, n.SentAt = prevention.NoticeSent, "", n.BegunAt
	case FateFailed:
		n.State, n.Reason = prevention.NoticeFailed, ReasonRejected
	case FateAbsent:
		n.State, n.Reason = prevention.NoticeFailed, ReasonAbsent
	default:
		return false, nil
	}
	done, err := s.d.Outbox.Settle(ctx, n)
	if err != nil {
		return false, fmt.Errorf("outreach: settle notice %d: %w", n.ID, err)
	}
	return done, nil
}
