package main

import (
	"context"
	"errors"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

var _ triage.Postman = postman(nil)

// postman sends letters over the channels to customers, the first that fits
// first.
type postman []prevention.Channel

// Send implements [triage.Postman].
func (p postman) Send(ctx context.Context, l triage.Letter) (string, error) {
	for _, ch := range p {
		to := ""
		switch ch.Address {
		case prevention.AddressEmail:
			to = l.Email.Reveal()
		case prevention.AddressPhone:
			to = l.Phone.Reveal()
		}
		if to == "" {
			continue
		}
		_, err := ch.Sender.Send(ctx, prevention.Message{Key: l.Key, To: to, Subject: l.Subject, Text: l.Text})
		return ch.Name, sendFailure(ch, err)
	}
	return "", triage.Errorf(triage.CodeInvalid, "no channel reaches this customer: there is no phone or e-mail address, or no channel for it")
}

// sendFailure gives the outcomes of an attempt their codes.
func sendFailure(ch prevention.Channel, err error) error {
	if err == nil {
		return nil
	}
	failure := &triage.Error{Code: triage.CodeUnavailable, Message: "channel " + ch.Name + " does not take the letter now; try again later", Err: err}
	if e, ok := errors.AsType[*prevention.SendError](err); ok {
		switch {
		case e.Outcome == prevention.OutcomeRejected:
			failure.Code, failure.Message = triage.CodeInvalid, "channel "+ch.Name+" refuses the letter"
		case e.Outcome == prevention.OutcomeUnknown && !ch.Idempotent:
			failure.Code, failure.Message = triage.CodeConflict, "channel "+ch.Name+" may or may not have taken the letter; ask the customer before repeating it"
		}
	}
	return failure
}
