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
}

// The channels of what a person said without a letter.
const (
	Spoken    = "phone"
	AtCounter = "counter"
)

// Talk keeps conversations; nothing of them is changed or taken away.
type Talk interface {
	// AddMessage appends a message and its audit entry. CodeNotFound is an
	// unknown case, CodeConflict a Key that is there already.
	AddMessage(ctx context.Context, m Message, e triage.AuditEntry) (int64, error)
	// Messages returns the conversation of a case, oldest first.
	Messages(ctx context.Context, id triage.ComplaintID) ([]Message, error)
}
