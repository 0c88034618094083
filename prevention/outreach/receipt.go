package outreach

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Delivered stores what a channel reports of messages it took, in any order
// and any number of times. Unknown counts the reports about messages that
// nobody sent by the channel, or whose sending is not stored yet: a gateway
// that asks again should be asked to repeat them.
func (s *Service) Delivered(ctx context.Context, channel string, list []prevention.Delivery) (unknown int, err error) {
	for _, d := range list {
		if d.At.IsZero() {
			d.At = s.d.Now()
		}
		d.Reason = discreet(d.Reason)
		known, err := s.d.Notices.Delivered(ctx, channel, d)
		if err != nil {
			return unknown, fmt.Errorf("outreach: store delivery report: %w", err)
		}
		if !known {
			unknown++
		}
	}
	return unknown, nil
}

// maxReason bounds the words of a gateway, in runes.
const maxReason = 60

// personal is what in the words of a gateway could be a telephone or an address.
var personal = regexp.MustCompile(`\d{7,}|\S+@\S+`)

// discreet is why a message was not delivered, without whom it was for.
func discreet(reason string) string {
	reason = personal.ReplaceAllString(strings.Join(strings.Fields(reason), " "), "***")
	return string([]rune(reason)[:min(maxReason, utf8.RuneCountInString(reason))])
}

// Replied takes what customers answered. A wish not to be told any more holds
// for the address, also when it is of no known customer, and for everybody in
// the customer file who has it, by whatever channel. Repeating it changes
// nothing.
func (s *Service) Replied(ctx context.Context, list []prevention.Reply) error {
	for _, r := range list {
		if err := s.replied(ctx, r); err != nil {
			return fmt.Errorf("outreach: store reply: %w", err)
		}
	}
	return nil
}

func (s *Service) replied(ctx context.Context, r prevention.Reply) error {
	from := strings.TrimSpace(r.From)
	if from == "" {
		return triage.FieldErrorf("from", "回复没有号码或地址")
	}
	if r.At.IsZero() {
		r.At = s.d.Now()
	}
	customers, err := s.d.Guards.CustomersAt(ctx, from)
	if err != nil {
		return err
	}
	if WantsOut(r.Text) {
		// The address first: it alone keeps the notices from going out.
		if err := s.d.Guards.Suppress(ctx, prevention.Suppression{Address: from, Reason: "reply", At: r.At, By: "customer"}); err != nil {
			return err
		}
		for _, id := range customers {
			if err := s.d.Guards.Suppress(ctx, prevention.Suppression{Customer: id, Reason: "reply", At: r.At, By: "customer"}); err != nil {
				return err
			}
		}
	}
	for _, id := range customers {
		if err := s.d.Notices.Answered(ctx, id, r.At); err != nil {
			return err
		}
	}
	return nil
}
