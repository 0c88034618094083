package mailbox

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Intake is the part of triage.Service that mails go to.
type Intake interface {
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
}

// Ledger remembers which mails were taken.
type Ledger interface {
	// LastMail returns the highest UID that was taken from a box under a
	// UIDVALIDITY, 0 for none.
	LastMail(ctx context.Context, box string, validity uint32) (uid uint32, err error)
	// TakenMail returns the case of a mail that was taken before, from any box,
	// "" when it was ignored; found is false for a mail that is new.
	TakenMail(ctx context.Context, key string) (id triage.ComplaintID, found bool, err error)
	// MailCases returns the cases of mails by the hash of their Message-ID;
	// those that are unknown, or belong to no case, are left out.
	MailCases(ctx context.Context, hashes []string) (map[string]triage.ComplaintID, error)
	// LetterCases returns the cases that letters of ours were about, by key.
	LetterCases(ctx context.Context, keys []string) (map[string]triage.ComplaintID, error)
	// RecordMail marks a mail as taken; a mail that is marked stays as it is.
	RecordMail(ctx context.Context, e Entry) error
}

// Entry is what became of one mail.
type Entry struct {
	Box      string
	Validity uint32
	UID      uint32
	// Key follows from what the mail holds: two copies have the same.
	Key string
	// Message is the SHA-256 of the Message-ID in hex, "" without one.
	Message string
	Outcome Outcome
	// Reason is why it was ignored.
	Reason string
	// Case is "" for a mail that was ignored.
	Case triage.ComplaintID
	At   time.Time
}

// Outcome is what a mail was to us.
type Outcome string

// The outcomes.
const (
	// Complaint is a mail that became a case.
	Complaint Outcome = "complaint"
	// Message is an answer on a case that there is.
	Message Outcome = "message"
	// Duplicate is a mail that was taken before, from another mailbox say.
	Duplicate Outcome = "duplicate"
	// Ignored is a mail for which nobody has to do anything; Entry.Reason says why.
	Ignored Outcome = "ignored"
)

// Desk is told what customers write about cases that there are.
type Desk interface {
	// Hear keeps the message once, whatever the number of calls with one key,
	// lets a case go on that waits for its customer, and takes a closed one up
	// again when Reopen is set. CodeNotFound is an unknown case.
	Hear(ctx context.Context, s Said) error
}

// Said is one message of a customer about a case.
type Said struct {
	Case triage.ComplaintID
	// Key is the same for every attempt: at most 64 ASCII characters.
	Key     string
	Channel triage.Channel
	Text    string
	At      time.Time
	// Reopen asks for a closed case to be taken up again.
	Reopen bool
}
