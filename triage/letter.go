package triage

import "context"

// Letter is one message to one customer that a person or an agreed rule sends:
// a reply, a request for information, a survey.
type Letter struct {
	// Key is the same for every attempt to send it: at most 64 ASCII characters.
	Key string
	// Phone and Email are where the customer can be reached; either may be "".
	Phone   Phone
	Email   Email
	Subject string
	Text    string
}

// Postman sends letters.
type Postman interface {
	// Send takes the first configured channel that reaches the customer and
	// returns its name. CodeInvalid means that no channel does, or that the one
	// that does refused it for good; CodeUnavailable, that it may be tried again
	// later under the same key; CodeConflict, that it may have gone out: a
	// program must not send it again.
	Send(ctx context.Context, l Letter) (channel string, err error)
}
