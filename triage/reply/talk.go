package reply

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Direction says who spoke.
type Direction string

// The directions of a message.
const (
	In  Direction = "in"  // the customer
	Out Direction = "out" // we
)

// State says whether a message has been said.
type State string

// The states of a message.
const (
	// StateSaid is what was said, and a letter that went out.
	StateSaid State = ""
	// StateSending is a letter that is on its way to the postman, or was when its
	// process died.
	StateSending State = "sending"
	// StateUnclear is a letter that may have gone out, or not: nobody sends it again
	// without asking the customer.
	StateUnclear State = "unclear"
)

// Message is one thing that was said about a case.
type Message struct {
	ID        int64
	Complaint triage.ComplaintID
	Direction Direction
	// Channel is the way a letter took, or Spoken or AtCounter.
	Channel string
	// Text of ours has its personal data masked. What a customer said is whole:
	// whoever shows it masks it.
	Text string
	By   string
	At   time.Time
	// Key is that of the letter, "" when nothing was sent.
	Key string
	// Solution is the id of the one that it offers, "" for none.
	Solution string
	State    State
}

// The channels of what a person said without a letter.
const (
	Spoken    = "phone"
	AtCounter = "counter"
)

// Talk keeps conversations; nothing that was said is changed or taken away.
type Talk interface {
	// AddMessage appends a message and its audit entry. CodeNotFound is an
	// unknown case, CodeConflict a Key that is there already. When it returns a
	// message of StateSending has reached the disk, and of all callers this one
	// alone may send it.
	AddMessage(ctx context.Context, m Message, e triage.AuditEntry) (int64, error)
	// SettleMessage stores Channel and State of a message that is being sent,
	// with its audit entry, or returns false when it is not any more.
	SettleMessage(ctx context.Context, m Message, e triage.AuditEntry) (bool, error)
	// DropMessage takes away a message that is being sent, because it did not go
	// out, with its audit entry; it may then be sent again.
	DropMessage(ctx context.Context, id int64, e triage.AuditEntry) error
	// Messages returns the conversation of a case, oldest first.
	Messages(ctx context.Context, id triage.ComplaintID) ([]Message, error)
}

// Loose finds what was begun and not brought to its end.
type Loose interface {
	// StrandedMessages returns those that have been sending since before a time.
	StrandedMessages(ctx context.Context, before time.Time, limit int) ([]Message, error)
	// UnfollowedMessages returns answers of ours after which MessageFollowed was
	// not called yet, oldest first.
	UnfollowedMessages(ctx context.Context, limit int) ([]Message, error)
	// MessageFollowed notes that everything that follows from an answer was done.
	MessageFollowed(ctx context.Context, id int64) error
}

// Store is everything that a database keeps for this package.
type Store interface {
	Talk
	Loose
}
