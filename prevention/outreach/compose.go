package outreach

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// composer writes messages. It is read-only.
type composer struct {
	policy   *Policy
	zone     *time.Location
	channels map[string]prevention.Channel
}

func newComposer(p *Policy, zone *time.Location, channels []prevention.Channel) *composer {
	c := &composer{policy: p, zone: zone, channels: make(map[string]prevention.Channel, len(channels))}
	for _, ch := range channels {
		c.channels[ch.Name] = ch
	}
	return c
}

// addressOf returns what the channel needs of the customer, "" without it.
func addressOf(ch *prevention.Channel, c *triage.Customer) string {
	switch ch.Address {
	case prevention.AddressPhone:
		return c.Phone.Reveal()
	case prevention.AddressEmail:
		if email := c.Email.Reveal(); strings.Contains(email, "@") {
			return email
		}
		return ""
	case prevention.AddressCustomer:
		return string(c.ID)
	}
	return ""
}

// route returns the channel for the next attempt and whether another one is
// left after it. A channel that may have taken the message is kept, whatever
// the customer file says by now. Ok is false when no channel is left.
func (w *composer) route(order []string, n *prevention.Notice, c *triage.Customer) (ch prevention.Channel, more, ok bool) {
	if doubtful(n) {
		ch, ok = w.channels[n.Channel]
		return ch, false, ok && slices.Contains(order, n.Channel)
	}
	left := order
	if i := slices.Index(order, n.Channel); i >= 0 {
		left = order[i:]
		if n.Reason == ReasonRejected || n.Reason == ReasonExhausted {
			left = order[i+1:]
		}
	}
	var usable []prevention.Channel
	for _, name := range left {
		if ch, known := w.channels[name]; known && addressOf(&ch, c) != "" {
			usable = append(usable, ch)
		}
	}
	if len(usable) == 0 {
		return prevention.Channel{}, false, false
	}
	return usable[0], len(usable) > 1, true
}

// message writes what the customer gets by the channel. The error is a
// *missingError.
func (w *composer) message(t prevention.Template, ch *prevention.Channel, name string, c *triage.Customer, e *triage.Exposure) (prevention.Message, error) {
	vars := values(name, c, e, w.zone)
	subject, errSubject := render(t.Subject, vars)
	text, errText := render(t.Text, vars)
	if err := errors.Join(errText, errSubject); err != nil {
		return prevention.Message{}, err
	}
	return prevention.Message{
		To:      addressOf(ch, c),
		Subject: subject,
		Text:    w.policy.dress(text, ch.Address),
		Vars:    vars,
	}, nil
}

// keyOf is the idempotency key of a notice on a channel: the same for every
// attempt, in every process, and even when the database was restored from a
// backup in between.
func keyOf(n *prevention.Notice, channel string) string {
	sum := sha256.Sum256([]byte(string(n.Cause) + "\x00" + string(n.Customer) + "\x00" + channel))
	return "qy-" + hex.EncodeToString(sum[:16])
}

// reasonFor turns an error of message into a reason.
func reasonFor(err error) string {
	if missing, ok := errors.AsType[*missingError](err); ok {
		return ReasonNoValue + missing.variable
	}
	return ReasonNoValue
}
