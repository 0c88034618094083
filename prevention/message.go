package prevention

import (
	"context"
	"fmt"
	"time"
)

// Message is one notice on its way to one customer, or one alarm to a team.
type Message struct {
	// Key is the same for every attempt of the same notice: at most 64 ASCII
	// characters.
	Key string
	// To is what the channel needs: a phone, an address, the name of a robot.
	To      string
	Subject string
	Text    string
	// Vars made Text, for gateways that keep templates of their own.
	Vars map[string]string
}

// Receipt is the word of a channel that it took a message. Reference is the
// channel's own id, "" when it has none.
type Receipt struct{ Reference string }

// Sender sends one message. An error is a *SendError.
type Sender interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Address is what a channel needs of a customer.
type Address string

// The addresses of channels.
const (
	AddressPhone    Address = "phone"
	AddressEmail    Address = "email"
	AddressCustomer Address = "customer" // only the id, for hand-over files
)

// Channel is one configured way to customers.
type Channel struct {
	Name    string
	Address Address
	// Idempotent channels deliver a key once, however often it is sent.
	Idempotent bool
	Sender     Sender
}

// Outcome says what may be done after a failed attempt.
type Outcome string

// The outcomes of a failed attempt.
const (
	// OutcomeRejected was certainly not taken and never will be.
	OutcomeRejected Outcome = "rejected"
	// OutcomeRetry was certainly not taken and may be tried again.
	OutcomeRetry Outcome = "retry"
	// OutcomeUnknown may have been taken: only an idempotent channel may try
	// again.
	OutcomeUnknown Outcome = "unknown"
)

// SendError is why an attempt failed. Its text has neither the message nor the
// address in it.
type SendError struct {
	Outcome Outcome
	// RetryAfter is what the channel asked for; zero when it did not.
	RetryAfter time.Duration
	Err        error
}

// Error says the outcome and the cause.
func (e *SendError) Error() string { return fmt.Sprintf("%s: %v", e.Outcome, e.Err) }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// Delivery is what a gateway reports later of a message it took.
type Delivery struct {
	Key       string // either of Key and Reference is set
	Reference string
	Delivered bool
	Reason    string // why not
	At        time.Time
}

// Reply is what a customer answered.
type Reply struct {
	From string // phone or address
	Text string
	At   time.Time
}
